"""What one does to a matrix: counts, PPMI, embedding, spikes, similarity, stability, truncation, degrees."""
