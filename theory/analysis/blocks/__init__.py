"""The analysis of a log by blocks of contexts and of items, each of which fits into memory by itself."""
