"""What does a finding look like? Figures of claims and of embeddings, as SVG text."""
