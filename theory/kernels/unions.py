"""Compiled loop of `theory.analysis.blocks.components`: which nodes are joined by edges, met in any pieces and order."""

from __future__ import annotations

import numpy as np

from simulate.compiled import compiled


@compiled(nogil=True)
def unite(above, first, lengths, columns):  # type: ignore[no-untyped-def]
    """Join node first + i with the columns of row i, for all rows; above (n,) leads from each node to the smallest of its set."""
    e = 0
    for i in range(len(lengths)):
        for _ in range(lengths[i]):
            a, b = np.int64(first + i), np.int64(columns[e])
            e += 1
            while above[a] != a:
                above[a] = above[above[a]]
                a = above[a]
            while above[b] != b:
                above[b] = above[above[b]]
                b = above[b]
            if a < b:
                above[b] = a
            else:
                above[a] = b


@compiled(nogil=True)
def number(above):  # type: ignore[no-untyped-def]
    """Replace each node's leader by the number of its set, in the order of their smallest nodes; return how many there are."""
    count = 0
    for i in range(len(above)):
        if above[i] == i:
            above[i] = count
            count += 1
        else:
            above[i] = above[above[i]]
    return count
