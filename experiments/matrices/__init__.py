"""Real matrices."""
