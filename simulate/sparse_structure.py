"""Is a sparse matrix from outside sound, before compiled code follows its indices?

SciPy does not check the indices of a matrix that is built from arrays, and compiled loops read whatever an index points to. Here
every index is checked once: whole numbers, inside of the matrix, rows that begin where the one before ends, one value per entry.
The result is a matrix object of its own on the same arrays, so that nothing is believed about their order either.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

COMPRESSED = ("csr", "csc", "bsr")


def require_sound(matrix: Any, name: str = "matrix") -> Any:
    """Return a SciPy array of the same entries whose indices are all inside of it; only indices of odd types are copied.

    Formats other than CSR, CSC, BSR and COO become COO. Time O(entries), memory O(1).

    Raises
    ------
    ValueError
        for an index that is no whole number or outside of the matrix, rows that do not follow one another, or another number
        of values than of indices; the first wrong index is named.

    Examples
    --------
    >>> a = sparse.csr_array(np.eye(2))
    >>> a.indices[1] = 7
    >>> require_sound(a, "graph")
    Traceback (most recent call last):
    ...
    ValueError: graph must have columns from 0 to 1; entry 1 is in column 7
    """
    if matrix.ndim != 2:
        raise ValueError(f"{name} must be a matrix of two dimensions; got shape {matrix.shape}")
    if matrix.format == "lil" and any(map(_differ, matrix.rows, matrix.data)):
        raise ValueError(f"{name} must have one value for each index; a row of its lists has not")
    if matrix.format not in (*COMPRESSED, "coo"):
        matrix = sparse.coo_array(matrix)
    shape = tuple(int(side) for side in matrix.shape)
    if matrix.format == "coo":
        rows, columns = (_whole(index, name) for index in matrix.coords)
        require_coordinates(rows, columns, len(matrix.data), shape, name)
        return sparse.coo_array((matrix.data, (rows, columns)), shape=shape)
    indices, indptr = _whole(matrix.indices, name), _whole(matrix.indptr, name)
    block = matrix.data.shape[1:] if matrix.format == "bsr" else ()
    require_compressed(matrix.format, matrix.data, indices, indptr, shape, name)
    if not block:
        build = sparse.csr_array if matrix.format == "csr" else sparse.csc_array
        return build((matrix.data, indices, indptr), shape=shape)
    return sparse.bsr_array((matrix.data, indices, indptr), shape=shape, blocksize=block)


def require_compressed(
    kind: str,
    data: NDArray[Any],
    indices: NDArray[Any],
    indptr: NDArray[Any],
    shape: tuple[int, ...],
    name: str,
) -> None:
    """Raise a `ValueError` unless the arrays are a sound matrix of `kind` csr, csc or bsr.

    >>> require_compressed("csr", np.ones(1), np.array([0]), np.array([0, 2]), (1, 1), "graph")
    Traceback (most recent call last):
    ...
    ValueError: graph must have one value and one index for each of 2 entries; got 1 and 1
    """
    for what, array, dimensions in (
        ("values", data, 3 if kind == "bsr" else 1),
        ("indices", indices, 1),
        ("indptr", indptr, 1),
    ):
        if array.ndim != dimensions:
            raise ValueError(f"{name} must have {what} of {dimensions} dimension(s); got shape {array.shape}")
    sides = list(shape)
    if kind == "bsr":
        if 0 in data.shape[1:] or shape[0] % data.shape[1] or shape[1] % data.shape[2]:
            raise ValueError(
                f"{name} must have blocks that divide its shape; got shape {shape}, blocks {data.shape[1:]}"
            )
        sides = [shape[0] // data.shape[1], shape[1] // data.shape[2]]
    lines, across = sides[::-1] if kind == "csc" else sides
    line, other = ("column", "rows") if kind == "csc" else ("row", "columns")
    if indptr.size != lines + 1:
        raise ValueError(
            f"{name} must have an indptr of length {lines + 1}, its {line}s + 1; got {indptr.size}"
        )
    for what, array in (("indices", indices), ("indptr", indptr)):
        if array.dtype.kind not in "iu":
            raise ValueError(f"{name} must have whole numbers as {what}; got dtype {array.dtype}")
    if int(indptr[0]) != 0:
        raise ValueError(f"{name} must have an indptr that begins with 0; got {int(indptr[0])}")
    if (indptr[1:] < indptr[:-1]).any():
        at = int(np.argmax(indptr[1:] < indptr[:-1]))
        raise ValueError(f"{name} must have an indptr that never falls; it does after {line} {at}")
    entries = int(indptr[-1])
    if not entries <= len(indices) == len(data):
        raise ValueError(
            f"{name} must have one value and one index for each of {entries} entries; "
            f"got {len(data)} and {len(indices)}"
        )
    _require_inside(indices[:entries], across, other, name)


def require_coordinates(
    rows: NDArray[Any], columns: NDArray[Any], entries: int, shape: tuple[int, ...], name: str
) -> None:
    """Raise a `ValueError` unless there is a row and a column inside of `shape` for each of the `entries`.

    >>> require_coordinates(np.array([0]), np.array([-1]), 1, (2, 2), "graph")
    Traceback (most recent call last):
    ...
    ValueError: graph must have columns from 0 to 1; entry 0 is in column -1
    """
    for what, index, side in (("rows", rows, shape[0]), ("columns", columns, shape[1])):
        if index.shape != (entries,):
            raise ValueError(f"{name} must have {what} for {entries} entries; got shape {index.shape}")
        if index.dtype.kind not in "iu":
            raise ValueError(f"{name} must have whole numbers as {what}; got dtype {index.dtype}")
        _require_inside(index, side, what, name)


def _require_inside(index: NDArray[Any], side: int, what: str, name: str) -> None:
    if index.size and (int(index.min()) < 0 or int(index.max()) >= side):
        wrong = (index < 0) | (index >= side)
        at = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must have {what} from 0 to {side - 1}; entry {at} is in {what[:-1]} {int(index[at])}"
        )


def _differ(indices: list[int], values: list[Any]) -> bool:
    return len(indices) != len(values)


def _whole(index: Any, name: str) -> NDArray[Any]:
    """Return indices in a type that compiled code takes; numbers that are not whole are refused, not cut."""
    array = np.asarray(index)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name} must have whole numbers as indices; got dtype {array.dtype}")
    if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        raise ValueError(f"{name} must have indices below 2^63; got {int(array.max())}")
    native = array.dtype.isnative and array.dtype in (np.int32, np.int64)
    return array if native else array.astype(np.int64)
