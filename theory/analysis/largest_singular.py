"""The largest singular values of a matrix and their vectors, the same bits every time.

ARPACK finds the eigenvectors V of X'X (or of XX', the smaller); then X V = U S W' gives the singular values without squares
of rounding. This is what `scipy.sparse.linalg.svds` does, but `svds` cannot seed the vectors from which ARPACK starts again
where the matrix has a lower rank than was asked for. Singular values below 1e-6 of the largest have squares near rounding, so
that V mixes them with others; a few products with X and X' alone, orthogonalised in between, separate them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.sparse.linalg import LinearOperator, aslinearoperator, eigsh

SQUARED = 1e-6  # of the largest: the square of a smaller value is no longer told from rounding
PASSES = 3  # each divides what is mixed in from a larger value by the square of the ratio of the two
Array = NDArray[Any]


def largest_singular(
    matrix: Any, rank: int, rng: np.random.Generator, *, v0: Array | None = None, tol: float = 0.0
) -> tuple[Array, Array, Array]:
    """Return U (m, rank), the singular values in decreasing order, and V (n, rank) of a real matrix (m, n), rank < min(m, n).

    Parameters
    ----------
    matrix : sparse, an array or a LinearOperator with products in both directions.
    rng : draws the start vector unless `v0`, of length min(m, n), is given, and the vectors of restarts.
    tol : as in `svds`; 0 is full accuracy.

    Examples
    --------
    >>> u, s, v = largest_singular(np.diag([3.0, 2.0, 1.0]), 2, np.random.default_rng(0))
    >>> s.round(12).tolist()
    [3.0, 2.0]
    """
    a = aslinearoperator(matrix)
    if a.shape[0] < a.shape[1]:
        v, s, u = largest_singular(a.T, rank, rng, v0=v0, tol=tol)
        return u, s, v
    gram = LinearOperator(
        (a.shape[1], a.shape[1]),
        matvec=lambda x: a.rmatvec(a.matvec(x)),
        matmat=lambda x: a.rmatmat(a.matmat(x)),
        dtype=a.dtype,
    )
    start = rng.standard_normal(a.shape[1]) if v0 is None else v0
    v = np.linalg.qr(eigsh(gram, k=rank, tol=tol**2, v0=start, rng=rng)[1])[0]
    u, s, w = linalg.svd(a.matmat(v), full_matrices=False)
    if s[-1] <= SQUARED * s[0]:
        for _ in range(PASSES):
            v = linalg.qr(a.rmatmat(linalg.qr(a.matmat(v @ w.T), mode="economic")[0]), mode="economic")[0]
            u, s, w = linalg.svd(a.matmat(v), full_matrices=False)
    return u, s, v @ w.T
