"""A sparse matrix times blocks of 16 vectors, again and again: entries regrouped once, so that what they meet stays in cache.

A row of the matrix meets the rows of the block at random, each a wait for memory once the block is larger than the cache. Here
the entries of a part of the rows are sorted by bands of columns whose rows of the block fill the second level of cache, and
within a band by row. Within a row the columns come in the same order as before, so that the sums have the same bits, whatever
the number of threads. The copy takes 10 or 14 bytes per entry and the time of about one product.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.compiled import compiled, in_threads

BYTES = (
    1 << 18
)  # of the block that a band of columns meets: it stays in the second level of cache beside the result
PARTS = 8  # of the rows, whatever the number of threads
Array = NDArray[Any]


def banded_product(matrix: Any, columns: int) -> Callable[[Array, Array, float], None]:
    """Return add(x, y, scale), which adds scale * matrix @ x to y in place, for a csr_array (n, m) with sorted rows.

    Parameters
    ----------
    columns : of the blocks for which the bands are made; x (m, b) and y (n, b) may have another b, C-contiguous.

    Examples
    --------
    >>> from scipy import sparse
    >>> y = np.ones((2, 1))
    >>> banded_product(sparse.csr_array([[0.0, 1.0], [2.0, 0.0]]), 1)(np.array([[3.0], [4.0]]), y, 10.0)
    >>> y.tolist()
    [[41.0], [61.0]]
    """
    n, m = matrix.shape
    width = min(max(BYTES // (columns * matrix.data.itemsize), 256), 1 << 16)
    bounds = np.searchsorted(matrix.indptr, np.linspace(0, matrix.nnz, PARTS + 1)).clip(0, n)
    bounds[0], bounds[-1] = 0, n
    rows = np.empty(matrix.nnz, np.int32 if n < 2**31 else np.int64)
    within = np.empty(matrix.nnz, np.uint16)
    weights = np.empty(matrix.nnz, matrix.dtype)
    ends = np.zeros((PARTS, -(-m // width) + 1), np.int64)

    def regroup(part: int) -> None:
        _regroup(
            matrix.indptr, matrix.indices, matrix.data, bounds[part], bounds[part + 1], width, ends[part],
            rows, within, weights,
        )  # fmt: skip

    in_threads(regroup, PARTS)

    def add(x: Array, y: Array, scale: float) -> None:
        factor = weights.dtype.type(scale)
        in_threads(lambda part: _add(ends[part], rows, within, weights, width, factor, x, y), PARTS)

    return add


@compiled(nogil=True)
def _regroup(indptr, indices, data, first, last, width, ends, rows, within, weights):  # type: ignore[no-untyped-def]
    for e in range(indptr[first], indptr[last]):
        ends[indices[e] // width + 1] += 1
    ends[0] = indptr[first]
    for k in range(1, len(ends)):
        ends[k] += ends[k - 1]
    place = ends.copy()
    for i in range(first, last):
        for e in range(indptr[i], indptr[i + 1]):
            k = indices[e] // width
            p = place[k]
            rows[p], within[p], weights[p] = i, indices[e] - k * width, data[e]
            place[k] = p + 1


@compiled(nogil=True)
def _add(ends, rows, within, weights, width, scale, x, y):  # type: ignore[no-untyped-def]
    for k in range(len(ends) - 1):
        base = k * width
        for e in range(ends[k], ends[k + 1]):
            weight, i, j = scale * weights[e], rows[e], base + within[e]
            for c in range(x.shape[1]):
                y[i, c] += weight * x[j, c]
