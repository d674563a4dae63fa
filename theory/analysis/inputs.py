"""Which matrices does the analysis accept? Any sparse format, arrays and networkx graphs; all become one kind of matrix.

That is a `csr_array` of floats with sorted indices and no duplicates. Errors name the entry that is wrong.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.pages import is_mapped, parts_of
from simulate.validation import require_finite, wide_csr

SMALL, LARGE = 1e-140, 1e150  # between them squares of the largest entry, and sums of them, are numbers
ROUNDING = 1e-10  # relative asymmetry that sums in another order may leave


def as_csr(matrix: Any, name: str = "matrix", dtype: Any = np.float64) -> sparse.csr_array:
    """Return `matrix` as a canonical csr_array of `dtype`; the caller's matrix is never changed.

    Raises
    ------
    ValueError
        for anything that is not two-dimensional, has no row or no column, or holds NaN or infinity.
    TypeError
        for things that are no matrix of numbers.

    Examples
    --------
    >>> as_csr(np.eye(2)).nnz
    2
    """
    networkx = sys.modules.get("networkx")
    if networkx is not None and isinstance(matrix, networkx.Graph):
        matrix = networkx.to_scipy_sparse_array(matrix, dtype=np.float64)
    if sparse.issparse(matrix):
        if matrix.dtype.kind not in "biuf":
            raise TypeError(f"{name} must hold real numbers; got dtype {matrix.dtype}")
        result = wide_csr(matrix, dtype, name)
    else:
        _require_no_mask(matrix, name)
        array = np.asarray(matrix)
        if array.dtype.kind not in "biuf":
            raise TypeError(
                f"{name} must be a sparse matrix, an array of numbers or a networkx graph; got {type(matrix).__name__}"
            )
        if array.ndim != 2:
            raise ValueError(f"{name} must have two dimensions; got shape {array.shape}")
        require_finite(array, name)
        result = sparse.csr_array(array.astype(dtype))
    if 0 in result.shape:
        raise ValueError(f"{name} must have at least one row and one column; got shape {result.shape}")
    if not result.has_canonical_format:
        result = result.copy()
        result.sum_duplicates()
    if not np.isfinite(result.data.sum()) and not (finite := np.isfinite(result.data)).all():
        place = int(np.argmin(finite))
        row = int(np.searchsorted(result.indptr, place, side="right") - 1)
        raise ValueError(
            f"{name} must hold finite numbers only; entry ({row}, {result.indices[place]}) is {result.data[place]}"
        )
    return result


def as_symmetric(matrix: Any, name: str = "matrix", dtype: Any = np.float64) -> sparse.csr_array:
    """Return a square symmetric matrix as a csr_array; asymmetry beyond rounding is an error that names the worst pair.

    Examples
    --------
    >>> as_symmetric([[0.0, 1.0], [2.0, 0.0]])
    Traceback (most recent call last):
    ...
    ValueError: matrix must be symmetric; entries (0, 1) and (1, 0) differ by 1
    """
    result = as_csr(matrix, name, dtype)
    if result.shape[0] != result.shape[1]:
        raise ValueError(f"{name} must be square; got shape {result.shape}")
    tolerance = max(ROUNDING, 4 * float(np.finfo(result.dtype).eps)) * float(
        np.abs(result.data).max(initial=0.0)
    )
    difference = sparse.coo_array(result - result.T)
    if difference.nnz and float(np.abs(difference.data).max()) > tolerance:
        worst = int(np.abs(difference.data).argmax())
        i, j = sorted((int(difference.coords[0][worst]), int(difference.coords[1][worst])))
        raise ValueError(
            f"{name} must be symmetric; entries ({i}, {j}) and ({j}, {i}) differ by {abs(difference.data[worst]):.4g}"
        )
    return result


def as_interactions(interactions: Any, name: str = "interactions") -> sparse.csr_array:
    """Return contexts x items as a csr_array of counts without explicit zeros.

    Examples
    --------
    >>> as_interactions([[1, 0], [-1, 2]])
    Traceback (most recent call last):
    ...
    ValueError: interactions must hold counts of at least 0; entry (1, 0) is -1
    """
    result = as_csr(interactions, name)
    for wrong, what in ((result.data < 0, "counts of at least 0"), (result.data % 1 != 0, "whole numbers")):
        if wrong.any():
            place = int(np.argmax(wrong))
            row = int(np.searchsorted(result.indptr, place, side="right") - 1)
            raise ValueError(
                f"{name} must hold {what}; entry ({row}, {result.indices[place]}) is {result.data[place]:g}"
            )
    if (result.data == 0).any():
        result = result.copy()
        result.eliminate_zeros()
    return result


def as_rows(vectors: Any, name: str = "vectors") -> NDArray[Any]:
    """Return rows of numbers as a float32 or float64 array; anything else becomes float64.

    Any type of real numbers is taken in any byte order and layout: half precision, integers, structured arrays whose fields are
    the columns; a memory-mapped file of float32 or float64 numbers stays one. Rows whose squares would overflow or vanish are
    divided by a power of two, which changes no direction and no ratio of norms; `exponent_of` says by which.

    Raises
    ------
    ValueError
        for an array that is not a matrix with rows and columns, or in which values are masked.
    TypeError
        for anything but real numbers.

    Examples
    --------
    >>> as_rows([[1, 2], [3, 4]]).dtype
    dtype('float64')
    >>> as_rows(np.array([(1.0, 2.0)], dtype=[("x", ">f4"), ("y", "f2")])).tolist()
    [[1.0, 2.0]]
    """
    if sparse.issparse(vectors):
        raise TypeError(
            f"{name} must be a dense array of numbers; got a sparse one (its .toarray() is dense)"
        )
    _require_no_mask(vectors, name)
    rows = vectors if is_mapped(vectors) else np.asarray(vectors)
    if rows.dtype.names and all(rows.dtype[field].base.kind in "biuf" for field in rows.dtype.names):
        from numpy.lib.recfunctions import structured_to_unstructured

        rows = structured_to_unstructured(rows)
    if rows.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array of real numbers; got dtype {rows.dtype}")
    if rows.ndim != 2 or not rows.size:
        raise ValueError(
            f"{name} must be a matrix with at least one row and one column; got shape {rows.shape}"
        )
    if rows.dtype not in (np.float32, np.float64):
        wide = rows.astype(np.float64)
        if not np.isfinite(wide).all() and np.isfinite(rows).all():
            raise ValueError(f"{name} must hold numbers below 1.8e308 in magnitude; got larger ones")
        rows = wide
    exponent = exponent_of(rows)
    return np.ldexp(rows, -exponent) if exponent else rows


def exponent_of(vectors: NDArray[Any]) -> int:
    """Return the power of two by which `as_rows` divides: 0 unless squares of the largest entry overflow or vanish.

    >>> exponent_of(np.array([[1.0, 3.0]])), exponent_of(np.array([[1e200, 0.0]]))
    (0, 664)
    """
    if vectors.dtype.kind != "f" or vectors.dtype.itemsize < 8:
        return 0
    largest = 0.0
    for part in parts_of(vectors):
        rows = vectors[part]
        largest = max(largest, float(rows.max()), -float(rows.min()))  # NaN is refused elsewhere
    if largest == 0.0 or not np.isfinite(largest) or SMALL < largest < LARGE:
        return 0
    return int(np.frexp(largest)[1]) - 1


def _require_no_mask(array: Any, name: str) -> None:
    if isinstance(array, np.ma.MaskedArray) and np.any(array.mask):
        raise ValueError(f"{name} must have a number everywhere; got an array with masked values")


def of_unit_scale(rows: NDArray[Any]) -> NDArray[np.float64]:
    """Return the rows in float64, divided by their largest entry, so that squares neither overflow nor vanish.

    >>> of_unit_scale(np.array([[0.0, 1e-200], [4e-200, 0.0]])).tolist()
    [[0.0, 0.25], [1.0, 0.0]]
    """
    wide = np.asarray(rows, dtype=np.float64)
    largest = float(np.abs(wide).max(initial=0.0))
    return wide / largest if largest > 0 else wide
