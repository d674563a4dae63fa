"""Compiled loops, each named for what it computes."""
