"""What is the truth: models of graphs and interaction logs, with their population quantities."""
