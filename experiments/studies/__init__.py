"""Which studies need no code? TOML files, the trials that they may name, and the reader."""
