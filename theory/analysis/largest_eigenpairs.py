"""Eigenpairs of largest magnitude to a tolerance, with or without a gap: a filtered block Krylov method with thick restarts.

It works on blocks of 16 vectors: a sparse matrix times a block reads the matrix once, and orthogonalising a block is a few
matrix products, while both are bound by memory for one vector at a time. The first blocks span a plain Krylov space. Its
f-th Ritz value, a lower bound, is the cut c: each later block is T_d(A / c) times the one before, T_d the Chebyshev
polynomial, which is large where |lambda| > c and at most 1 elsewhere (Zhou and Saad 2007). A step then costs d products, but
only one orthogonalisation, which is the dearer where the matrix has few entries per row, and where no gap follows the f-th
eigenvalue the basis stays small. Ritz pairs are those of A itself (Rayleigh and Ritz). When the basis is full the best Ritz
vectors begin the next one (Wu and Simon, "Thick-restart Lanczos", 2000). After each block the projected filter gives an estimate
of the residuals; where it is small the true ones, ||A u - lambda u||, are computed and decide.

`theory.embed` takes it where a tolerance is given and the problem is large enough to repay it, whatever the spectrum: the cut and
the degree follow from the first Ritz values. ARPACK is the faster for few eigenpairs, and the only one at full accuracy.

All reductions are over two fixed halves of the rows, whatever the number of threads, so that results do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from simulate.compiled import in_threads
from theory.kernels.block_products import banded_product

BLOCK = 16
ROWS = 4096  # taken at once: they stay in cache between the steps of one pass
RESTARTS = 100
DEGREE = 10  # of the filter, at most
BELOW = 0.95  # of the f-th Ritz value: the cut, so that pairs which have converged are still amplified
LOWEST, HIGHEST = 0.75, 0.98  # of the f-th Ritz value: another cut is taken once the basis is full
NOISE = 80.0  # tolerances: what rounding of the largest eigenvector may grow to in the filter (residuals stall at 1/300 of it)
SLACK = 1.5  # tolerances: up to this estimate the true residuals are computed
WELL = 10.0  # condition up to which one Cholesky QR leaves orthogonal columns
Array = NDArray[Any]
Product = Callable[[Array, Array, float], None]


class Breakdown(ArithmeticError):
    """The Krylov space is exhausted, or the tolerance was not reached: the caller should use another solver."""


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
    n, b = operator.shape[0], BLOCK
    plain = (
        -(-max(rank + 2 * b, 6 * b) // b) * b
    )  # dimensions before the filter has a cut, and before Ritz pairs are looked at
    size = -(-max(3 * rank, plain + 2 * b) // b) * b
    t, h = np.zeros((2, size + b, size + b))
    space = _Space(np.zeros((n, size + b), dtype), t, h, np.empty((3, n, b), dtype))
    add = product(operator)
    with threadpool_limits(1, user_api="blas"):
        _begin(space.q, rng.standard_normal((n, b)).astype(dtype))
        for filled in range(0, plain, b):
            _extend(add, space, filled, 0, _Filter(1, 1.0))
        values, vectors = _ritz(space.h[:plain, :plain])
        if found := _converged(add, space.q, values, vectors, rank, tol):
            return found
        chosen = _Filter.at(_first_cut(values, vectors, n, rank), values, dtype, tol)
        filled = kept = 0
        for _ in range(RESTARTS):
            if kept == 0:
                leading = vectors[:, : max(rank, 2 * b)]
                mixed = (leading @ rng.standard_normal((leading.shape[1], b))).astype(dtype)
                _begin(space.q, _combined(space.q, mixed))
            while filled < size:
                _extend(add, space, filled, kept, chosen)
                filled += b
                if filled >= plain:
                    values, vectors = _ritz(space.h[:filled, :filled])
                    near = space.estimate(vectors[:, :rank]) <= SLACK * tol
                    if (near or filled == size) and (
                        found := _converged(add, space.q, values, vectors, rank, tol)
                    ):
                        return found
            weakest = float(np.abs(values[rank - 1]))
            if LOWEST * weakest < chosen.cut < HIGHEST * weakest:
                filled = kept = (rank + size) // (2 * b) * b
                space.restart(size, kept)
            else:
                chosen, filled, kept = _Filter.at(BELOW * weakest, values, dtype, tol), 0, 0
    raise Breakdown(f"{RESTARTS} restarts did not reach a relative residual of {tol:g}")


@dataclass(frozen=True)
class _Filter:
    """T_degree(A / cut), T the Chebyshev polynomial."""

    degree: int
    cut: float

    @classmethod
    def at(cls, cut: float, values: Array, dtype: Any, tol: float) -> _Filter:
        """Of a degree at which rounding of the largest of these Ritz values does not drown the others."""
        ratio = max(float(np.abs(values[0])) / max(cut, 1e-300), 1 / BELOW)
        most = np.arccosh(max(NOISE * min(tol, 1e-2) / float(np.finfo(dtype).eps), 1.0)) / np.arccosh(ratio)
        return cls(int(np.clip(most, 1, DEGREE)), cut)


def _first_cut(values: Array, vectors: Array, n: int, rank: int) -> float:
    """Below how large a magnitude do rank and a half eigenvalues lie above? From Ritz pairs of a random block.

    The squared coordinates of a Ritz vector in the first block, times n / b, estimate how many eigenvalues it stands for
    (block Gauss quadrature of the spectral density).
    """
    counts = np.cumsum((vectors[:BLOCK] ** 2).sum(axis=0)) * (n / BLOCK)
    place = min(int(np.searchsorted(counts, 1.5 * rank)), len(values) - 1)
    return BELOW * float(np.abs(values[place]))


@dataclass(frozen=True, eq=False)
class _Space:
    """The basis `q` with what the filtered matrix (`t`) and the matrix itself (`h`) are on it; `work` holds three blocks."""

    q: Array
    t: Array
    h: Array
    work: Array

    def estimate(self, vectors: Array) -> float:
        """About the largest relative residual of these Ritz vectors, without a product: that of the filtered matrix.

        Where the filter has degree 1 it is exact. Otherwise what a Ritz vector lacks lies in the bulk, where A differs from
        lambda by about |lambda|, and the filter from its value at lambda by about that value.
        """
        m, k = len(vectors), BLOCK
        image: Array = self.t[: m + k, :m] @ vectors
        values = (vectors * image[:m]).sum(axis=0)
        image[:m] -= vectors * values
        return float((np.linalg.norm(image, axis=0) / np.maximum(np.abs(values), 1e-300)).max())

    def restart(self, size: int, kept: int) -> None:
        """Keep the best Ritz vectors of the filtered matrix and the newest block, which all of them are coupled to."""
        b, t = BLOCK, self.t
        values, vectors = _ritz(t[:size, :size])
        best = vectors[:, :kept]
        self.q[:, :kept] = _combined(self.q, best.astype(self.q.dtype))
        self.q[:, kept : kept + b] = self.q[:, size:]
        coupling = t[size:, size - b : size] @ best[size - b :]
        projected = best.T @ self.h[:size, :size] @ best
        t[:], self.h[:] = 0, 0
        t[np.arange(kept), np.arange(kept)] = values[:kept]
        t[kept : kept + b, :kept], t[:kept, kept : kept + b] = coupling, coupling.T
        self.h[:kept, :kept] = projected


def _begin(q: Array, block: Array) -> None:
    """Make the orthonormal part of a block the first of the basis."""
    _orthonormalise(block, 0.0)
    q[:, :BLOCK] = block


def _ritz(h: Array) -> tuple[Array, Array]:
    """Ritz values by falling magnitude, and their coordinates."""
    values, vectors = np.linalg.eigh(h)
    order = np.argsort(-np.abs(values), kind="stable")
    return values[order], vectors[:, order]


def _converged(
    add: Product, q: Array, values: Array, vectors: Array, rank: int, tol: float
) -> tuple[Array, Array] | None:
    """The first `rank` Ritz pairs if all residuals are within the tolerance; the last, which converge last, are tested first."""
    basis = np.empty((len(q), rank), q.dtype)
    for end in range(rank, 0, -BLOCK):
        part = slice(max(end - BLOCK, 0), end)
        u = _combined(q, vectors[:, part].astype(q.dtype))
        u /= np.linalg.norm(u, axis=0)  # sums in float32 drift by 1e-5
        miss = u * -values[part].astype(q.dtype)
        add(u, miss, 1.0)
        if (np.linalg.norm(miss, axis=0) > tol * np.abs(values[part])).any():
            return None
        basis[:, part] = u
    return values[:rank].astype(q.dtype), basis


def _combined(q: Array, rows: Array) -> Array:
    """Combinations (n, k) of the first columns of the basis."""
    result = np.empty((len(q), rows.shape[1]), q.dtype)

    def combine(s: slice) -> int:
        result[s] = q[s, : len(rows)] @ rows
        return 0

    _reduce(len(q), combine)
    return result


def _extend(add: Product, space: _Space, filled: int, kept: int, chosen: _Filter) -> None:
    """Enter what A does to the newest block, and the orthonormal part of the filtered block into the basis."""
    q, t, h, b, n, end = space.q, space.t, space.h, BLOCK, len(space.q), filled + BLOCK
    image, w = _filtered(add, q[:, filled:end], space.work, chosen)
    # right after a restart the newest block is coupled to all kept vectors, later to its neighbours alone
    near = slice(0, end) if filled <= kept else slice(filled - b, end)
    taken = np.zeros((end, b), q.dtype)
    taken[near] = _reduce(n, lambda s: (w[s].T @ q[s, near]).T)

    def off_neighbours(s: slice) -> int:
        w[s] -= q[s, near] @ taken[near]
        return 0

    _reduce(n, off_neighbours)
    least = 0.0
    if chosen.degree == 1:
        largest = max(float(np.abs(taken).max()), float(np.abs(h[:filled, :filled]).max(initial=0.0)), 1e-300)
        least = 10 * float(np.finfo(q.dtype).eps) * largest * float(np.sqrt(n))
    # a filtered block may hold columns that nearly agree: what they differ in is made long before rounding is taken off
    first = _orthonormalise(w, least)
    blocks = [w, image] if chosen.degree > 1 else [w]
    found = _reduce(n, lambda s: (np.hstack([block[s] for block in blocks]).T @ q[s, :end]).T)
    rest = found[:, :b]

    def off_all(s: slice) -> int:
        w[s] -= q[s, :end] @ rest
        return 0

    _reduce(n, off_all)
    r = _orthonormalise(w, 0.0) @ first
    taken += rest @ first
    q[:, end : end + b] = w
    t[:end, filled:end], t[filled:end, :end] = taken, taken.T
    t[end : end + b, filled:end], t[filled:end, end : end + b] = r, r.T
    of_a = found[:, b:] if chosen.degree > 1 else taken
    h[:end, filled:end], h[filled:end, :end] = of_a, of_a.T


def _filtered(add: Product, block: Array, work: Array, chosen: _Filter) -> tuple[Array, Array]:
    """A times a block, and +-T_degree(A / cut) times it (n, b), in two of the three arrays `work`.

    The signs of T_1, T_2, ... are +, -, -, +, +, ..., so that T_k+1 = 2 A / cut T_k - T_k-1 is one sum in place.
    """
    before, image, now = work
    before[:], image[:] = block, 0
    add(before, image, 1.0)
    if chosen.degree == 1:
        return image, image
    np.multiply(image, block.dtype.type(1 / chosen.cut), out=now)
    for k in range(1, chosen.degree):
        add(now, before, (-2 if k % 2 else 2) / chosen.cut)
        before, now = now, before
    return image, now


def _orthonormalise(w: Array, least: float) -> Array:
    """Replace w by its orthonormal factor, by Cholesky QR, twice where needed, and return the triangular one.

    `least` is the norm up to which a combination of the columns is nothing but rounding.
    """
    total = np.eye(BLOCK)
    for attempt in range(2):
        gram = _reduce(len(w), lambda s: (wide := w[s].astype(np.float64)).T @ wide)
        try:
            lower = np.linalg.cholesky(gram)
        except np.linalg.LinAlgError:
            raise Breakdown("the Krylov space is exhausted") from None
        if attempt == 0 and np.diag(lower).min() <= least:
            raise Breakdown("the Krylov space is exhausted")
        inverse = np.linalg.inv(lower).T.astype(w.dtype)

        def solve(s: slice, inverse: Array = inverse) -> int:
            w[s] = w[s] @ inverse
            return 0

        _reduce(len(w), solve)
        total = lower.T @ total
        if np.linalg.cond(lower) <= WELL:
            break
    return total


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
