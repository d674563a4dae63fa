"""A symmetric matrix from its entries above the diagonal.

Pairs (i, j) with i < j are counted and weighed once; this writes each a second time as (j, i), in time proportional to the
entries, rows in ranges on the threads there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.compiled import in_threads, thread_count
from theory.kernels.mirror_images import count_columns, write_mirror_images

RANGES = 8  # of rows for each thread: their places to write to stay in cache


def mirrored(upper: sparse.csr_array) -> sparse.csr_array:
    """Return upper + upper.T in float64, for `upper` (n, n) with sorted indices and entries above the diagonal only.

    Examples
    --------
    >>> mirrored(sparse.csr_array([[0, 2, 1], [0, 0, 0], [0, 0, 0]])).toarray().tolist()
    [[0.0, 2.0, 1.0], [2.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    n = upper.shape[0]
    lower: NDArray[np.int64] = np.zeros(n, np.int64)
    count_columns(upper.indices, lower)
    starts = np.concatenate([[0], np.cumsum(lower + np.diff(upper.indptr))])
    total = int(starts[-1])
    index = np.int32 if max(total, n) < 2**31 else np.int64
    columns, values = np.empty(total, index), np.empty(total)
    ranges = RANGES * thread_count() if total > 100_000 else 1
    bounds = np.searchsorted(starts, np.linspace(0, total, ranges + 1)).clip(0, n)
    bounds[0], bounds[-1] = 0, n
    entries: tuple[Any, ...] = (upper.indptr, upper.indices, upper.data, starts, lower)

    def write(k: int) -> None:
        write_mirror_images(*entries, bounds[k], bounds[k + 1], columns, values)

    in_threads(write, ranges)
    matrix = sparse.csr_array((values, columns, starts.astype(index)), shape=(n, n))
    matrix.has_canonical_format = True
    return matrix
