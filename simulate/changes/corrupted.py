"""What a corruption returns, and the steps that corruptions share: a graph as a list of its edges, and back again.

A corruption takes a symmetric graph without loops, sparse or dense, and returns a new one; the graph that was given is never
changed. The size of each corruption is stated in the unit that a theorem uses: a mean degree, a share, a standard deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.sampling.csr_from_pairs import symmetric_csr


@dataclass(frozen=True, eq=False)
class Corrupted:
    """A corrupted graph and the truth about it.

    Attributes
    ----------
    graph : symmetric csr_array (n, n).
    changed : the pairs (2, m), i < j, that were added, dropped, or moved to this place.
    """

    graph: sparse.csr_array
    changed: NDArray[np.int64]


def edges_of(graph: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """Return both ends (m,), i < j, and the weights (m,) of the edges of a symmetric graph."""
    upper = sparse.coo_array(sparse.triu(graph, k=1))
    return upper.coords[0].astype(np.int64), upper.coords[1].astype(np.int64), upper.data


def ordered_pairs(i: NDArray[Any], j: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the same pairs with the smaller node first."""
    return np.minimum(i, j).astype(np.int64), np.maximum(i, j).astype(np.int64)


def symmetric_from_pairs(
    i: NDArray[np.int64], j: NDArray[np.int64], n: int, dtype: Any, weights: NDArray[Any] | None = None
) -> sparse.csr_array:
    """Return the symmetric (n, n) matrix with these weights at (i, j) and (j, i), i != j; without weights pairs are counted."""
    if weights is None:
        return symmetric_csr([i], [j], n, dtype, repeats=True)
    half = sparse.coo_array((weights.astype(dtype), (i, j)), shape=(n, n)).tocsr()
    return sparse.csr_array(half + half.T)
