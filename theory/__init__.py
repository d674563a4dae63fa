"""The analysis and its mathematics: PPMI, embedding, Spk, Theorem 3.4 both ways, and predictions."""
