"""From lists of pairs to a CSR matrix by counting, which saves the sort of all entries and the copy that scipy makes.

The entries of each row are counted, the offsets summed, the columns written to their rows, and each row sorted; the two
directions of an undirected graph are written from the one list. The most memory in use is the list and the result, or twice
the result's indices.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.compiled import compiled, in_threads


def symmetric_csr(
    rows: list[NDArray[Any]], columns: list[NDArray[Any]], n: int, dtype: DTypeLike, *, repeats: bool
) -> sparse.csr_array:
    """Return the symmetric (n, n) matrix of undirected pairs, given once each in either order; loops count once.

    With `repeats` a pair that occurs several times is counted; otherwise entries are 1. The lists are empty afterwards.

    >>> symmetric_csr([np.array([0])], [np.array([2])], 3, np.float32, repeats=False).toarray().tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return _finish(rows, columns, (n, n), dtype, repeats, True)


def directed_csr(
    rows: list[NDArray[Any]],
    columns: list[NDArray[Any]],
    shape: tuple[int, int],
    dtype: DTypeLike,
    *,
    repeats: bool,
) -> sparse.csr_array:
    """Return the matrix of directed pairs (row, column); see `symmetric_csr`.

    >>> directed_csr([np.array([0, 0])], [np.array([2, 2])], (1, 3), float, repeats=True).toarray().tolist()
    [[0.0, 0.0, 2.0]]
    """
    return _finish(rows, columns, shape, dtype, repeats, False)


def _finish(
    rows: list[NDArray[Any]],
    columns: list[NDArray[Any]],
    shape: tuple[int, int],
    dtype: DTypeLike,
    repeats: bool,
    both: bool,
) -> sparse.csr_array:
    counts = np.zeros(shape[0] + 1, dtype=np.int64)
    for i, j in zip(rows, columns):
        _count(i, j, counts, both)
    indptr = np.cumsum(counts)
    total = int(indptr[-1])
    index = np.int32 if max(total, *shape) < 2**31 else np.int64
    indices = np.empty(total, dtype=index)
    # each thread writes the rows of one range and reads all pairs: the writes are what costs
    parts = 2 if total > 100_000 else 1
    bounds = np.searchsorted(indptr, np.linspace(0, total, parts + 1)).clip(0, shape[0])
    bounds[0], bounds[-1] = 0, shape[0]
    cursor = indptr[:-1].copy()
    while rows:
        i, j = rows.pop(), columns.pop()
        in_threads(partial(_scatter_range, i, j, cursor, indices, bounds, both), parts)
    if both:
        # a symmetric matrix is its own transpose, and a transpose read row by row has its columns in order
        ordered, cursor = np.empty_like(indices), indptr[:-1].copy()
        in_threads(lambda k: _transpose(indptr, indices, cursor, ordered, bounds[k], bounds[k + 1]), parts)
        indices = ordered
    else:
        in_threads(lambda k: _sort_rows(indptr, indices, bounds[k], bounds[k + 1]), parts)
    if repeats:
        data, indices, indptr = _merge(indptr, indices, np.dtype(dtype).type(1))
    else:
        data = np.ones(total, dtype=dtype)
    matrix = sparse.csr_array((data, indices, indptr.astype(index)), shape=shape, copy=False)
    matrix.has_sorted_indices = True
    matrix.has_canonical_format = True
    return matrix


@compiled(nogil=True)
def _count(rows, columns, counts, both):  # type: ignore[no-untyped-def]
    for e in range(rows.size):
        counts[rows[e] + 1] += 1
        if both and rows[e] != columns[e]:
            counts[columns[e] + 1] += 1


def _scatter_range(
    rows: NDArray[Any],
    columns: NDArray[Any],
    cursor: NDArray[np.int64],
    indices: NDArray[Any],
    bounds: NDArray[np.int64],
    both: bool,
    part: int,
) -> None:
    _scatter(rows, columns, cursor, indices, bounds[part], bounds[part + 1], both)


@compiled(nogil=True)
def _scatter(rows, columns, cursor, indices, low, high, both):  # type: ignore[no-untyped-def]
    for e in range(rows.size):
        i, j = rows[e], columns[e]
        if low <= i < high:
            indices[cursor[i]] = j
            cursor[i] += 1
        if both and low <= j < high and i != j:
            indices[cursor[j]] = i
            cursor[j] += 1


@compiled(nogil=True)
def _transpose(indptr, indices, cursor, ordered, low, high):  # type: ignore[no-untyped-def]
    for i in range(indptr.size - 1):
        for e in range(indptr[i], indptr[i + 1]):
            j = indices[e]
            if low <= j < high:
                ordered[cursor[j]] = i
                cursor[j] += 1


@compiled(nogil=True)
def _sort_rows(indptr, indices, first, last):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        indices[indptr[i] : indptr[i + 1]].sort()


@compiled(nogil=True)
def _merge(indptr, indices, one):  # type: ignore[no-untyped-def]
    data = np.full(indices.size, one)
    merged = np.empty_like(indptr)
    merged[0] = 0
    kept = 0
    for i in range(indptr.size - 1):
        start = kept
        for e in range(indptr[i], indptr[i + 1]):
            if kept > start and indices[kept - 1] == indices[e]:
                data[kept - 1] += one
            else:
                indices[kept] = indices[e]
                data[kept] = one
                kept += 1
        merged[i + 1] = kept
    return data[:kept].copy(), indices[:kept].copy(), merged
