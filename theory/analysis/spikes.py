"""Spk: the least number of peaks, in order of decreasing norm, whose cones hold more than a share of the vectors.

The authors' rule in float64: v = vectors, norm = sqrt((v * v).sum(1)), stable order of decreasing norm (ties by row
index), u = v / norm; a row joins a peak's spike when (u_i * u_j).sum() > cosine; stop once covered > coverage * n, n the
rows of non-zero norm (coverage = 1: once all are covered).

Products in float32 propose and that formula decides: only a cosine within rounding of the threshold is computed again, from
the rows as given, so that one float32 copy of the directions suffices. Candidates are taken by tiles in order of norm; the
products within a tile tell its peaks from the rows they cover, so that only peaks multiply the rows not yet covered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from simulate.compiled import in_threads
from simulate.validation import require_finite, require_number
from theory.analysis.inputs import as_rows
from theory.kernels.first_cones import first_above, first_open, join, tally

SMALLEST_TILE, LARGEST_TILE = 64, 256  # candidates taken at once
BLOCK = 8192  # rows multiplied at once: their products with a tile stay in cache


@dataclass(frozen=True, eq=False)
class Spikes:
    """The spikes of a matrix of n rows.

    `peaks` (p,), row indices in the order in which they were taken; `covered` (p,), rows covered after each, itself
    included; `membership` (n,), the number of the spike that a row joined, -1 for uncovered rows and rows of zero norm;
    `n_zero`, how many of those there are.
    """

    peaks: NDArray[np.int64]
    covered: NDArray[np.int64]
    membership: NDArray[np.int64]
    n_zero: int

    @property
    def n_peaks(self) -> int:
        """The number of peaks."""
        return int(self.peaks.size)

    @property
    def value(self) -> float:
        """Peaks over non-zero rows."""
        return self.n_peaks / (self.membership.size - self.n_zero)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(p,) rows that joined each spike, its peak included."""
        return np.diff(self.covered, prepend=0)

    @property
    def n_singletons(self) -> int:
        """Spikes that hold nothing but their peak."""
        return int((self.sizes == 1).sum())


