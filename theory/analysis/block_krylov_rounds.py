"""The steps of the filtered block Krylov method, on vectors that lie anywhere: in memory, or in files larger than memory.

It works on blocks of 16 vectors: a sparse matrix times a block reads the matrix once, and orthogonalising a block is a few
matrix products, while both are bound by memory for one vector at a time. The first blocks span a plain Krylov space. Its
f-th Ritz value, a lower bound, is the cut c: each later block is T_d(A / c) times the one before, T_d the Chebyshev
polynomial, which is large where |lambda| > c and at most 1 elsewhere (Zhou and Saad 2007). A step then costs d products, but
only one orthogonalisation, which is the dearer where the matrix has few entries per row, and where no gap follows the f-th
eigenvalue the basis stays small. Ritz pairs are those of A itself (Rayleigh and Ritz). When the basis is full the best Ritz
vectors begin the next one (Wu and Simon, "Thick-restart Lanczos", 2000). After each block the projected filter gives an estimate
of the residuals; where it is small the true ones, ||A u - lambda u||, are computed and decide.

Long vectors are the business of `Vectors`; what is here are matrices of the size of the basis, and the order of the steps. The
state after each step is all that is needed to go on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK = 16
RESTARTS = 100
DEGREE = 10  # of the filter, at most
BELOW = 0.95  # of the f-th Ritz value: the cut, so that pairs which have converged are still amplified
LOWEST, HIGHEST = 0.75, 0.98  # of the f-th Ritz value: another cut is taken once the basis is full
# how many times more a filter may enlarge the largest eigenvalue than the bulk: the columns of a block then agree to one part in
# so many. Cholesky QR, which squares that, breaks down beyond 1e7 in float64, and rounding keeps others from converging before
WIDEST = {"float64": 1e6, "float32": 1e3}
SLACK = 1.5  # tolerances: up to this estimate the true residuals are computed
WELL = 10.0  # condition up to which one Cholesky QR leaves orthogonal columns
Array = NDArray[Any]


class Breakdown(ArithmeticError):
    """The Krylov space is exhausted, or the tolerance was not reached: the caller should use another solver."""


@dataclass(frozen=True)
class Filter:
    """T_degree(A / cut), T the Chebyshev polynomial; of degree 1 it is A itself."""

    degree: int
    cut: float

    @classmethod
    def at(cls, cut: float, values: Array, dtype: Any) -> Filter:
        """Of the largest degree up to 10 that does not enlarge any of these Ritz values more than `WIDEST` times.

        >>> [Filter.at(1.0, np.array([largest]), "float64").degree for largest in (2.0, 5.0, 30.0, 1e7)]
        [10, 6, 3, 1]
        """
        ratio = max(float(np.abs(values[0])) / max(cut, 1e-300), 1 / BELOW)
        most = np.arccosh(WIDEST[np.dtype(dtype).name]) / np.arccosh(ratio)
        return cls(int(np.clip(most, 1, DEGREE)), cut)


class Vectors(Protocol):
    """A basis q of blocks of 16 columns of length `n`, one block w that is being made, and the image of the newest block.

    Every method but `sums` and `square` returns nothing, so that it may be done later, together with the next.
    """

    n: int
    dtype: Any

    def draw(self, rng: np.random.Generator) -> None:
        """Let w be a random block, standard normal."""

    def combine(self, rows: Array) -> None:
        """Let w be the first columns of q times `rows` (m, 16)."""

    def filter(self, filled: int, chosen: Filter) -> None:
        """Let image be A times the block of q from column `filled` on, and w be the filter times it, up to its sign."""

    def sums(self, columns: slice, *, image: bool) -> Array:
        """Return these columns of q, transposed, times w; with `image` times (w, image) side by side."""

    def square(self) -> NDArray[np.float64]:
        """Return w transposed times w, in float64."""

    def subtract(self, columns: slice, rows: Array) -> None:
        """Take these columns of q times `rows` away from w."""

    def multiply(self, square: Array) -> None:
        """Let w be w times a (16, 16) matrix."""

    def keep(self, first: int) -> None:
        """Let w be the columns of q from `first` on."""

    def restart(self, best: Array, size: int) -> None:
        """Let q times `best` (size, k) be the first columns of q, and the block from column `size` on come after them."""

    def misses(self, rows: Array, values: Array, place: slice) -> Array:
        """Let columns `place` of the result be q times `rows`, of length 1; return ||A u - lambda u|| of each."""

    def save(self, state: State) -> None:
        """Note that q and `state` belong together, so that the method can go on from here."""


@dataclass(eq=False)
class State:
    """How far the method is: what the filtered matrix (`t`) and the matrix itself (`h`) are on the basis.

    `filled` columns of the basis have had their turn, the first `kept` of them in an earlier round.
    """

    t: Array
    h: Array
    filled: int = 0
    kept: int = 0
    round: int = 0
    chosen: Filter = Filter(1, 1.0)
    draws: dict[str, Any] | None = None  # the state of the generator

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


def krylov_values(
    vectors: Vectors,
    rank: int,
    rng: np.random.Generator,
    tol: float,
    state: State | None = None,
) -> Array:
    """Return the `rank` eigenvalues of largest magnitude; `vectors` then hold the eigenvectors of the last `misses`.

    Parameters
    ----------
    state : that of an earlier run, to go on from; None begins.

    Raises
    ------
    Breakdown
        if the Krylov space is exhausted before it holds `rank` pairs, or 100 restarts do not suffice.
    """
    b = BLOCK
    plain, size = sizes(rank)
    if state is None:
        state = State(*np.zeros((2, size + b, size + b)))
        vectors.draw(rng)
        _begin(vectors)
        _save(vectors, state, rng)
    elif state.draws is not None:
        rng.bit_generator.state = state.draws
    while state.round <= RESTARTS:
        filled = state.filled
        if filled > state.kept and filled >= plain:
            values, coordinates = ritz(state.h[:filled, :filled])
            near = state.round == 0 or state.estimate(coordinates[:, :rank]) <= SLACK * tol
            if (near or filled == size) and converged(vectors, values, coordinates, rank, tol):
                return values[:rank]
            if filled == (size if state.round else plain):
                _next_round(vectors, state, values, coordinates, rank, rng)
                _save(vectors, state, rng)
                continue
        _extend(vectors, state)
        _save(vectors, state, rng)
    raise Breakdown(f"{RESTARTS} restarts did not reach a relative residual of {tol:g}")


def sizes(rank: int) -> tuple[int, int]:
    """Return the dimensions before the filter has a cut, and before Ritz pairs are looked at, and those of a full basis.

    >>> sizes(64)
    (96, 192)
    """
    b = BLOCK
    plain = -(-max(rank + 2 * b, 6 * b) // b) * b
    return plain, -(-max(3 * rank, plain + 2 * b) // b) * b


def places(rank: int) -> list[slice]:
    """Return the columns of the result that are made together: blocks of 16, the first of which has what is left.

    >>> places(20)
    [slice(0, 4, None), slice(4, 20, None)]
    """
    return [slice(max(end - BLOCK, 0), end) for end in range(rank, 0, -BLOCK)][::-1]


def _save(vectors: Vectors, state: State, rng: np.random.Generator) -> None:
    state.draws = dict(rng.bit_generator.state)
    vectors.save(state)


def _next_round(
    vectors: Vectors,
    state: State,
    values: Array,
    coordinates: Array,
    rank: int,
    rng: np.random.Generator,
) -> None:
    """Begin a basis with the best Ritz vectors, or anew, with another filter, where the cut does not fit any more."""
    b = BLOCK
    size = len(state.t) - b
    weakest = float(np.abs(values[rank - 1]))
    state.round += 1
    if state.round > 1 and LOWEST * weakest < state.chosen.cut < HIGHEST * weakest:
        state.filled = state.kept = (rank + size) // (2 * b) * b
        _restart(vectors, state, size)
        return
    cut = BELOW * weakest if state.round > 1 else first_cut(values, coordinates, vectors.n, rank)
    state.chosen, state.filled, state.kept = Filter.at(cut, values, vectors.dtype), 0, 0
    if state.round > RESTARTS:
        return
    leading = coordinates[:, : max(rank, 2 * b)]
    vectors.combine((leading @ rng.standard_normal((leading.shape[1], b))).astype(vectors.dtype))
    _begin(vectors)


def first_cut(values: Array, vectors: Array, n: int, rank: int) -> float:
    """Below how large a magnitude do rank and a half eigenvalues lie above? From Ritz pairs of a random block.

    The squared coordinates of a Ritz vector in the first block, times n / b, estimate how many eigenvalues it stands for
    (block Gauss quadrature of the spectral density).
    """
    counts = np.cumsum((vectors[:BLOCK] ** 2).sum(axis=0)) * (n / BLOCK)
    place = min(int(np.searchsorted(counts, 1.5 * rank)), len(values) - 1)
    return BELOW * float(np.abs(values[place]))


def _restart(vectors: Vectors, state: State, size: int) -> None:
    """Keep the best Ritz vectors of the filtered matrix and the newest block, which all of them are coupled to."""
    b, t, kept = BLOCK, state.t, state.kept
    values, coordinates = ritz(t[:size, :size])
    best = coordinates[:, :kept]
    vectors.restart(best.astype(vectors.dtype), size)
    coupling = t[size:, size - b : size] @ best[size - b :]
    projected = best.T @ state.h[:size, :size] @ best
    t[:], state.h[:] = 0, 0
    t[np.arange(kept), np.arange(kept)] = values[:kept]
    t[kept : kept + b, :kept], t[:kept, kept : kept + b] = coupling, coupling.T
    state.h[:kept, :kept] = projected


def _begin(vectors: Vectors) -> None:
    """Make the orthonormal part of w the first block of the basis."""
    _orthonormalise(vectors, 0.0)
    vectors.keep(0)


def ritz(h: Array) -> tuple[Array, Array]:
    """Return the Ritz values by falling magnitude, and their coordinates."""
    values, vectors = np.linalg.eigh(h)
    order = np.argsort(-np.abs(values), kind="stable")
    return values[order], vectors[:, order]


def converged(vectors: Vectors, values: Array, coordinates: Array, rank: int, tol: float) -> bool:
    """Are all residuals of the first `rank` Ritz pairs within the tolerance? The last, which converge last, come first."""
    for place in reversed(places(rank)):
        miss = vectors.misses(coordinates[:, place].astype(vectors.dtype), values[place], place)
        if (miss > tol * np.abs(values[place])).any():
            return False
    return True


def _extend(vectors: Vectors, state: State) -> None:
    """Enter what A does to the newest block, and the orthonormal part of the filtered block into the basis."""
    t, h, b, filled, kept, chosen = state.t, state.h, BLOCK, state.filled, state.kept, state.chosen
    end = filled + b
    vectors.filter(filled, chosen)
    # right after a restart the newest block is coupled to all kept vectors, later to its neighbours alone
    near = slice(0, end) if filled <= kept else slice(filled - b, end)
    taken = np.zeros((end, b), vectors.dtype)
    taken[near] = vectors.sums(near, image=False)
    vectors.subtract(near, taken[near])
    least = 0.0
    if chosen.degree == 1:
        largest = max(float(np.abs(taken).max()), float(np.abs(h[:filled, :filled]).max(initial=0.0)), 1e-300)
        least = 10 * float(np.finfo(vectors.dtype).eps) * largest * float(np.sqrt(vectors.n))
    # a filtered block may hold columns that nearly agree: what they differ in is made long before rounding is taken off
    first = _orthonormalise(vectors, least)
    found = vectors.sums(slice(0, end), image=chosen.degree > 1)
    rest = found[:, :b]
    vectors.subtract(slice(0, end), rest)
    r = _orthonormalise(vectors, 0.0) @ first
    taken += rest @ first
    vectors.keep(end)
    t[:end, filled:end], t[filled:end, :end] = taken, taken.T
    t[end : end + b, filled:end], t[filled:end, end : end + b] = r, r.T
    of_a = found[:, b:] if chosen.degree > 1 else taken
    h[:end, filled:end], h[filled:end, :end] = of_a, of_a.T
    state.filled = end


def chebyshev(chosen: Filter, step: Callable[[int, float], None]) -> None:
    """Call step(k, factor) for k = 1, 2, ...: T_k+1 is then factor times A T_k, plus T_k-1, up to its sign.

    The signs of T_1, T_2, ... are +, -, -, +, +, ..., so that T_k+1 = 2 A / cut T_k - T_k-1 is one sum in place.

    >>> chebyshev(Filter(3, 4.0), lambda k, factor: print(k, factor))
    1 -0.5
    2 0.5
    """
    for k in range(1, chosen.degree):
        step(k, (-2 if k % 2 else 2) / chosen.cut)


def _orthonormalise(vectors: Vectors, least: float) -> Array:
    """Replace w by its orthonormal factor, by Cholesky QR, twice where needed, and return the triangular one.

    `least` is the norm up to which a combination of the columns is nothing but rounding.
    """
    total = np.eye(BLOCK)
    for attempt in range(2):
        try:
            lower = np.linalg.cholesky(vectors.square())
        except np.linalg.LinAlgError:
            raise Breakdown("the Krylov space is exhausted") from None
        if attempt == 0 and np.diag(lower).min() <= least:
            raise Breakdown("the Krylov space is exhausted")
        vectors.multiply(np.linalg.inv(lower).T.astype(vectors.dtype))
        total = lower.T @ total
        if np.linalg.cond(lower) <= WELL:
            break
    return total
