"""A sparse matrix times a block of vectors, with the part of the block that is in use kept in the processor's cache.

A row of the matrix meets the rows of the block at random, and each is a wait for memory once the block is larger than the cache.
Here the entries of a part of the rows are regrouped: sorted by bands of columns whose rows of the block fill the second level of
cache, and within a band by row. A part has so few rows that their result stays in the third level. Within a row the columns
come in the same order as before, so that the sums have the same bits as SciPy's, whatever the number of threads.

There is one loop and two ways to call it. `banded_product` keeps the regrouped copy, for a matrix that is multiplied again and
again, as an eigensolver does; `times_block` regroups, multiplies and forgets one part after the other, for a single product, and
leaves a block that fits one band to SciPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.compiled import compiled, in_threads, thread_count

BAND = 1 << 17  # numbers of the block that a band of columns meets: half a megabyte, or one in float64
RESULT = 1 << 23  # bytes of the result that a part of the rows has
ONCE = 1 << 22  # entries of a part that is regrouped for one product
Array = NDArray[Any]
Part = tuple[
    Array, Array, Array, Array
]  # ends of the bands (bands + 1,); row, column within its band, weight of each entry


def banded_product(matrix: Any, columns: int) -> Callable[[Array, Array, float], None]:
    """Return add(x, y, scale), which adds scale * matrix @ x to y in place, for a csr_array (n, m).

    The copy takes 10 or 14 bytes per entry and the time of about two products with 16 columns.

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
    shift = band_shift(columns)
    bounds = _bounds(matrix, max(thread_count(), _parts_in_cache(matrix, columns, matrix.dtype)))
    parts = in_threads(lambda p: regrouped(matrix, bounds[p], bounds[p + 1], shift), len(bounds) - 1)

    def add(x: Array, y: Array, scale: float) -> None:
        factor = x.dtype.type(scale)
        in_threads(lambda p: add_regrouped(*parts[p], shift, factor, x, y), len(parts))

    return add


def times_block(matrix: Any, block: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return matrix @ block (n, b) for a csr_array (n, m) of any precision and float64 vectors (m, b).

    Time is of order nnz x b; memory is the result and 10 or 14 bytes for each of the four million entries of a part, per thread.

    >>> from scipy import sparse
    >>> times_block(sparse.csr_array(np.eye(2, dtype=np.float32)), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    columns = block.shape[1]
    shift = band_shift(columns)
    if len(block) <= 1 << shift:  # it is in cache anyway
        return np.asarray(matrix @ block)
    block, result = np.ascontiguousarray(block), np.zeros((matrix.shape[0], columns))
    bounds = _bounds(matrix, max(_parts_in_cache(matrix, columns, result.dtype), -(-matrix.nnz // ONCE)))

    def work(p: int) -> None:
        add_regrouped(*regrouped(matrix, bounds[p], bounds[p + 1], shift), shift, 1.0, block, result)

    in_threads(work, len(bounds) - 1)
    return result


def band_shift(columns: int) -> int:
    """Return the power of two that a band has columns of the matrix; their numbers within it are stored in 16 bits."""
    return int(np.clip((BAND // max(columns, 1)).bit_length() - 1, 8, 16))


def _parts_in_cache(matrix: Any, columns: int, dtype: Any) -> int:
    return max(-(-int(matrix.shape[0]) * columns * np.dtype(dtype).itemsize // RESULT), 1)


def _bounds(matrix: Any, parts: int) -> NDArray[np.int64]:
    """The rows (parts + 1,) at which parts of about as many entries begin and end."""
    bounds = np.searchsorted(matrix.indptr, np.linspace(0, matrix.nnz, parts + 1)).clip(0, matrix.shape[0])
    bounds[0], bounds[-1] = 0, matrix.shape[0]
    return np.asarray(bounds, np.int64)


def regrouped(matrix: Any, first: int, last: int, shift: int) -> Part:
    """Return the entries of the rows first..last of a csr_array, by bands of two to the power `shift` columns.

    >>> from scipy import sparse
    >>> ends, rows, within, weights = regrouped(sparse.csr_array([[1.0, 2.0, 3.0], [4.0, 0.0, 0.0]]), 0, 2, 1)
    >>> ends.tolist(), rows.tolist(), within.tolist(), weights.tolist()
    ([0, 3, 4], [0, 0, 1, 0], [0, 1, 0, 0], [1.0, 2.0, 4.0, 3.0])
    """
    count = int(matrix.indptr[last] - matrix.indptr[first])
    ends = np.zeros(-(-matrix.shape[1] >> shift) + 1, np.int64)
    rows = np.empty(count, np.int32 if matrix.shape[0] < 2**31 else np.int64)
    within, weights = np.empty(count, np.uint16), np.empty(count, matrix.dtype)
    _regroup(matrix.indptr, matrix.indices, matrix.data, first, last, shift, ends, rows, within, weights)
    return ends, rows, within, weights


@compiled(nogil=True)
def _regroup(indptr, indices, data, first, last, shift, ends, rows, within, weights):  # type: ignore[no-untyped-def]
    for e in range(np.uint64(indptr[first]), np.uint64(indptr[last])):
        ends[(indices[e] >> shift) + 1] += 1
    for k in range(1, len(ends)):
        ends[k] += ends[k - 1]
    place = ends.copy()
    for i in range(first, last):
        for e in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
            k = indices[e] >> shift
            p = np.uint64(place[k])
            rows[p], within[p], weights[p] = i, indices[e] - (k << shift), data[e]
            place[k] += 1


# LLVM makes one or a few vector instructions of 16 columns where it sees that the innermost loop has at most 16 steps; of a plain
# range over the columns it expects many more steps, and takes 16 of them one by one. Unsigned indices need no test for -1.
@compiled(nogil=True)
def add_regrouped(ends, rows, within, weights, shift, scale, x, y):  # type: ignore[no-untyped-def]
    """Add scale * (the regrouped entries) @ x to y (n, b); x (m, b) begins at the first of the bands."""
    columns = np.uint64(x.shape[1])
    few, is_narrow = np.uint64(min(x.shape[1], 16)), x.shape[1] <= 16
    of_x, of_y = x.reshape(-1), y.reshape(-1)
    for k in range(len(ends) - 1):
        base = np.uint64(k << shift)
        for e in range(np.uint64(ends[k]), np.uint64(ends[k + 1])):
            weight = scale * weights[e]
            i, j = np.uint64(rows[e]) * columns, (base + np.uint64(within[e])) * columns
            if is_narrow:
                for c in range(few):
                    of_y[i + c] += weight * of_x[j + c]
            else:
                for c in range(columns):
                    of_y[i + c] += weight * of_x[j + c]
