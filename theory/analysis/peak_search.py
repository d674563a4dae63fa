"""The search for peaks: rows in order of decreasing norm, by tiles, until enough rows are covered.

Candidates are taken by tiles in order of norm; the products within a tile tell its peaks from the rows that they cover, so
that only peaks multiply the rows that are not covered yet. When a search turns out to be long, the products are shortened.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from theory.analysis.cones import Directions, Rows
from theory.analysis.short_products import TURNING, shorten
from theory.kernels.first_cones import first_open, join, tally

SMALLEST_TILE, LARGEST_TILE = 64, 256  # candidates taken at once
KEPT = 0.92  # share of the rows still open, below which the others are dropped
CHUNK = 8192  # rows of large norm among which peaks are looked for at once
LONG = 2**24  # pairs still to come, from which on shorter products are looked for


@dataclass(eq=False)
class PeakSearch:
    """What is known so far, by rank of norm: the `peaks`, `covered` after each, and the `membership` (n,) of all rows."""

    directions: Directions
    cosine: float
    membership: NDArray[np.int32]
    peaks: list[int] = field(default_factory=list)
    covered: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, directions: Directions, cosine: float) -> PeakSearch:
        """A search in which nothing is covered yet."""
        return cls(directions, cosine, np.full(directions.order.size, -1, dtype=np.int32))

    def run(self, coverage: float, most: int | None = None) -> bool:
        """Search all rows; return whether enough are covered, which is not so when `most` peaks did not suffice."""
        n = self.membership.size
        rows, alive, width = self.directions.rows(np.arange(n)), n, SMALLEST_TILE
        look = 0  # peaks, from which on it is seen again whether shorter products pay
        while True:
            peaks, first = self.cover_with_next(rows, min(width, alive))
            joined = tally(first, peaks.ranks.size)
            totals = n - alive + np.cumsum(joined)
            enough = np.flatnonzero((totals > float(coverage * n)) | (totals == n))
            last = int(enough[0]) + 1 if enough.size else peaks.ranks.size
            if most is not None:
                last = min(last, most - len(self.peaks))
            self.join(rows, first, last)
            self.peaks.extend(peaks.ranks[:last].tolist())
            self.covered.extend(totals[:last].tolist())
            if enough.size and last == enough[0] + 1:
                return True
            if len(self.peaks) == most:
                return False
            # a tile that covers much makes the next one multiply rows that it covers itself: take fewer
            width = (
                min(2 * width, LARGEST_TILE) if joined.sum() * 8 < alive else max(width // 2, SMALLEST_TILE)
            )
            alive = n - int(totals[-1])
            to_come = (coverage * n - totals[-1]) * peaks.ranks.size / joined.sum()
            may_pay = to_come * alive > LONG and to_come > TURNING * self.directions.given.shape[1]
            if self.directions.axes is None and may_pay and len(self.peaks) >= look and width == LARGEST_TILE:
                look = 2 * len(self.peaks)  # the rows that stay open may differ from those covered first
                rows = self._shortened(rows, to_come)
            elif alive < KEPT * rows.ranks.size:
                rows.keep_open(self.membership)

    def cover_with_next(self, rows: Rows, width: int) -> tuple[Rows, NDArray[np.int32]]:
        """Take the next `width` open rows; return the peaks among them, and the first of these that covers each row."""
        ahead = first_open(rows.ranks, self.membership, width)
        candidates = rows.take(ahead)
        taken = self.directions.peaks_among(candidates, self.cosine)
        peaks = candidates.take(taken)
        first = self.directions.first_cover(rows, peaks, self.membership, self.cosine)
        first[ahead[taken]] = np.arange(taken.size)  # a peak covers itself
        return peaks, first

    def peaks_of(self, chunk: Rows, most: int) -> list[tuple[Rows, int]]:
        """Take all peaks of a chunk, `most` at most in all; return them by tiles, each with the number of its first peak."""
        found = []
        while len(self.peaks) < most:
            chunk.keep_open(self.membership)
            if not chunk.ranks.size:
                break
            peaks, first = self.cover_with_next(chunk, min(LARGEST_TILE, chunk.ranks.size))
            last, offset = min(peaks.ranks.size, most - len(self.peaks)), len(self.peaks)
            self.join(chunk, first, last)
            self.peaks.extend(peaks.ranks[:last].tolist())
            found.append((peaks.take(np.arange(last)), offset))
        return found

    def join(self, rows: Rows, first: NDArray[np.int32], last: int) -> None:
        """Give each row that one of the first `last` peaks of a tile covers the number of its spike."""
        join(first, rows.ranks, self.membership, last, len(self.peaks))

    def cover(self, rows: Rows, peaks: Rows, offset: int) -> None:
        """Let rows join the spikes of peaks already taken, of which the first has the number `offset`."""
        first = self.directions.first_cover(rows, peaks, self.membership, self.cosine)
        join(first, rows.ranks, self.membership, peaks.ranks.size, offset)

    def _shortened(self, rows: Rows, to_come: float) -> Rows:
        """The open rows on principal axes, if the peaks to come make up for turning them; else the rows as they are."""
        rows.keep_open(self.membership)
        ranks = rows.ranks
        gain = shorten(self.directions, ranks, ranks[: max(1, int(to_come))], self.cosine)
        if not gain:
            return rows
        if gain * to_come < TURNING * self.directions.given.shape[1]:
            self.directions.head, self.directions.axes = self.directions.given.shape[1], None
            return rows
        rows.rough = np.empty((0, 0), dtype=np.float32)  # the old copy goes before the new one comes
        return self.directions.rows(ranks)
