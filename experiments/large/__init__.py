"""The analysis of a log that is larger than memory: its steps, the files that they leave, and who runs them."""
