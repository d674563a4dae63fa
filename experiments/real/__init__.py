"""Real matrices analysed beside their synthetic twins and nulls."""
