"""From contexts x items to PPMI: M_ij = max(0, ln(N C_ij / (c_i c_j))), zero diagonal, C_ij = contexts that hold both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True, eq=False)
class PPMI:
    """`matrix` (k, k), symmetric csr_array of the kept items; `items` (k,), their columns in the interactions."""

    matrix: sparse.csr_array
    items: NDArray[np.int64]


def ppmi(interactions: Any, *, min_count: int = 2, top_k: int | None = 2000) -> PPMI:
    """Return the PPMI matrix of binary interactions."""
    x = sparse.csr_array(interactions, copy=True).astype(np.float64)
    x.sum_duplicates()
    x.eliminate_zeros()
    x.data[:] = 1.0
    occurrences = np.asarray(x.sum(axis=0)).ravel()
    counts = sparse.csr_array(x.T @ x)
    counts.setdiag(0)
    counts.data[counts.data < min_count] = 0
    counts.eliminate_zeros()
    counts.sort_indices()
    if top_k is not None and np.diff(counts.indptr).max(initial=0) > top_k:
        kept = counts.copy()
        for i in range(counts.shape[0]):
            a, b = counts.indptr[i : i + 2]
            order = np.lexsort((counts.indices[a:b], -counts.data[a:b]))
            kept.data[a + order[top_k:]] = 0
        kept.eliminate_zeros()
        counts = sparse.csr_array(kept.minimum(kept.T))
        counts.eliminate_zeros()
    m = counts.tocoo()
    pmi = np.log(x.shape[0] * m.data / (occurrences[m.coords[0]] * occurrences[m.coords[1]]))
    positive = pmi > 0
    matrix = sparse.csr_array((pmi[positive], (m.coords[0][positive], m.coords[1][positive])), shape=m.shape)
    items = np.flatnonzero(np.diff(matrix.indptr))
    return PPMI(sparse.csr_array(matrix[items][:, items]), items)
