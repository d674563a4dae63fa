"""Edges that ignore the communities, added to a graph: the same number everywhere, or more in some blocks than in others.

Background of mean degree d has the variance d / n per entry; the eigenvalues of this noise alone reach 2 sqrt(d).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate.changes.corrupted import Corrupted, ordered_pairs, symmetric_from_pairs
from simulate.sampling.independent_pairs import group_nodes, sample_pairs
from simulate.validation import require_array, require_labels, require_number, require_symmetric


def background_edges(graph: Any, mean_degree: float, rng: np.random.Generator) -> Corrupted:
    """Add an Erdos-Renyi graph of mean degree d: every pair of nodes gets an edge with probability d / (n - 1).

    An added edge that falls on an edge of the graph adds 1 to its weight.

    Parameters
    ----------
    graph : symmetric matrix (n, n) without loops.
    mean_degree : d, from 0 to n - 1.

    Raises
    ------
    ValueError
        for a graph that is not symmetric or has a loop, or a mean degree out of range.

    Examples
    --------
    >>> empty = sparse.csr_array((100, 100))
    >>> 300 < background_edges(empty, 8.0, np.random.default_rng(0)).changed.shape[1] < 500
    True
    """
    a = require_symmetric(graph, "graph", loops=False)
    n = a.shape[0]
    degree = require_number(mean_degree, "mean_degree", least=0, most=max(n - 1, 0))
    return _added(a, np.zeros(n, np.int64), np.array([[degree / max(n - 1, 1)]]), rng)


def block_noise(
    graph: Any, labels: ArrayLike, mean_degrees: ArrayLike, rng: np.random.Generator
) -> Corrupted:
    """Add background edges of which a node of block k gets d_k on average, loops counted: noise of different size by block.

    A pair of nodes of blocks k and l gets an edge with probability d_k d_l / S, S the sum of d over all nodes: the noise has
    rank one, as in the model of Chung and Lu (2002). Blocks with d_k = 0 get none.

    Parameters
    ----------
    graph : symmetric matrix (n, n) without loops.
    labels : (n,) blocks 0..K-1.
    mean_degrees : d (K,), at least 0.

    Raises
    ------
    ValueError
        for a graph that is not symmetric or has a loop, labels without a mean degree, or mean degrees that are negative or
        give a probability above 1.

    Examples
    --------
    >>> empty = sparse.csr_array((200, 200))
    >>> noise = block_noise(empty, np.arange(200) % 2, [0.0, 9.0], np.random.default_rng(0))
    >>> np.unique(noise.changed % 2).tolist(), 300 < noise.changed.shape[1] < 600
    ([1], True)
    """
    a = require_symmetric(graph, "graph", loops=False)
    z = require_labels(labels, "labels", a.shape[0])
    degrees = require_array(mean_degrees, "mean_degrees")
    if degrees.ndim != 1 or degrees.min(initial=0.0) < 0:
        raise ValueError(f"mean_degrees must be a vector of numbers of at least 0; got {degrees.tolist()}")
    if z.size and not 0 <= z.min() <= z.max() < degrees.size:
        raise ValueError(
            f"labels must be from 0 to {degrees.size - 1}, one for each of mean_degrees; got {z.min()} to {z.max()}"
        )
    total = float(degrees[z].sum())
    probability = np.outer(degrees, degrees) / (total if total > 0 else 1.0)
    if probability.max(initial=0.0) > 1:
        raise ValueError(
            f"mean_degrees must leave probabilities of at most 1; {degrees.max():g} gives {probability.max():.3g}, "
            f"its square over the sum of all mean degrees, {total:g}"
        )
    return _added(a, z, probability, rng)


def _added(
    a: sparse.csr_array,
    labels: NDArray[np.int64],
    probability: NDArray[np.float64],
    rng: np.random.Generator,
) -> Corrupted:
    """Add an edge to each pair with the probability (K, K) of its blocks."""
    n = a.shape[0]
    groups = group_nodes(np.ones(n), labels)
    pairs = sample_pairs(groups, groups, probability, rng, symmetric=True)
    i, j = ordered_pairs(np.concatenate(pairs.rows), np.concatenate(pairs.columns))
    return Corrupted(sparse.csr_array(a + symmetric_from_pairs(i, j, n, a.dtype)), np.stack([i, j]))
