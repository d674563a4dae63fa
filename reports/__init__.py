"""Figures, tables and pages, drawn from the store alone."""
