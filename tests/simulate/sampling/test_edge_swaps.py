"""Double edge swaps reach every simple graph of the same degrees, all equally often."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy import sparse, stats

from simulate import degree_preserving

sys.path.append(str(Path(__file__).resolve().parents[1]))
from example_graphs import ALARM, pairs_of


def test_double_swaps_are_uniform_on_the_graphs_of_their_degrees():
    """Degrees (2, 2, 2, 1, 1) have seven simple graphs; chi-square with 6 degrees of freedom, one in a million."""
    a = np.zeros((5, 5))
    a[[0, 1, 0, 3], [1, 2, 2, 4]] = 1
    a += a.T
    seen = Counter()
    for seed in range(2100):
        null = degree_preserving(a, np.random.default_rng(seed), swaps_per_edge=20)
        seen[tuple(np.flatnonzero(np.triu(null.toarray()).ravel()))] += 1
    assert len(seen) == 7
    assert sum((count - 300) ** 2 / 300 for count in seen.values()) < 38.26


def test_swaps_reach_every_graph_of_the_same_degrees_equally_often():
    """Degrees (2, 2, 1, 1, 1, 1): all simple graphs enumerated, chi-square on 2,000 draws; false alarm 1e-6."""
    from itertools import combinations

    nodes, wanted = range(6), (2, 2, 1, 1, 1, 1)
    every = [
        edges
        for edges in combinations(list(combinations(nodes, 2)), 4)
        if tuple(sum(k in edge for edge in edges) for k in nodes) == wanted
    ]
    start = sparse.csr_array((6, 6), dtype=np.float64).tolil()
    for i, j in every[0]:
        start[i, j] = start[j, i] = 1.0
    rng = np.random.default_rng(0)
    seen = {frozenset(edges): 0 for edges in every}
    for _ in range(2000):
        seen[frozenset(pairs_of(degree_preserving(start.tocsr(), rng)))] += 1
    assert stats.chisquare(list(seen.values())).pvalue > ALARM
