"""Which matrix of a graph is decomposed? Operators: one table, how each is solved, and what each is of a block model."""
