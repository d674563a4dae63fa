"""Which vectors does the truncated SVD of a symmetric matrix give to its rows? The embedding, with its signature.

M is approximated by U Lambda U', with Lambda the f eigenvalues of largest magnitude, whatever their signs. That is the
truncated SVD together with the signs that the SVD drops. Rows that the kept eigenvectors do not reach are set to 0, so that
a row without a direction has a norm of exactly 0, and dimensions beyond the rank of the matrix, whose eigenvalue is rounding
and whose vector is arbitrary, are cut (`theory.analysis.rounding`). Another operator of a graph than its adjacency matrix can
take its place, such as D^-1 A (`theory.analysis.operators.table`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator

from simulate.validation import (
    require_choice,
    require_generator,
    require_integer,
    require_number,
)
from theory.analysis.eigenpairs import Eigenpairs, eigenpairs
from theory.analysis.inputs import as_symmetric
from theory.analysis.operators.graphs import checked_graph, degrees
from theory.analysis.operators.solved import solved
from theory.analysis.operators.table import ADJACENCY, require_operator
from theory.analysis.rounding import cut_note, rounding_of
from theory.analysis.scalings import Scaling, scaled
from theory.analysis.shown_spectra import plot_spectrum, spectrum_card, spectrum_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Embedding:
    """Eigenvalues (f,) by decreasing magnitude, signs kept, and their eigenvectors `basis` (n, f).

    `residuals` (f,), ||A u - lambda u|| / |lambda|, is what the solver attained; None for an embedding made without a solver.
    `n_cut` counts the dimensions that were asked for beyond the rank of the matrix.

    `operator` names what was decomposed, of `theory.OPERATORS`. Of one that is not symmetric `basis` holds right
    eigenvectors, which are not orthogonal; the eigenvalues of the Bethe Hessian come from the smallest on, and their
    residuals are relative to its norm. `n_isolated` counts the nodes without an edge, whose rows are 0, of an operator other
    than the adjacency matrix.
    """

    eigenvalues: NDArray[Any]
    basis: NDArray[Any]
    residuals: NDArray[Any] | None = None
    n_cut: int = 0
    operator: str = ADJACENCY
    n_isolated: int = 0

    @property
    def rank(self) -> int:
        """The number f of dimensions: what was asked for, or what the matrix has; 0 for a matrix without entries."""
        return len(self.eigenvalues)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that say how many dimensions were cut and how many nodes have no edge; empty where there is nothing to
        say."""
        cut = cut_note(self.rank, self.n_cut)
        if self.n_cut and self.operator == "non-backtracking":
            cut = (
                f"the non-backtracking matrix has {self.rank} real eigenvalues outside the circle that holds the others: of "
                f"{self.rank + self.n_cut} dimensions asked for, {self.n_cut} were cut",
            )
        if not self.n_isolated:
            return cut
        return (
            *cut,
            f"rows of {self.operator} are 0 for nodes without an edge: {self.n_isolated} of {len(self.basis)}",
        )

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

    def to_frame(self) -> pd.DataFrame:
        """Return one row per dimension, from 1 on: `eigenvalue` and `residual` (NaN where it is unknown)."""
        return spectrum_frame(self.eigenvalues, self.residuals, "eigenvalue")

    def plot(self, axis: Any = None) -> Any:
        """Draw the magnitudes of the eigenvalues, or where these do not fall the eigenvalues, on a matplotlib axis; return it.

        Without an axis, the current one of pyplot is taken.
        """
        title = f"{len(self.basis):,} rows in {self.rank} dimensions ({self.operator})"
        return plot_spectrum(axis, self.eigenvalues, title, "eigenvalue")

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {
            "rows n": len(self.basis),
            "dimensions f": self.rank,
            "operator": self.operator,
        }
        return spectrum_card("Embedding", facts, self.eigenvalues, self.residuals, "eigenvalue", self.notes)

    def __repr__(self) -> str:
        attained = ""
        if self.residuals is not None and self.rank:
            attained = f", largest relative residual {self.residuals.max():.1e}"
        cut = (
            f", {self.n_cut} more cut: {'rounding' if self.operator != 'non-backtracking' else 'not real'}"
            if self.n_cut
            else ""
        )
        of = f", {self.operator}" if self.operator != ADJACENCY else ""
        return f"Embedding(n={len(self.basis)}, f={self.rank}{of}{attained}{cut})"


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
    operator: str | None = None,
    rng: np.random.Generator | None = None,
    dtype: Literal["float32", "float64"] = "float64",
    tol: float = 0.0,
) -> Embedding:
    """Return the `rank` eigenpairs of largest magnitude of a symmetric matrix, or all that it has; of another operator, its own.

    An eigenvalue below n eps |lambda_1| (`theory.analysis.rounding.rounding_of`), or below the residual of its own pair, is
    rounding, and its vector arbitrary. Such dimensions are cut: `.rank` is what is left, `.n_cut` counts them, `.notes` says so.

    Parameters
    ----------
    matrix : (n, n) symmetric: any sparse format, an array, a networkx graph, or a LinearOperator, whose symmetry is not checked.
    rank : f, from 1 to n - 1.
    operator : a name of `theory.OPERATORS`, which says which eigenpairs are kept; None is "adjacency", the matrix as it is. The
        others need a graph: entries of at least 0, and for some whole numbers. Right eigenvectors v of an operator that is
        not symmetric come from the symmetric u of the same eigenvalue: "random-walk" v = D^-1/2 u, so that V' D V = I,
        "regularised-walk" v = (D + tau)^-1/2 u; those of "non-backtracking" are its nodes' part, of unit length.
    rng : draws the start vectors, and those of restarts; None takes fixed ones, so that the result is the same every time.
    dtype : of the computation and the result. float32 halves the memory; its residuals stay near 1e-6.
    tol : the largest relative residual ||A u - lambda u|| / |lambda| accepted; 0 is full accuracy. From 1e-9 on (float32: 1e-6),
        a problem with n rank^2 >= 5e7 is given to a block method, which is 1.3 to 5 times as fast. `residuals` says what
        was reached.

    The sign of a column is chosen so that its entry of largest magnitude is positive. Time grows as the number of stored
    entries times the iterations; memory is O(n f) beside the matrix, and 8 bytes per stored entry more for an operator that
    scales them. "counts" multiplies the graph by itself; "non-backtracking" takes the time of about six solves.

    Raises
    ------
    ValueError
        for a matrix that is not square, symmetric beyond rounding and finite, a rank out of range, a negative tol, an unknown
        operator, or a matrix that the operator is not defined of.
    TypeError
        for an rng that is no Generator, or complex numbers.

    References
    ----------
    Lehoucq, Sorensen, Yang, "ARPACK Users' Guide", 1998 (the solver, through SciPy); `theory.analysis.largest_eigenpairs` (the
    block method); `theory.OPERATORS` (the operators).

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
    name = ADJACENCY if operator is None else require_operator(operator)
    if name != ADJACENCY:
        a = checked_graph(matrix, name, dtype)
    else:
        a = matrix if isinstance(matrix, LinearOperator) else as_symmetric(matrix, dtype=dtype)
    if a.dtype is not None and a.dtype.kind not in "biuf":
        raise TypeError(f"matrix must hold real numbers; got a LinearOperator of {a.dtype}")
    n = a.shape[0]
    if a.shape[0] != a.shape[1]:
        raise ValueError(f"matrix must be square; got shape {a.shape}")
    rank = require_integer(rank, "rank", least=1, most=capped_rank(n, n))
    if name != ADJACENCY:
        found = solved(a, rank, name, start, dtype=dtype, tol=tol, given=matrix)
        return _embedding(found, name, int((degrees(a) == 0).sum()))
    found = eigenpairs(a, rank, start, dtype=dtype, tol=tol, rounding=rounding_of(matrix, n, dtype))
    return _embedding(found, name, 0)


def _embedding(found: Eigenpairs, name: str, n_isolated: int) -> Embedding:
    return Embedding(found.eigenvalues, found.basis, found.residuals, found.n_cut, name, n_isolated)
