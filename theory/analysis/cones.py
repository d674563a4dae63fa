"""Which rows lie in the cone of which peak, decided in float64 at the cost of float32, and of few of the coordinates.

Products in float32 propose and the formula of `theory.analysis.spikes` decides: only a cosine within rounding of the threshold
is computed again, from the rows as given. Where `theory.analysis.short_products` found that it pays, rows are turned to
principal axes and most pairs are decided by their first m coordinates: by Cauchy and Schwarz

    u . v  <=  u_m . v_m  +  |rest of u| |rest of v|,

so that only pairs whose bound reaches the threshold need the other coordinates.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import ThreadpoolController

from simulate.compiled import in_threads
from simulate.pages import PagesInUse, empty_pages
from simulate.validation import require_finite
from theory.analysis.inputs import as_rows
from theory.kernels.first_cones import DOUBTFUL, first_above, near_ties, not_covered

BLOCK = 8192  # rows that a thread takes at once
WIDE = 2048  # rows that a thread has in float64 at once
STRIP = (
    512  # rows multiplied at once: their products with a tile of candidates stay in the second level of cache
)


@dataclass(eq=False)
class Rows:
    """Some rows as unit vectors in float32: `ranks` (r,) by norm, `rough` (r, f), and `rest` (r,), the length beyond the head."""

    ranks: NDArray[np.int64]
    rough: NDArray[np.float32]
    rest: NDArray[np.float32]

    def take(self, places: NDArray[np.int64]) -> Rows:
        """A copy of the rows at these places."""
        return Rows(self.ranks[places], self.rough[places], self.rest[places])

    def keep_open(self, membership: NDArray[np.int32]) -> None:
        """Drop the rows that have a spike, in place."""
        keep, filled = membership[self.ranks] < 0, 0
        for part in _blocks(self.ranks.size):
            rows = self.rough[part][keep[part]]
            self.rough[filled : filled + len(rows)] = rows
            filled += len(rows)
        self.ranks, self.rough, self.rest = self.ranks[keep], self.rough[:filled], self.rest[keep]


@dataclass(eq=False)
class Directions:
    """Rows in order of decreasing norm, and how to compare them.

    `margin` is the largest error of a float32 product of two unit vectors. `axes` (f, f) turns them to other axes, None leaves
    them; a product is begun with the first `head` coordinates. `pages` lets what is read of a mapped file go from memory.
    """

    given: NDArray[Any]
    norm: NDArray[np.float64]
    order: NDArray[np.int64]
    margin: float
    head: int
    pages: PagesInUse
    axes: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, vectors: ArrayLike) -> Directions:
        """Measure and sort `vectors` (n, f); a ValueError if they are not finite or all of norm 0."""
        given = as_rows(vectors)
        pages = PagesInUse(given)
        n, f = given.shape
        norm = np.empty(n)

        def measure(part: slice) -> None:
            rows = np.ascontiguousarray(given[part], dtype=np.float64)
            norm[part] = np.sqrt((rows * rows).sum(1))
            pages.used(len(rows))

        _each_block(measure, n, WIDE)
        if (bad := np.flatnonzero(~np.isfinite(norm))).size:
            require_finite(given[: bad[0] + 1], "vectors")
        order = np.argsort(-norm, kind="stable")[: int((norm > 0).sum())]
        if not order.size:
            raise ValueError("vectors must hold a row of non-zero norm; all norms are 0")
        # above the rounding of a float32 product of f terms, in any order, of float32 roundings of u
        directions = cls(given, norm, order, (f + 8) * 2.0**-23, f, pages)
        if not directions.plain:  # squares that underflow leave "unit" vectors that are longer than 1
            longest = 1.0
            for part in _blocks(order.size):
                unit = directions.exact(np.arange(order.size)[part])
                longest = max(longest, float((unit * unit).sum(1).max()))
            directions.margin *= longest
        return directions

    @property
    def plain(self) -> bool:
        """Whether no square of a norm comes near the limits of float64, or a norm near those of float32."""
        return bool(self.norm[self.order[-1]] > 1e-30 and self.norm[self.order[0]] < 1e30)

    def exact(self, ranks: NDArray[np.int64]) -> NDArray[np.float64]:
        """The unit vectors of these rows in float64 and C order: the last bit depends on the layout."""
        places = self.order[ranks]
        return np.asarray(
            np.ascontiguousarray(self.pages.rows(places), dtype=np.float64) / self.norm[places][:, None]
        )

    def rows(self, ranks: NDArray[np.int64]) -> Rows:
        """These rows as float32 unit vectors on the axes chosen; those of a mapped file are read in the order of the file."""
        found = Rows(
            ranks,
            empty_pages((ranks.size, self.given.shape[1]), np.float32),
            np.zeros(ranks.size, np.float32),
        )
        simple = self.axes is None and self.plain
        read = np.argsort(self.order[ranks], kind="stable") if self.pages.mapped else None

        def normalise(part: slice) -> None:
            to = part if read is None else read[part]
            if simple:
                places = self.order[ranks[to]]
                norm = self.norm[places].astype(self.given.dtype)[:, None]
                if read is None:
                    np.divide(self.given[places], norm, out=found.rough[part], casting="same_kind")
                else:
                    found.rough[to] = self.pages.rows(places) / norm
                return
            rows = self.exact(ranks[to])
            rows = rows if self.axes is None else rows @ self.axes
            found.rough[to] = rows
            tail = rows[:, self.head :]  # its length is rounded up, so that the bound stays one
            found.rest[to] = np.sqrt(np.einsum("ij,ij->i", tail, tail)) * (1 + 2.0**-20) + 2.0**-30

        _each_block(normalise, ranks.size, WIDE)
        return found

    def peaks_among(self, candidates: Rows, cosine: float) -> NDArray[np.int64]:
        """Which candidates no earlier candidate that is itself a peak covers."""
        products = candidates.rough @ candidates.rough.T
        for i, j in near_ties(products, np.float32(cosine - self.margin), np.float32(cosine + self.margin)):
            products[i, j] = 2 if self.joins(candidates.ranks[i], candidates.ranks[j], cosine) else -2
        return np.asarray(not_covered(products, np.float32(cosine)))

    def joins(self, i: int, j: int, cosine: float) -> bool:
        """The rule to the letter, for two rows by rank."""
        return bool((self.exact(np.array([i])) * self.exact(np.array([j]))).sum(1)[0] > cosine)

    def first_cover(
        self, rows: Rows, peaks: Rows, membership: NDArray[np.int32], cosine: float
    ) -> NDArray[np.int32]:
        """The first of the peaks whose cone holds each row that is not covered yet, -1 for none."""
        first = np.full(rows.ranks.size, -1, dtype=np.int32)
        low, high = np.float32(cosine - self.margin), np.float32(cosine + self.margin)
        head, f = self.head, rows.rough.shape[1]
        reach = low if head == f else np.float32(cosine - 2 * self.margin)  # the bound is rounded too
        candidates = np.ascontiguousarray(peaks.rough[:, :head].T)
        begun, scratch = rows.rough[:, :head], threading.local()

        def cover(part: slice) -> None:
            if not hasattr(scratch, "products"):  # fresh memory costs as much as the product
                scratch.products = np.empty((STRIP, peaks.ranks.size), dtype=np.float32)
            stop = min(part.stop, first.size)
            for start in range(part.start, stop, STRIP):
                size = min(STRIP, stop - start)
                products = scratch.products[:size]
                np.matmul(begun[start : start + size], candidates, out=products)
                if first_above(
                    products,
                    start,
                    size,
                    head,
                    rows.rough,
                    rows.rest,
                    peaks.rough,
                    peaks.rest,
                    reach,
                    low,
                    high,
                    rows.ranks,
                    membership,
                    first,
                ):
                    for row in np.flatnonzero(first[start : start + size] == DOUBTFUL):
                        first[start + row] = self._first_exactly(rows, start + row, peaks, cosine)

        _each_block(cover, first.size)
        return first

    def _first_exactly(self, rows: Rows, place: int, peaks: Rows, cosine: float) -> int:
        """The first of the peaks whose cone holds one row, -1 for none, by the rule wherever rounding could decide."""
        products = peaks.rough @ rows.rough[place]
        for k in np.flatnonzero(products >= cosine - self.margin):
            if products[k] > cosine + self.margin or self.joins(rows.ranks[place], peaks.ranks[k], cosine):
                return int(k)
        return -1


def _blocks(n: int, size: int = BLOCK) -> list[slice]:
    return [slice(start, start + size) for start in range(0, n, size)]


def _each_block(work: Callable[[slice], None], n: int, size: int = BLOCK) -> None:
    """Do the blocks on as many threads as numba may use, each with a BLAS of one thread."""
    parts = _blocks(n, size)
    with _controller().limit(limits=1, user_api="blas"):
        if len(parts) < 8:
            for part in parts:
                work(part)
        else:
            in_threads(lambda k: work(parts[k]), len(parts))


@cache
def _controller() -> ThreadpoolController:
    """The libraries loaded; finding them anew takes as long as a tile of products."""
    return ThreadpoolController()
