"""Communities of a weighted graph without any embedding, to compare spikes with: Leiden (Traag, Waltman, van Eck 2019).

graspologic takes seconds to import and is imported by the function that needs it.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_generator, require_matrix, require_number


def leiden(graph: Any, rng: np.random.Generator, *, resolution: float = 1.0) -> NDArray[np.int64]:
    """Return the Leiden community (n,) of each node of a symmetric weighted graph, -1 for isolated nodes.

    Parameters
    ----------
    graph : (n, n) symmetric, non-negative weights, sparse or dense.
    rng : draws the seed of the algorithm.
    resolution : above 1 finds more and smaller communities.

    Raises
    ------
    ImportError
        without the optional package graspologic.
    ValueError
        for a resolution that is not above 0.
    """
    require_number(resolution, "resolution", above=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from graspologic.partition import leiden as find

        matrix = require_matrix(graph, "graph").astype(np.float64)
        seed = int(require_generator(rng).integers(1, 2**31 - 1))
        found = find(matrix, resolution=resolution, random_seed=seed, check_directed=True)
    communities = np.full(matrix.shape[0], -1, dtype=np.int64)
    for node, community in found.items():
        communities[int(node)] = community
    return communities
