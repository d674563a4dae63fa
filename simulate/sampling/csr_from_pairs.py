"""From lists of pairs to a CSR matrix by counting, in pieces that fit the cache.

Writing each entry straight to its row touches memory at random, which costs far more than the arithmetic. So one pass over the
list divides the entries among at most `BANDS` bands of consecutive rows; both directions of an undirected graph come from the
one list. Each band then fits a core's cache and is sorted there by row and column (radix sort: count the digits, sum the
offsets, move). The most memory in use is the list, the indices, and two bytes for each entry.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.compiled import compiled, in_threads

BANDS = 256  # at most: more places to write to than a core's first cache has lines would be slow
ENTRIES_OF_A_BAND = 2**16  # fewer are not worth a band
MOST_ROWS = 16  # bits that a row's place within its band may have
PARALLEL = 50_000  # pairs from which threads repay their start


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


def upper_entries(matrix: sparse.csr_array) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return rows, columns and values of the entries on and above the diagonal, row by row."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    upper = matrix.indices >= rows
    return rows[upper], matrix.indices[upper], matrix.data[upper]


def with_upper_values(matrix: sparse.csr_array, values: NDArray[Any]) -> sparse.csr_array:
    """Give a symmetric matrix with sorted indices these values, one for each of `upper_entries`; entries of 0 are left out.

    >>> pair = sparse.csr_array(np.array([[0.0, 1.0], [1.0, 1.0]]))
    >>> with_upper_values(pair, np.array([2.5, 4.0])).toarray().tolist()
    [[0.0, 2.5], [2.5, 4.0]]
    """
    data = np.empty(matrix.nnz, values.dtype)
    _mirror(matrix.indptr, matrix.indices, values, matrix.indptr[:-1].copy(), data)
    weighted = sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
    weighted.eliminate_zeros()
    return weighted


def _finish(
    rows: list[NDArray[Any]],
    columns: list[NDArray[Any]],
    shape: tuple[int, int],
    dtype: DTypeLike,
    repeats: bool,
    both: bool,
) -> sparse.csr_array:
    indptr, indices = _sorted(rows, columns, shape, both)
    if repeats:
        data, indices, indptr = _merge(indptr, indices, np.dtype(dtype).type(1))
    else:
        data = np.ones(indices.size, dtype=dtype)
    matrix = sparse.csr_array((data, indices, indptr.astype(indices.dtype)), shape=shape, copy=False)
    matrix.has_sorted_indices = True
    matrix.has_canonical_format = True
    return matrix


def _sorted(
    rows: list[NDArray[Any]], columns: list[NDArray[Any]], shape: tuple[int, int], both: bool
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return where the rows begin (n + 1,), and the columns of all entries by row and column."""
    pairs = sum(len(i) for i in rows)
    parts = 2 if pairs > PARALLEL else 1
    lists = [(rows[part::parts], columns[part::parts]) for part in range(parts)]
    rows.clear()
    columns.clear()
    shift = _bits_within_a_band(shape[0], 2 * pairs if both else pairs)
    bands = max(shape[0] - 1, 0) // 2**shift + 1
    counts = np.zeros((parts, bands), np.int64)

    def count(part: int) -> None:
        for i, j in zip(*lists[part]):
            _count(i, j, shift, both, counts[part])

    in_threads(count, parts)
    starts = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    total = int(starts[-1])
    places = np.empty(total, np.uint16)
    indices = np.empty(total, np.int32 if max(total, *shape) < 2**31 else np.int64)
    # within its share of a band each part writes where the part before it ends
    cursors = starts[:-1] + np.cumsum(counts, axis=0) - counts

    def divide(part: int) -> None:
        i, j = lists[part]
        while i:  # what has been written need not be kept
            _divide(i.pop(), j.pop(), shift, both, cursors[part], places, indices)

    in_threads(divide, parts)
    indptr = np.zeros(shape[0] + 1, np.int64)
    digit = (int(shape[1]).bit_length() + 1) // 2
    pieces = min(bands, 8 * parts)
    bounds = np.linspace(0, bands, pieces + 1).astype(np.int64)

    def order(piece: int) -> None:
        _order(places, indices, starts, bounds[piece], bounds[piece + 1], shift, digit, indptr)

    in_threads(order, pieces)
    return indptr, indices


