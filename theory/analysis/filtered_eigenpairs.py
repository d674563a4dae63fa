"""Eigenpairs of largest magnitude of a sparse matrix without a gap, to nearly full accuracy: ARPACK on a polynomial of it.

Where the wanted eigenvalues end in a bulk, Lanczos needs hundreds of steps, and each is spent on orthogonalising a vector against
all others, not on the product with a sparse matrix. With c a little below the last wanted magnitude and T_d the Chebyshev
polynomial of even degree d, p(A) = T_d(A / c) has the same eigenvectors; |p| <= 1 on [-c, c], and p grows with |lambda| beyond.
So p(A) has the same order of magnitudes and wider gaps: a step costs d products, and there are far fewer steps. Eigenvalues and
vectors of A follow by Rayleigh and Ritz within the space found (Saad 2011, "Numerical Methods for Large Eigenvalue Problems",
section 7.4).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh

DEGREES = (12, 10, 8, 6, 4, 2)
LARGEST_VALUE = 2e12  # of p: rounding in ARPACK is relative to it


def filtered_eigenpairs(
    matrix: sparse.csr_array, rank: int, rng: np.random.Generator, *, tol: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return `rank` eigenvalues and eigenvectors (n, rank) of largest magnitude, or None where another solver is better.

    Parameters
    ----------
    matrix : symmetric csr_array (n, n) of float64.
    rng : draws the start vectors.
    tol : the largest relative residual ||A u - lambda u|| / |lambda|, from about 1e-9.

    It is None for a matrix whose products cost as much as orthogonalising, one whose first eigenvalue is so large that the
    filter would lose the others in rounding, one of too low a rank, and where the tolerance is not reached.

    Examples
    --------
    >>> diagonal = sparse.diags_array(np.linspace(-1, 1, 2000), format="csr")
    >>> values, _ = filtered_eigenpairs(diagonal, 4, np.random.default_rng(0), tol=1e-8)
    >>> np.sort(np.abs(values)).round(6).tolist()
    [0.998999, 0.998999, 1.0, 1.0]
    """
    n, steps = matrix.shape[0], max(20, rank + rank // 2)
    if 2 * steps > n or matrix.nnz > 2 * n * rank:
        return None
    largest, c = _first_and_last(matrix, rank, steps, rng.standard_normal(n))
    # as measured, a step of ARPACK costs as much as 4 n rank / nnz products at least
    worth = 4 * n * rank / max(matrix.nnz, 1)
    safe = [d for d in DEGREES if d <= worth and c > 0 and 0.5 * (2 * largest / c) ** d <= LARGEST_VALUE]
    if not safe:
        return None
    degree = safe[0]

    def filtered(v: NDArray[np.float64]) -> NDArray[np.float64]:
        before, now = v, matrix @ v / c
        for _ in range(degree - 1):
            after = matrix @ now
            after *= 2 / c
            after -= before
            before, now = now, after
        return np.asarray(now)

    operator = LinearOperator((n, n), matvec=filtered, dtype=np.float64)
    v0 = rng.standard_normal(n)
    _, basis = eigsh(operator, rank, which="LM", v0=v0, tol=tol / 100, ncv=min(n, steps), rng=rng)
    image = matrix @ basis
    projected = basis.T @ image
    eigenvalues, turn = np.linalg.eigh((projected + projected.T) / 2)
    basis, image = basis @ turn, image @ turn
    misses = np.linalg.norm(image - basis * eigenvalues, axis=0)
    # within [-c, c] the polynomial does not tell magnitudes apart
    fine = np.abs(eigenvalues).min() > c and (misses <= tol * np.abs(eigenvalues)).all()
    return (eigenvalues, basis) if fine else None


def _first_and_last(
    matrix: sparse.csr_array, rank: int, steps: int, start: NDArray[Any]
) -> tuple[float, float]:
    """The largest magnitude, and one a little below the `rank`-th, from a Krylov space of `steps` dimensions; 0 if it ends early.

    Ritz values lie within the spectrum, so that the second is a lower bound of what it stands for.
    """
    v = np.empty((steps, len(start)))
    diagonal, beside = np.zeros(steps), np.zeros(steps)
    v[0] = start / np.linalg.norm(start)
    for j in range(steps):
        w = matrix @ v[j]
        diagonal[j] = v[j] @ w
        w -= v[: j + 1].T @ (v[: j + 1] @ w)  # once is enough for an estimate
        beside[j] = np.linalg.norm(w)
        if beside[j] <= 1e-10 * np.abs(diagonal).max():
            return 0.0, 0.0
        if j + 1 < steps:
            v[j + 1] = w / beside[j]
    whole = np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1)
    magnitudes = np.sort(np.abs(np.linalg.eigvalsh(whole)))[::-1]
    return float(magnitudes[0]), float(magnitudes[rank - 1])
