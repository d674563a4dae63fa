"""Eigenpairs of largest magnitude to a tolerance, with or without a gap: a filtered block Krylov method with thick restarts.

`theory.analysis.block_krylov_rounds` has the method; here its vectors lie in memory. `theory.embed` takes it where a tolerance
is given and the problem is large enough to repay it, whatever the spectrum: the cut and the degree follow from the first Ritz
values. ARPACK is the faster for few eigenpairs, and the only one at full accuracy.

All reductions are over two fixed halves of the rows, whatever the number of threads, so that results do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from simulate.compiled import in_threads
from theory.analysis.block_krylov_rounds import BLOCK, Filter, State, chebyshev, krylov_values, sizes
from theory.kernels.block_products import banded_product

ROWS = 4096  # taken at once: they stay in cache between the steps of one pass
Array = NDArray[Any]
Product = Callable[[Array, Array, float], None]


def block_krylov(
    operator: Any, rank: int, rng: np.random.Generator, *, dtype: Any, tol: float
) -> tuple[Array, Array]:
    """Return `rank` eigenvalues and eigenvectors (n, rank) of largest magnitude, in that order.

    Parameters
    ----------
    operator : symmetric csr_array, or a LinearOperator, (n, n) with n > 8 rank and n > 1000.
    tol : the largest relative residual ||A u - lambda u|| / |lambda|, from 1e-6 in float32, 1e-9 in float64.

    Time is of order products x nnz + blocks x n x rank; memory is 3 rank vectors and a second copy of the matrix.
    Eigenvalues repeated more than 16 times may be found fewer times than they occur.

    Raises
    ------
    Breakdown
        if the Krylov space is exhausted before it holds `rank` pairs, or 100 restarts do not suffice.

    Examples
    --------
    >>> values, basis = block_krylov(
    ...     sparse.diags_array(np.arange(1000.0), format="csr"), 2, np.random.default_rng(0), dtype="float64", tol=1e-6
    ... )
    >>> values.round(6).tolist()
    [999.0, 998.0]
    """
    vectors = _InMemory(product(operator), operator.shape[0], rank, dtype)
    with threadpool_limits(1, user_api="blas"):
        values = krylov_values(vectors, rank, rng, tol)
    return values.astype(vectors.dtype), vectors.result


class _InMemory:
    """`Vectors` in memory: the basis `q`, three blocks of work, and the `result` (n, rank)."""

    def __init__(self, add: Product, n: int, rank: int, dtype: Any) -> None:
        size = sizes(rank)[1]
        self.add, self.n, self.dtype = add, n, np.dtype(dtype)
        self.q = np.zeros((n, size + BLOCK), dtype)
        self.work = np.empty((3, n, BLOCK), dtype)
        self.w = self.image = self.work[0]
        self.result = np.empty((n, rank), dtype)

    def draw(self, rng: np.random.Generator) -> None:
        self.w = rng.standard_normal((self.n, BLOCK)).astype(self.dtype)

    def combine(self, rows: Array) -> None:
        self.w = _combined(self.q, rows)

    def filter(self, filled: int, chosen: Filter) -> None:
        """Write into the three blocks of work."""
        block = self.q[:, filled : filled + BLOCK]
        now, self.image, before = self.work
        before[:], self.image[:] = block, 0
        self.add(before, self.image, 1.0)
        if chosen.degree == 1:
            self.w = self.image
            return
        np.multiply(self.image, block.dtype.type(1 / chosen.cut), out=now)
        pair = [before, now]

        def step(k: int, factor: float) -> None:
            self.add(pair[1], pair[0], factor)
            pair.reverse()

        chebyshev(chosen, step)
        self.w = pair[1]

    def sums(self, columns: slice, *, image: bool) -> Array:
        q, w, of_a = self.q, self.w, self.image
        if image:
            return np.asarray(_reduce(self.n, lambda s: (np.hstack([w[s], of_a[s]]).T @ q[s, columns]).T))
        return np.asarray(_reduce(self.n, lambda s: (w[s].T @ q[s, columns]).T))

    def square(self) -> NDArray[np.float64]:
        w = self.w
        return np.asarray(_reduce(self.n, lambda s: (wide := w[s].astype(np.float64)).T @ wide))

    def subtract(self, columns: slice, rows: Array) -> None:
        w, q = self.w, self.q

        def take_away(s: slice) -> int:
            w[s] -= q[s, columns] @ rows
            return 0

        _reduce(self.n, take_away)

    def multiply(self, square: Array) -> None:
        w = self.w

        def work(s: slice) -> int:
            w[s] = w[s] @ square
            return 0

        _reduce(self.n, work)

    def keep(self, first: int) -> None:
        self.q[:, first : first + BLOCK] = self.w

    def restart(self, best: Array, size: int) -> None:
        kept = best.shape[1]
        self.q[:, :kept] = _combined(self.q, best)
        self.q[:, kept : kept + BLOCK] = self.q[:, size:]

    def misses(self, rows: Array, values: Array, place: slice) -> Array:
        u = _combined(self.q, rows)
        u /= np.linalg.norm(u, axis=0)  # sums in float32 drift by 1e-5
        miss = u * -values.astype(self.dtype)
        self.add(u, miss, 1.0)
        self.result[:, place] = u
        return np.asarray(np.linalg.norm(miss, axis=0))

    def save(self, state: State) -> None:
        """Nothing outlasts this process."""


def _combined(q: Array, rows: Array) -> Array:
    """Combinations (n, k) of the first columns of the basis."""
    result = np.empty((len(q), rows.shape[1]), q.dtype)

    def combine(s: slice) -> int:
        result[s] = q[s, : len(rows)] @ rows
        return 0

    _reduce(len(q), combine)
    return result


def _reduce(n: int, work: Callable[[slice], Any]) -> Any:
    """Sum work(rows) over blocks of rows, in two halves at once."""
    parts = [slice(start, min(start + ROWS, n)) for start in range(0, n, ROWS)]
    half = (len(parts) + 1) // 2

    def of_half(which: int) -> Any:
        return sum(work(part) for part in parts[which * half : (which + 1) * half])

    first, second = in_threads(of_half, 2)
    return first + second


def product(operator: Any) -> Product:
    """Return add(x, y, scale), which adds scale * A x to y (n, b), on two threads if the operator is a csr_array."""
    if sparse.issparse(operator):
        return banded_product(operator, BLOCK)

    def add(x: Array, y: Array, scale: float) -> None:
        y += y.dtype.type(scale) * np.asarray(operator @ x)

    return add
