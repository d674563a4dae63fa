"""What does a finding look like? Figures of claims and of embeddings as SVG text, by matplotlib and seaborn (extra `figures`)."""

from simulate.optional import require_extra

require_extra("figures", "drawing figures")  # here, so that whatever imports a module of this folder says it
