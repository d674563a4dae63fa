"""What does one do to a matrix? Counts, PPMI, embedding, spikes, similarity, stability, truncation and degrees."""
