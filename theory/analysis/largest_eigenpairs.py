"""Eigenpairs of largest magnitude to a moderate tolerance: a thick-restart block Krylov method for two cores.

It works on blocks of 16 vectors: a sparse matrix times a block reads the matrix once, and orthogonalising a block is a few
matrix products, while both are bound by memory for one vector at a time. Each block is orthogonalised against its
neighbours (the three-term recurrence) and then once against all (Parlett's "twice is enough"). When the basis is full the
projected matrix is decomposed, and the best Ritz vectors begin the next basis together with the residual block (Wu and
Simon, "Thick-restart Lanczos", 2000; Zhou and Saad 2008 for blocks). The residual of a Ritz pair is known from the last rows
of its coordinates.

All reductions are over two fixed halves of the rows, whatever the number of threads, so that results do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from simulate.compiled import compiled, in_threads

BLOCK = 16
ROWS = 4096  # taken at once: they stay in cache between the steps of one pass
RESTARTS = 300
Array = NDArray[Any]


class Breakdown(ArithmeticError):
    """The Krylov space is exhausted, or the tolerance was not reached: the caller should use another solver."""


def block_krylov(
    operator: Any, rank: int, rng: np.random.Generator, *, dtype: Any, tol: float
) -> tuple[Array, Array]:
    """Return `rank` eigenvalues and eigenvectors (n, rank) of largest magnitude, in that order.

    Parameters
    ----------
    operator : symmetric csr_array, or a LinearOperator, (n, n) with n > 4 rank + 64.
    tol : the largest relative residual ||A u - lambda u|| / |lambda|, from 1e-6.

    Eigenvalues repeated more than 16 times may be found fewer times than they occur.

    Raises
    ------
    Breakdown
        if the Krylov space is exhausted before it holds `rank` pairs, or 300 restarts do not suffice.

    Examples
    --------
    >>> values, basis = block_krylov(
    ...     sparse.diags_array(np.arange(1000.0), format="csr"), 2, np.random.default_rng(0), dtype="float64", tol=1e-6
    ... )
    >>> values.round(6).tolist()
    [999.0, 998.0]
    """
    n, b = operator.shape[0], BLOCK
    size = -(-max(5 * rank // 2, rank + 64) // b) * b
    q = np.zeros((n, size + b), dtype)
    t = np.zeros((size + b, size + b))
    multiply = multiplier(operator)
    with threadpool_limits(1, user_api="blas"):
        first = rng.standard_normal((n, b)).astype(dtype)
        _orthonormalise(first, _reduce(n, lambda s: first[s].T @ first[s]), q, 0)
        filled = kept = 0
        for _ in range(RESTARTS):
            while filled < size:
                _extend(multiply(q[:, filled : filled + b]), q, t, filled, kept)
                filled += b
            values, vectors = np.linalg.eigh(t[:size, :size])
            order = np.argsort(-np.abs(values), kind="stable")
            coupling = t[size:, size - b : size] @ vectors[size - b :, order]
            values = values[order]
            done = bool((np.linalg.norm(coupling[:, :rank], axis=0) <= tol * np.abs(values[:rank])).all())
            kept = rank if done else (rank + size) // (2 * b) * b
            best = vectors[:, order[:kept]].astype(dtype)

            def rotate(s: slice, count: int = kept, best: Array = best) -> int:
                q[s, :count] = q[s, :size] @ best
                return 0

            _reduce(n, rotate)
            if done:
                basis = q[:, :rank] / np.linalg.norm(q[:, :rank], axis=0)  # float32 sums drift by 1e-5
                return values[:rank].astype(dtype), basis
            q[:, kept : kept + b] = q[:, size:]
            t[:] = 0
            t[np.arange(kept), np.arange(kept)] = values[:kept]
            t[kept : kept + b, :kept] = coupling[:, :kept]
            t[:kept, kept : kept + b] = coupling[:, :kept].T
            filled = kept
    raise Breakdown(f"{RESTARTS} restarts did not reach a relative residual of {tol:g}")


def _extend(w: Array, q: Array, t: Array, filled: int, kept: int) -> None:
    """Orthogonalise A times the newest block against the basis, in place; enter it and what was taken off."""
    n, b = len(w), BLOCK
    end = filled + b
    # right after a restart the newest block is coupled to all kept vectors, later to its neighbours alone
    near = slice(0, end) if filled <= kept else slice(filled - b, end)
    taken = np.zeros((end, b), q.dtype)
    taken[near] = _reduce(n, lambda s: q[s, near].T @ w[s])

    def off_neighbours(s: slice) -> Array:
        w[s] -= q[s, near] @ taken[near]
        return np.asarray(q[s, :end].T @ w[s])

    rest = _reduce(n, off_neighbours)

    def off_all(s: slice) -> Array:
        w[s] -= q[s, :end] @ rest
        return np.asarray(w[s].T @ w[s])

    gram = _reduce(n, off_all)
    taken += rest
    t[:end, filled:end] = taken
    t[filled:end, :end] = taken.T
    if (
        np.diag(gram).min()
        <= (10 * np.finfo(q.dtype).eps * max(np.abs(t[:end, :end]).max(), 1e-300)) ** 2 * n
    ):
        raise Breakdown("the Krylov space is exhausted")
    r = _orthonormalise(w, gram, q, end)
    t[end : end + b, filled:end] = r
    t[filled:end, end : end + b] = r.T


def _orthonormalise(w: Array, gram: Array, q: Array, place: int) -> Array:
    """Enter the orthonormal factor of w into q by Cholesky QR, twice, and return the triangular one."""
    total = np.eye(BLOCK)
    for _ in range(2):
        try:
            lower = np.linalg.cholesky(gram.astype(np.float64))
        except np.linalg.LinAlgError:
            raise Breakdown("the Krylov space is exhausted") from None
        inverse = np.linalg.inv(lower).T.astype(w.dtype)

        def solve(s: slice, inverse: Array = inverse) -> Array:
            w[s] = w[s] @ inverse
            return np.asarray(w[s].T @ w[s])

        gram = _reduce(len(w), solve)
        total = lower.T @ total
    q[:, place : place + BLOCK] = w
    return total


def _reduce(n: int, work: Callable[[slice], Any]) -> Any:
    """Sum work(rows) over blocks of rows, in two halves at once."""
    parts = [slice(start, min(start + ROWS, n)) for start in range(0, n, ROWS)]
    half = (len(parts) + 1) // 2

    def of_half(which: int) -> Any:
        return sum(work(part) for part in parts[which * half : (which + 1) * half])

    first, second = in_threads(of_half, 2)
    return first + second


def multiplier(operator: Any) -> Callable[[Array], Array]:
    """Return how to multiply the operator with a block of vectors (n, b), on two threads if it is a csr_array."""
    if not sparse.issparse(operator):
        return lambda block: np.asarray(operator @ np.ascontiguousarray(block))
    n, parts = operator.shape[0], 8
    bounds = np.searchsorted(operator.indptr, np.linspace(0, operator.nnz, parts + 1)).clip(0, n)
    bounds[0], bounds[-1] = 0, n

    def multiply(block: Array) -> Array:
        x = np.ascontiguousarray(block)
        y = np.zeros_like(x)

        def rows(part: int) -> None:
            _multiply(operator.indptr, operator.indices, operator.data, x, y, bounds[part], bounds[part + 1])

        in_threads(rows, parts)
        return y

    return multiply


@compiled(nogil=True)
def _multiply(indptr, indices, data, x, y, first, last):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        for e in range(indptr[i], indptr[i + 1]):
            weight, j = data[e], indices[e]
            for c in range(x.shape[1]):
                y[i, c] += weight * x[j, c]
