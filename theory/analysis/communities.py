"""Which communities has a weighted graph, without any embedding? Leiden (Traag, Waltman, van Eck 2019), to compare spikes with.

The algorithm is graspologic-native's, the compiled part of graspologic that needs nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_generator, require_matrix, require_number

ITERATIONS = 5  # each starts from the communities of the one before; further ones hardly raise the modularity


def leiden(graph: Any, rng: np.random.Generator, *, resolution: float = 1.0) -> NDArray[np.int64]:
    """Return the Leiden community (n,) of each node of a symmetric weighted graph, -1 for isolated nodes.

    The communities maximise modularity at the resolution. Time grows with the number of stored numbers.

    Parameters
    ----------
    graph : (n, n) symmetric, non-negative weights, sparse or dense.
    rng : draws the seed of the algorithm.
    resolution : above 1 finds more and smaller communities.

    Raises
    ------
    ValueError
        for a graph that is not square and symmetric, a negative weight, or a resolution that is not above 0.

    Examples
    --------
    >>> two = np.kron(np.eye(2), np.ones((4, 4))) - np.eye(8)
    >>> found = leiden(two, np.random.default_rng(0))
    >>> len(set(found[:4].tolist())), len(set(found.tolist()))
    (1, 2)
    """
    from graspologic_native import leiden_csr  # only here: it is a compiled library, which nothing else needs

    require_number(resolution, "resolution", above=0)
    matrix = require_matrix(graph, "graph").astype(np.float64)
    matrix.eliminate_zeros()
    if matrix.shape[0] != matrix.shape[1] or (matrix != matrix.T).nnz:
        raise ValueError(f"graph must be a symmetric matrix; got one of shape {matrix.shape} that is not")
    if matrix.nnz and matrix.data.min() < 0:
        raise ValueError(f"graph must have no negative weight; the least is {matrix.data.min():g}")
    seed = int(require_generator(rng).integers(1, 2**31 - 1))
    communities = np.full(matrix.shape[0], -1, dtype=np.int64)
    if not matrix.nnz:
        return communities
    matrix.sort_indices()
    _, found = leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data,
        matrix.shape[0],
        resolution=resolution,
        iterations=ITERATIONS,
        seed=seed,
    )
    joined = np.diff(matrix.indptr) > 0
    nodes = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
    communities[nodes] = np.fromiter(found.values(), dtype=np.int64, count=len(found))
    communities[~joined] = -1
    return communities
