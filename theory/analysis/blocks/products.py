"""The product of a symmetric matrix with a block of vectors, part by part, where neither fits into memory.

Rows of matrix and vectors are cut into parts of 2^k rows. A part of the product needs its own rows of the matrix, regrouped by
bands of columns (`theory.kernels.block_products`), and the parts of the vectors one after the other: the bands that lie in part q
of the columns meet part q of the vectors. Sums over a row run through the columns in their order, whoever makes which part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from theory.kernels.block_products import add_regrouped, band_shift, regrouped

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Slice:
    """Some rows of a part of the matrix: the rows `first` and after of the part, entries by bands of columns.

    `ends` (bands + 1,) in memory; `rows`, `within` and `weights` (m,) may be mapped from a file: a product reads each entry once.
    """

    first: int
    ends: NDArray[np.int64]
    rows: Array
    within: Array
    weights: Array


def shift_of(part_rows: int, columns: int) -> int:
    """Return the power of two that a band has columns: as in memory, and never more than a part of the vectors has rows.

    >>> shift_of(8192, 16), shift_of(256, 16)
    (13, 8)
    """
    return min(band_shift(columns), part_rows.bit_length() - 1)


def slice_of(
    first: int, lengths: NDArray[np.int64], columns: Array, weights: Array, n: int, shift: int
) -> Slice:
    """Return rows of the matrix as a slice, from the entries of each row in order of its columns, of `n`.

    Memory is about twice that of the entries.

    >>> found = slice_of(0, np.array([1, 1]), np.array([3, 0]), np.array([2.0, 2.0]), 4, 1)
    >>> found.ends.tolist(), found.rows.tolist(), found.within.tolist()
    ([0, 1, 2], [1, 0], [0, 1])
    """
    starts = np.concatenate([[0], np.cumsum(lengths)])
    matrix = sparse.csr_array((weights, columns, starts.astype(columns.dtype)), shape=(len(lengths), n))
    return Slice(first, *regrouped(matrix, 0, len(lengths), shift))


def add_part(
    slices: Sequence[Slice], vectors: Iterable[Array], part_rows: int, shift: int, scale: float, y: Array
) -> None:
    """Add scale times (a part of the matrix) @ x to y, where `vectors` are the parts of x, in order; `shift` as in `slice_of`.

    >>> piece = slice_of(0, np.array([1, 1]), np.array([3, 0]), np.array([2.0, 2.0]), 4, 1)
    >>> y = np.zeros((2, 1))
    >>> add_part([piece], [np.array([[1.0], [10.0]]), np.array([[2.0], [20.0]])], 2, 1, 1.0, y)
    >>> y.ravel().tolist()
    [40.0, 2.0]
    """
    bands = part_rows >> shift
    for q, x in enumerate(vectors):
        for one in slices:
            ends = one.ends[q * bands : (q + 1) * bands + 1]
            low, high = int(ends[0]), int(ends[-1])
            if low == high:
                continue
            entries = (np.array(array[low:high]) for array in (one.rows, one.within, one.weights))
            add_regrouped(ends - low, *entries, shift, y.dtype.type(scale), x, y[one.first :])
