"""Edges that are lost, and edges that join other nodes than in truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulate.changes.corrupted import Corrupted, edges_of, ordered_pairs, symmetric_from_pairs
from simulate.sampling.edge_swaps import swap_edges
from simulate.validation import require_fraction, require_generator, require_symmetric


def dropout(graph: Any, fraction: float, rng: np.random.Generator) -> Corrupted:
    """Drop each edge with its whole weight, with probability `fraction`: E[A] is scaled by 1 - `fraction`.

    `thin_graph` drops each unit of a count by itself and does not say which were dropped.

    Parameters
    ----------
    graph : symmetric matrix (n, n) without loops.
    fraction : from 0 to 1.

    Raises
    ------
    ValueError
        for a graph that is not symmetric or has a loop, or a fraction outside [0, 1].

    Examples
    --------
    >>> from scipy import sparse
    >>> ring = sparse.csr_array(np.roll(np.eye(50), 1, 0) + np.roll(np.eye(50), -1, 0))
    >>> dropped = dropout(ring, 1.0, np.random.default_rng(0))
    >>> dropped.graph.nnz, dropped.changed.shape
    (0, (2, 50))
    """
    a = require_symmetric(graph, "graph", loops=False)
    require_fraction(fraction, "fraction")
    i, j, weights = edges_of(a)
    gone = require_generator(rng).random(i.size) < fraction
    kept = symmetric_from_pairs(i[~gone], j[~gone], a.shape[0], a.dtype, weights[~gone])
    return Corrupted(kept, np.stack([i[gone], j[gone]]))


def rewire(graph: Any, fraction: float, rng: np.random.Generator) -> Corrupted:
    """Move this share of the edges by double swaps, which keep the number of neighbours of every node.

    A swap turns the edges (a, b), (c, d) into (a, d), (c, b), never into a loop or a double edge; a weight stays with the first
    end of its edge. Swaps are proposed until the share has moved, and at most 200 times per edge; in a graph where hardly any
    swap is possible fewer edges move, and `changed` tells how many. `degree_preserving` mixes all edges, as a null.

    Parameters
    ----------
    graph : symmetric matrix (n, n) without loops.
    fraction : of the edges, from 0 to 1.

    Raises
    ------
    ValueError
        for a graph that is not symmetric or has a loop, or a fraction outside [0, 1].

    Examples
    --------
    >>> from scipy import sparse
    >>> ring = sparse.csr_array(np.roll(np.eye(50), 1, 0) + np.roll(np.eye(50), -1, 0))
    >>> rewire(ring, 0.5, np.random.default_rng(0)).graph.sum(axis=0).tolist() == [2.0] * 50
    True
    """
    require_fraction(fraction, "fraction")
    a = require_symmetric(graph, "graph", loops=False)
    i, j, weights = edges_of(a)
    moved = swap_edges(i, j, 200 * i.size, a.shape[0], rng, until=round(fraction * i.size))
    i, j = ordered_pairs(i, j)
    rewired = symmetric_from_pairs(i, j, a.shape[0], a.dtype, weights)
    return Corrupted(rewired, np.stack([i[moved], j[moved]]))
