"""Which vectors does the truncated SVD of a symmetric matrix give to its rows? The embedding, with its signature.

M is approximated by U Lambda U', with Lambda the f eigenvalues of largest magnitude, whatever their signs. That is the
truncated SVD together with the signs that the SVD drops. Rows that the kept eigenvectors do not reach are set to 0, so that
a row without a direction has a norm of exactly 0, and dimensions beyond the rank of the matrix, whose eigenvalue is rounding
and whose vector is arbitrary, are cut (`theory.analysis.rounding`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from simulate.validation import (
    require_choice,
    require_finite,
    require_generator,
    require_integer,
    require_number,
)
from theory.analysis.inputs import as_symmetric
from theory.analysis.largest_eigenpairs import BLOCK, Breakdown, block_krylov, product
from theory.analysis.rounding import DENSE, cut_note, near_unit_scale, numerical_rank, rounding_of, settled
from theory.analysis.scalings import Scaling, scaled

LOOSE = {"float32": 1e-6, "float64": 1e-9}  # tolerances that the block method reaches
WORTH = 5e7  # n rank^2 from which it is the faster, as measured at ranks of 8 to 128: ARPACK orthogonalises one vector at a time


@dataclass(frozen=True, eq=False)
class Embedding:
    """Eigenvalues (f,) by decreasing magnitude, signs kept, and their eigenvectors `basis` (n, f).

    `residuals` (f,), ||A u - lambda u|| / |lambda|, is what the solver attained; None for an embedding made without a solver.
    `n_cut` counts the dimensions that were asked for beyond the rank of the matrix.
    """

    eigenvalues: NDArray[Any]
    basis: NDArray[Any]
    residuals: NDArray[Any] | None = None
    n_cut: int = 0

    @property
    def rank(self) -> int:
        """The number f of dimensions: what was asked for, or what the matrix has; 0 for a matrix without entries."""
        return len(self.eigenvalues)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence that says how many dimensions were cut; empty where none was."""
        return cut_note(self.rank, self.n_cut)

    @property
    def signature(self) -> NDArray[Any]:
        """The signs of the eigenvalues (f,)."""
        return np.asarray(np.sign(self.eigenvalues))

    def vectors(self, scaling: Scaling = "full", rank: int | None = None) -> NDArray[Any]:
        """Return U |Lambda|^p (n, rank), p = 0, 1/2, 1 for `unit`, `half`, `full`; the first `rank` dimensions.

        Where dimensions were cut, a rank beyond them gives all that there are.

        Raises
        ------
        ValueError
            for an unknown scaling or a rank outside 1..f, f with the dimensions that were cut.
        """
        f = self.rank
        if rank is not None:
            f = min(f, require_integer(rank, "rank", least=1, most=f + self.n_cut))
        return scaled(self.eigenvalues[:f], self.basis[:, :f], scaling)

    def __repr__(self) -> str:
        attained = ""
        if self.residuals is not None and self.rank:
            attained = f", largest relative residual {self.residuals.max():.1e}"
        cut = f", {self.n_cut} more cut: rounding" if self.n_cut else ""
        return f"Embedding(n={len(self.basis)}, f={self.rank}{attained}{cut})"


def capped_rank(rank: int, n: int) -> int:
    """Return the largest rank that a matrix of n rows can be cut to and that is not above `rank`: min(rank, n - 1).

    Rank n would cut nothing. Every analysis that lowers a rank to what a small matrix has does it here.

    Raises
    ------
    ValueError
        for a rank below 1, or fewer than two rows.

    Examples
    --------
    >>> capped_rank(64, 1000), capped_rank(64, 14)
    (64, 13)
    """
    if n < 2:
        raise ValueError(f"matrix must have at least two rows to have a truncation; got {n}")
    return min(require_integer(rank, "rank", least=1), n - 1)


