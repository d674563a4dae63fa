"""Eigenpairs of a symmetric matrix from one end of its spectrum, with what is rounding cut away.

Small matrices are decomposed whole; of large ones ARPACK finds the eigenpairs, or a block method where a tolerance allows it
and the size repays it (`theory.analysis.largest_eigenpairs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh

from simulate.validation import require_finite
from theory.analysis.block_krylov_rounds import BLOCK, Breakdown
from theory.analysis.eigenpair_memory import require_room_for_eigenpairs
from theory.analysis.largest_eigenpairs import block_krylov, product
from theory.analysis.rounding import DENSE, near_unit_scale, numerical_rank, settled

LOOSE = {"float32": 1e-6, "float64": 1e-9}  # tolerances that the block method reaches
WORTH = 5e7  # n rank^2 from which it is the faster, as measured at ranks of 8 to 128: ARPACK orthogonalises one vector at a time
Which = Literal["LM", "LA", "SA"]  # largest magnitude, largest, smallest
Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Eigenpairs:
    """`eigenvalues` (f,), `basis` (n, f), `residuals` (f,) and `n_cut` as in `theory.Embedding`."""

    eigenvalues: Array
    basis: Array
    residuals: Array
    n_cut: int


def eigenpairs(
    matrix: Any, rank: int, rng: np.random.Generator, *, dtype: Any, tol: float, rounding: float
) -> Eigenpairs:
    """Return the `rank` eigenpairs of largest magnitude, or all that the matrix has, as `theory.embed` documents.

    Parameters
    ----------
    matrix : (n, n) symmetric csr_array or LinearOperator.
    rounding : from `theory.analysis.rounding.rounding_of`.
    """
    n = matrix.shape[0]
    operator, exponent = near_unit_scale(matrix)
    if sparse.issparse(operator) and not operator.nnz:
        return Eigenpairs(np.zeros(0, dtype), np.zeros((n, 0), dtype), np.zeros(0), rank)
    eigenvalues, basis = from_one_end(operator, rank, rng, dtype=dtype, tol=tol)
    residuals = relative_residuals(operator, eigenvalues, basis)
    f = numerical_rank(np.abs(eigenvalues), residuals, rounding)
    eigenvalues, basis, residuals = eigenvalues[:f], basis[:, :f], residuals[:f]
    basis = settled(basis, residuals, operator)
    return Eigenpairs(np.ldexp(eigenvalues, exponent), basis, residuals, rank - f)


def from_one_end(
    matrix: Any, rank: int, rng: np.random.Generator, *, dtype: Any, tol: float, which: Which = "LM"
) -> tuple[Array, Array]:
    """Return `rank` eigenvalues and eigenvectors (n, rank) of a symmetric matrix (n, n), from the outermost on.

    Examples
    --------
    >>> matrix, rng = sparse.csr_array(np.diag([1.0, -3.0, 2.0])), np.random.default_rng(0)
    >>> from_one_end(matrix, 2, rng, dtype="float64", tol=0.0, which="SA")[0]
    array([-3.,  1.])
    """
    n = matrix.shape[0]
    if n <= DENSE or rank > n // 2:
        whole = matrix.toarray() if sparse.issparse(matrix) else matrix @ np.eye(n, dtype=dtype)
        eigenvalues, basis = np.linalg.eigh(require_finite(whole, "matrix"))
    else:
        eigenvalues, basis = _iterated(matrix, rank, rng, dtype, tol, which)
    outermost = {"LM": -np.abs(eigenvalues), "LA": -eigenvalues, "SA": eigenvalues}[which]
    order = np.argsort(outermost, kind="stable")[:rank]
    return eigenvalues[order].astype(dtype), np.ascontiguousarray(basis[:, order], dtype=dtype)


def takes_blocks(n: int, rank: int, dtype: str, tol: float) -> bool:
    """Return whether the block method finds eigenpairs of largest magnitude faster than ARPACK, and to this tolerance.

    >>> takes_blocks(10**5, 64, "float64", 1e-8), takes_blocks(10**5, 64, "float64", 0.0)
    (True, False)
    """
    return tol >= LOOSE[dtype] and n * rank**2 >= WORTH and 8 * rank < n


def _iterated(
    matrix: Any, rank: int, rng: np.random.Generator, dtype: Any, tol: float, which: Which
) -> tuple[Array, Array]:
    n = matrix.shape[0]
    blocks = takes_blocks(n, rank, dtype, tol) and which == "LM"
    require_room_for_eigenpairs(n, getattr(matrix, "nnz", 0), rank, dtype, blocks=blocks)
    if blocks:
        try:
            return block_krylov(matrix, rank, rng, dtype=dtype, tol=tol)
        except Breakdown:
            pass  # a matrix of low rank, say: ARPACK handles that
    v0 = rng.standard_normal(n).astype(dtype)
    ncv = min(n, max(2 * rank + 1, 20))
    eigenvalues, basis = eigsh(matrix, rank, which=which, v0=v0, tol=tol, ncv=ncv, rng=rng)
    return eigenvalues, basis


def relative_residuals(operator: Any, eigenvalues: Array, basis: Array) -> Array:
    """Return ||A u - lambda u|| / |lambda| (f,); where lambda is 0, 0 or infinity."""
    add = product(operator)
    misses = np.empty(len(eigenvalues))
    for start in range(0, len(eigenvalues), BLOCK):
        part = slice(start, start + BLOCK)
        vectors = np.ascontiguousarray(basis[:, part])
        difference = -vectors * eigenvalues[part]
        add(vectors, difference, 1.0)
        miss = np.linalg.norm(difference, axis=0)
        size, miss = np.abs(eigenvalues[part].astype(np.float64)), miss.astype(np.float64)
        misses[part] = np.where(
            size > 0, miss / np.where(size > 0, size, 1.0), np.where(miss < 1e-300, 0.0, np.inf)
        )
    return misses