def _bits_within_a_band(n_rows: int, entries: int) -> int:
    """Return how many bits a row's place within its band has, so that there are neither too many nor too small bands."""
    bands = min(max(entries // ENTRIES_OF_A_BAND, 1), BANDS)
    return min(max(-(-n_rows // bands) - 1, 0).bit_length(), MOST_ROWS)


@compiled(nogil=True)
def _count(rows, columns, shift, both, counts):  # type: ignore[no-untyped-def]
    """Add to counts (bands,) the entries of each band: with `both`, of both directions, loops once."""
    for e in range(rows.size):
        counts[rows[e] >> shift] += 1
        if both and rows[e] != columns[e]:
            counts[columns[e] >> shift] += 1


@compiled(nogil=True)
def _divide(rows, columns, shift, both, cursor, places, partners):  # type: ignore[no-untyped-def]
    """Write each entry to its band, from `cursor` on: its row's place within the band, and its column."""
    within = (1 << shift) - 1
    for e in range(rows.size):
        i, j = rows[e], columns[e]
        at = cursor[i >> shift]
        cursor[i >> shift] += 1
        places[at], partners[at] = i & within, j
        if both and i != j:
            at = cursor[j >> shift]
            cursor[j >> shift] += 1
            places[at], partners[at] = j & within, i


@compiled(nogil=True)
def _order(places, partners, starts, first, last, shift, digit, indptr):  # type: ignore[no-untyped-def]
    """Sort the entries of bands first..last by row and column, in place, and enter the ends of their rows in indptr.

    By the lower `digit` bits of the column, the upper ones, then the row: each move keeps the order of the one before.
    """
    room = 0
    for band in range(first, last):
        room = max(room, starts[band + 1] - starts[band])
    moved_places, moved = np.empty(room, places.dtype), np.empty(room, partners.dtype)
    lower, upper = np.empty((1 << digit) + 1, np.int64), np.empty((1 << digit) + 1, np.int64)
    row = np.empty((1 << shift) + 1, np.int64)
    mask = (1 << digit) - 1
    for band in range(first, last):
        place, partner = places[starts[band] : starts[band + 1]], partners[starts[band] : starts[band + 1]]
        lower[:], upper[:], row[:] = 0, 0, 0
        for e in range(place.size):
            lower[(partner[e] & mask) + 1] += 1
            upper[(partner[e] >> digit) + 1] += 1
            row[place[e] + 1] += 1
        for k in range(1, lower.size):
            lower[k] += lower[k - 1]
            upper[k] += upper[k - 1]
        for k in range(1, row.size):
            row[k] += row[k - 1]
            if (band << shift) + k < indptr.size:
                indptr[(band << shift) + k] = starts[band] + row[k]
        for e in range(place.size):
            at = lower[partner[e] & mask]
            lower[partner[e] & mask] += 1
            moved_places[at], moved[at] = place[e], partner[e]
        for e in range(place.size):
            at = upper[moved[e] >> digit]
            upper[moved[e] >> digit] += 1
            place[at], partner[at] = moved_places[e], moved[e]
        for e in range(place.size):
            at = row[place[e]]
            row[place[e]] += 1
            moved[at] = partner[e]
        for e in range(partner.size):
            partner[e] = moved[e]


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


@compiled(nogil=True)
def _mirror(indptr, indices, values, cursor, data):  # type: ignore[no-untyped-def]
    """Write each value at (i, j) and at (j, i); the entries of row j left of the diagonal come by increasing i."""
    taken = 0
    for i in range(indptr.size - 1):
        for e in range(indptr[i], indptr[i + 1]):
            j = indices[e]
            if j < i:
                continue
            data[e] = values[taken]
            if j > i:
                data[cursor[j]] = values[taken]
                cursor[j] += 1
            taken += 1
