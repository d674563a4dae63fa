"""Which rows lie in the cone of which peak, decided in float64 at the cost of float32.

Products in float32 propose and the formula of `theory.analysis.spikes` decides: only a cosine within rounding of the threshold
is computed again, from the rows as given, so that one float32 copy of the directions suffices. Candidates are taken by tiles
in order of norm; the products within a tile tell its peaks from the rows that they cover, so that only peaks multiply the
rows that are not covered yet.
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
from simulate.validation import require_finite
from theory.analysis.inputs import as_rows
from theory.kernels.first_cones import first_above, joined_pairs, uncovered

BLOCK = 8192  # rows multiplied at once: their products with a tile stay in cache


@dataclass(eq=False)
class Directions:
    """Rows in order of decreasing norm: as given, and as unit vectors in float32 with the error of their products."""

    given: NDArray[Any]
    norm: NDArray[np.float64]
    order: NDArray[np.int64]
    rough: NDArray[np.float32]
    margin: float

    @classmethod
    def of(cls, vectors: ArrayLike) -> Directions:
        """Sort and normalise `vectors` (n, f); a ValueError if they are not finite or all of norm 0."""
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
        joins, doubtful = joined_pairs(products, np.float32(cosine), np.float32(self.margin))
        for i, j in doubtful:
            joins[i, j] = (self.exact(rows[[i]]) * self.exact(rows[[j]])).sum(1)[0] > cosine
        return np.asarray(uncovered(joins))

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