def embed(
    matrix: Any,
    rank: int,
    *,
    rng: np.random.Generator | None = None,
    dtype: Literal["float32", "float64"] = "float64",
    tol: float = 0.0,
) -> Embedding:
    """Return the `rank` eigenpairs of largest magnitude of a symmetric matrix, or all that it has.

    An eigenvalue below n eps |lambda_1| (`theory.analysis.rounding.rounding_of`), or below the residual of its own pair, is
    rounding, and its vector arbitrary. Such dimensions are cut: `.rank` is what is left, `.n_cut` counts them, `.notes` says so.

    Parameters
    ----------
    matrix : (n, n) symmetric: any sparse format, an array, a networkx graph, or a LinearOperator, whose symmetry is not checked.
    rank : f, from 1 to n - 1.
    rng : draws the start vectors, and those of restarts; None takes fixed ones, so that the result is the same every time.
    dtype : of the computation and the result. float32 halves the memory; its residuals stay near 1e-6.
    tol : the largest relative residual ||A u - lambda u|| / |lambda| accepted; 0 is full accuracy. From 1e-9 on (float32: 1e-6),
        a problem with n rank^2 >= 5e7 is given to a block method, which is 1.3 to 5 times as fast. `residuals` says what
        was reached.

    The sign of a column is chosen so that its entry of largest magnitude is positive. Time grows as the number of stored
    entries times the iterations; memory is O(n f) beside the matrix.

    Raises
    ------
    ValueError
        for a matrix that is not square, symmetric beyond rounding and finite, a rank out of range, a negative tol.
    TypeError
        for an rng that is no Generator, or complex numbers.

    References
    ----------
    Lehoucq, Sorensen, Yang, "ARPACK Users' Guide", 1998 (the solver, through SciPy); `theory.analysis.largest_eigenpairs` (the
    block method).

    Examples
    --------
    >>> embedding = embed(np.array([[0.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), 2)
    >>> sorted(embedding.eigenvalues.round(12).tolist())
    [-2.0, 2.0]
    >>> float(np.abs(embedding.vectors("unit")[2]).max())
    0.0
    >>> embed(np.ones((4, 4)), 3).notes[0]
    'the matrix has rank 1 up to rounding: of 3 dimensions asked for, 2 had an eigenvalue of rounding size and were cut'
    """
    require_number(tol, "tol", least=0)
    require_choice(dtype, "dtype", ("float32", "float64"))
    start = np.random.default_rng(0) if rng is None else require_generator(rng)
    operator = matrix if isinstance(matrix, LinearOperator) else as_symmetric(matrix, dtype=dtype)
    if operator.dtype is not None and operator.dtype.kind not in "biuf":
        raise TypeError(f"matrix must hold real numbers; got a LinearOperator of {operator.dtype}")
    n = operator.shape[0]
    if operator.shape[0] != operator.shape[1]:
        raise ValueError(f"matrix must be square; got shape {operator.shape}")
    rank = require_integer(rank, "rank", least=1, most=capped_rank(n, n))
    operator, exponent = near_unit_scale(operator)
    if sparse.issparse(operator) and not operator.nnz:
        return Embedding(np.zeros(0, dtype), np.zeros((n, 0), dtype), np.zeros(0), rank)
    if n <= DENSE or rank > n // 2:
        whole = operator.toarray() if sparse.issparse(operator) else operator @ np.eye(n, dtype=dtype)
        eigenvalues, basis = np.linalg.eigh(require_finite(whole, "matrix"))
    else:
        eigenvalues, basis = _largest(operator, rank, start, dtype, tol)
    order = np.argsort(-np.abs(eigenvalues), kind="stable")[:rank]
    eigenvalues, basis = eigenvalues[order].astype(dtype), np.ascontiguousarray(basis[:, order], dtype=dtype)
    residuals = _residuals(operator, eigenvalues, basis)
    f = numerical_rank(np.abs(eigenvalues), residuals, rounding_of(matrix, n, dtype))
    eigenvalues, basis, residuals = eigenvalues[:f], basis[:, :f], residuals[:f]
    basis = settled(basis, residuals, operator)
    return Embedding(np.ldexp(eigenvalues, exponent), basis, residuals, rank - f)


def _largest(
    operator: Any, rank: int, rng: np.random.Generator, dtype: Any, tol: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The eigenpairs by the block method where a tolerance allows it and the size repays it, by ARPACK otherwise."""
    n = operator.shape[0]
    if tol >= LOOSE[dtype] and n * rank**2 >= WORTH and 8 * rank < n:
        try:
            return block_krylov(operator, rank, rng, dtype=dtype, tol=tol)
        except Breakdown:
            pass  # a matrix of low rank, say: ARPACK handles that
    v0 = rng.standard_normal(n).astype(dtype)
    ncv = min(n, max(2 * rank + 1, 20))
    eigenvalues, basis = eigsh(operator, rank, which="LM", v0=v0, tol=tol, ncv=ncv, rng=rng)
    return eigenvalues, basis


def _residuals(operator: Any, eigenvalues: NDArray[Any], basis: NDArray[Any]) -> NDArray[Any]:
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
