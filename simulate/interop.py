"""The one door to graspologic, which takes 10 s to import and is therefore imported by the function that needs it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate.validation import require_generator, require_integer


def drosophila_connectome() -> tuple[NDArray[np.int64], list[str]]:
    """Return the directed synapse counts (213, 213) of graspologic's right mushroom body and each neuron's kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from graspologic.datasets import load_drosophila_right

        weights, kinds = load_drosophila_right(return_labels=True)
    return np.asarray(weights), [str(kind) for kind in kinds]


def leiden(graph: Any, rng: np.random.Generator, *, resolution: float = 1.0) -> NDArray[np.int64]:
    """Return the Leiden community (n,) of each node of a symmetric weighted graph, -1 for isolated nodes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from graspologic.partition import leiden as find

        matrix = sparse.csr_array(graph, dtype=np.float64)
        seed = int(require_generator(rng).integers(1, 2**31 - 1))
        found = find(matrix, resolution=resolution, random_seed=seed, check_directed=True)
    communities = np.full(matrix.shape[0], -1, dtype=np.int64)
    for node, community in found.items():
        communities[int(node)] = community
    return communities


def zhu_ghodsi_elbows(eigenvalues: ArrayLike, n_elbows: int = 2) -> list[int]:
    """Return graspologic's elbows (Zhu and Ghodsi 2006) of the magnitudes of the eigenvalues given."""
    require_integer(n_elbows, "n_elbows", least=1)
    magnitudes = np.sort(np.abs(np.asarray(eigenvalues, dtype=np.float64)))[::-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from graspologic.embed import select_dimension

        elbows, _ = select_dimension(magnitudes, n_elbows=n_elbows)
    return [int(elbow) for elbow in elbows]