def spikiness(vectors: ArrayLike, *, cosine: float = 0.9, coverage: float = 0.5) -> Spikes:
    """Return the spikes of `vectors`: peaks in order of decreasing norm until their cones hold enough rows.

    Parameters
    ----------
    vectors : (n, f) rows, finite; those of norm exactly 0 have no direction and are left out of n.
    cosine : c in (0, 1); a row joins the spike of a peak when their cosine is above c.
    coverage : rho in (0, 1]; the search stops once more than rho n rows are covered, or all of them.

    Returns
    -------
    Spikes, with Spk = `value` = peaks over non-zero rows. Peaks, order and stopping point are those of a double loop in
    float64 on every input. Time is of order f x (rows not yet covered) a peak; memory is one float32 copy of the vectors.

    Raises
    ------
    ValueError
        for a cosine or coverage out of range, anything but a matrix with rows and columns, NaN or infinity, or no row of
        non-zero norm.

    References
    ----------
    Afchar, Hennequin, Guigue, "Of Spiky SVDs and Music Recommendation", RecSys 2023 (arXiv 2307.01212), and its code.

    Examples
    --------
    >>> found = spikiness([[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.0, 0.0]], coverage=1.0)
    >>> found.peaks.tolist(), found.covered.tolist(), found.membership.tolist(), found.n_zero
    ([0, 1], [2, 3], [0, 1, 0, -1], 1)
    """
    require_number(cosine, "cosine", above=0, below=1)
    require_number(coverage, "coverage", above=0, most=1)
    directions = _Directions.of(vectors)
    n = directions.order.size
    membership = np.full(n, -1, dtype=np.int32)
    peaks: list[int] = []
    covered: list[int] = []
    free, alive, width = (
        np.arange(n),
        n,
        SMALLEST_TILE,
    )  # rows in `rough`; how many are open; candidates taken
    while True:
        ahead = first_open(free, membership, min(width, alive))
        taken = directions.peaks_among(free[ahead], directions.rough[ahead], cosine)
        first = directions.first_cover(
            free, directions.rough[ahead[taken]], free[ahead[taken]], membership, cosine
        )
        joined = tally(first, taken.size)
        totals = n - alive + np.cumsum(joined)
        enough = np.flatnonzero((totals > float(coverage * n)) | (totals == n))
        last = int(enough[0]) + 1 if enough.size else taken.size
        join(first, free, membership, last, len(peaks))
        peaks.extend(free[ahead[taken[:last]]].tolist())
        covered.extend(totals[:last].tolist())
        if enough.size:
            return directions.finish(peaks, covered, membership)
        # a tile that covers much makes the next one multiply rows that it covers itself: take fewer
        width = min(2 * width, LARGEST_TILE) if joined.sum() * 8 < alive else max(width // 2, SMALLEST_TILE)
        alive = n - int(totals[-1])
        if alive < 0.85 * free.size:
            free = directions.compact(free, membership)


@dataclass(eq=False)
class _Directions:
    """Rows in order of decreasing norm: as given, and as unit vectors in float32 with the error of their products."""

    given: NDArray[Any]
    norm: NDArray[np.float64]
    order: NDArray[np.int64]
    rough: NDArray[np.float32]
    margin: float

    @classmethod
    def of(cls, vectors: ArrayLike) -> _Directions:
        given = as_rows(vectors)
        n, f = given.shape
        norm = np.empty(n)

        def measure(part: slice) -> None:
            rows = np.ascontiguousarray(given[part], dtype=np.float64)
            norm[part] = np.sqrt((rows * rows).sum(1))

        _each_block(measure, n)
        if not np.isfinite(norm).all():
            require_finite(given, "vectors")
        order = np.argsort(-norm, kind="stable")[: int((norm > 0).sum())]
        if not order.size:
            raise ValueError("vectors must hold a row of non-zero norm; all norms are 0")
        rough = np.empty((order.size, f), dtype=np.float32)
        # above the rounding of a float32 product of f terms, in any order, of float32 roundings of u
        directions = cls(given, norm, order, rough, (f + 8) * 2.0**-23)
        if norm[order[-1]] > 1e-30 and norm[order[0]] < 1e30:

            def normalise(part: slice) -> None:
                rough[part] = given[order[part]] / norm[order[part]].astype(given.dtype)[:, None]

            _each_block(normalise, order.size)
        else:  # squares that underflow leave "unit" vectors that are longer than 1
            rough[:] = unit = directions.exact(np.arange(order.size))
            directions.margin *= max(1.0, float((unit * unit).sum(1).max()))
        return directions

    def exact(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """The unit vectors of these rows (by rank of norm), in float64 and C order: the last bit depends on the layout."""
        places = self.order[rows]
        return np.asarray(
            np.ascontiguousarray(self.given[places], dtype=np.float64) / self.norm[places][:, None]
        )

    def peaks_among(
        self, rows: NDArray[np.int64], rough: NDArray[np.float32], cosine: float
    ) -> NDArray[np.int64]:
        """Which candidates no earlier candidate that is itself a peak covers."""
        products = rough @ rough.T
        joins = products > cosine
        for i, j in np.argwhere(np.triu(np.abs(products - cosine) <= self.margin, 1)):
            joins[i, j] = (self.exact(rows[[i]]) * self.exact(rows[[j]])).sum(1)[0] > cosine
        open_ = np.ones(rows.size, dtype=bool)
        for i in range(rows.size):
            if open_[i]:
                open_[i + 1 :] &= ~joins[i, i + 1 :]
        return np.flatnonzero(open_)

    def first_cover(
        self,
        free: NDArray[np.int64],
        rough: NDArray[np.float32],
        peaks: NDArray[np.int64],
        membership: NDArray[np.int32],
        cosine: float,
    ) -> NDArray[np.int32]:
        """The first of the peaks whose cone holds each row that is not covered yet, -1 for none."""
        first = np.full(free.size, -1, dtype=np.int32)
        low, high = np.float32(cosine - self.margin), np.float32(cosine + self.margin)
        candidates = np.ascontiguousarray(rough.T)
        scratch = threading.local()

        def cover(part: slice) -> None:
            if not hasattr(scratch, "products"):  # fresh memory costs as much as the product
                scratch.products = np.empty((min(BLOCK, free.size), peaks.size), dtype=np.float32)
            products = np.matmul(self.rough[part], candidates, out=scratch.products[: first[part].size])
            doubtful = first_above(products, low, high, free[part], membership, first[part])
            for row in np.flatnonzero(doubtful):
                exact = self.exact(free[part][[row]])
                for k in np.flatnonzero(products[row] >= low):
                    if products[row, k] > high or (exact * self.exact(peaks[[k]])).sum(1)[0] > cosine:
                        first[part.start + row] = k
                        break

        _each_block(cover, free.size)
        first[np.searchsorted(free, peaks)] = np.arange(peaks.size)  # a peak covers itself
        return first

    def compact(self, free: NDArray[np.int64], membership: NDArray[np.int32]) -> NDArray[np.int64]:
        """Move the rows not covered to the front of `rough`, in place; return them."""
        keep = membership[free] < 0
        filled = 0
        for part in _blocks(free.size):
            rows = self.rough[part][keep[part]]
            self.rough[filled : filled + len(rows)] = rows
            filled += len(rows)
        self.rough = self.rough[:filled]
        return free[keep]

    def finish(self, peaks: list[int], covered: list[int], membership: NDArray[np.int32]) -> Spikes:
        """Name rows as the caller does."""
        full = np.full(len(self.given), -1, dtype=np.int64)
        full[self.order] = membership
        return Spikes(self.order[peaks], np.array(covered, dtype=np.int64), full, len(full) - self.order.size)


def _blocks(n: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, n, BLOCK)]


def _each_block(work: Callable[[slice], None], n: int) -> None:
    """Do the blocks on as many threads as numba may use, each with a BLAS of one thread."""
    parts = _blocks(n)
    if len(parts) < 8:
        for part in parts:
            work(part)
        return
    with threadpool_limits(1, user_api="blas"):
        in_threads(lambda k: work(parts[k]), len(parts))
