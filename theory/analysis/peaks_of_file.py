"""Which rows are the peaks of vectors that lie in a file and do not fit into memory? The same search, in passes over the file.

Which rows are peaks is decided among rows of larger norm alone. So a batch of peaks is found among the rows of largest norm
that are still open; then one pass over the file gives every open row to the first of these peaks whose cone holds it. What the
batch covers is counted peak by peak, and what lies behind the last peak needed is taken back. The result is that of
`theory.analysis.peak_search`: the same peaks in the same order, and the same rows in their spikes. Memory holds some numbers a
row (norm, order, spike), a batch of peaks and a block of rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from theory.analysis.cones import Rows
from theory.analysis.peak_search import CHUNK, KEPT, LONG, PeakSearch
from theory.analysis.short_products import TURNING, shorten

IN_MEMORY = 1 << 30  # bytes of a float32 copy of the vectors, up to which it is held
BLOCK = 1 << 26  # bytes of unit vectors that are held of a pass
BATCH, MOST_IN_BATCH = (
    256,
    4096,
)  # peaks of the first pass, and of any: few passes, and few peaks more than are needed
AHEAD = 1.25  # times the peaks that seem to be needed: the later ones cover less
SPAN = 1 << 16  # ranks that are looked through at once for open ones
Tiles = list[tuple[Rows, int]]  # peaks, and the number of the first


def search_peaks(search: PeakSearch, coverage: float, most: int | None = None, *, in_memory: int) -> bool:
    """Search all rows as `PeakSearch.run` does, in passes over the file where `in_memory` bytes do not hold a copy of them.

    Examples
    --------
    >>> from simulate.pages import scratch_rows
    >>> from theory.analysis.cones import Directions
    >>> rows = scratch_rows((4, 2), np.float32)
    >>> rows[:] = [[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.1, 0.0]]
    >>> search = PeakSearch.of(Directions.of(rows), 0.9)
    >>> search_peaks(search, 1.0, in_memory=0), search.peaks, search.covered
    (True, [0, 1], [3, 4])
    """
    directions = search.directions
    copied = 4 * directions.order.size * directions.given.shape[1]
    if not directions.pages.mapped or copied <= in_memory:
        return search.run(coverage, most)
    return _Passes(search, coverage).run(search.membership.size if most is None else most)


class _Passes:
    """A search in passes over the file: `joined` rows are covered by the peaks so far."""

    def __init__(self, search: PeakSearch, coverage: float) -> None:
        self.search, self.coverage, self.joined = search, coverage, 0
        self.directions, self.n = search.directions, search.membership.size
        # what another search has found out for itself may not pay here, where rows are turned anew in every pass
        self.directions.head, self.directions.axes = self.directions.given.shape[1], None
        self.rank_of = np.full(len(self.directions.given), -1, dtype=np.int64)
        self.rank_of[self.directions.order] = np.arange(self.n)

    def run(self, most: int) -> bool:
        """Take peaks, `most` at most; return whether they cover enough."""
        search, size = self.search, BATCH
        while True:
            offset = len(search.peaks)
            tiles, decided = self._batch(min(offset + size, most))
            self._give(tiles, decided)
            labels = search.membership[search.membership >= offset] - offset
            joined = np.bincount(labels, minlength=len(search.peaks) - offset)
            totals = self.joined + np.cumsum(joined)
            enough = np.flatnonzero((totals > float(self.coverage * self.n)) | (totals == self.n))
            if enough.size:
                last = int(enough[0]) + 1
                search.membership[search.membership >= offset + last] = -1
                del search.peaks[offset + last :]
                totals = totals[:last]
            search.covered.extend(totals.tolist())
            if enough.size or len(search.peaks) == most:
                return bool(enough.size)
            self.joined = int(totals[-1])
            to_come = (self.coverage * self.n - totals[-1]) * joined.size / joined.sum()
            size = int(np.clip(AHEAD * to_come, BATCH, min(4 * size, MOST_IN_BATCH)))
            self._shorten(size)

    def _batch(self, most: int) -> tuple[Tiles, int]:
        """Find peaks until there are `most`; return them, and the rank before which every row is decided."""
        search, tiles, decided = self.search, Tiles(), 0
        while len(search.peaks) < most and (ranks := self._open_from(decided)).size:
            chunk = self.directions.rows(ranks)
            for peaks, offset in tiles:
                search.cover(chunk, peaks, offset)
            tiles += search.peaks_of(chunk, most)
            decided = int(ranks[-1]) + 1
        return tiles, decided

    def _open_from(self, start: int) -> NDArray[np.int64]:
        """The next rows without a spike, by rank from `start` on, as many as are looked at at once."""
        found, count = [np.empty(0, dtype=np.int64)], 0
        while start < self.n and count < CHUNK:
            found.append(start + np.flatnonzero(self.search.membership[start : start + SPAN] < 0))
            count, start = count + found[-1].size, start + SPAN
        return np.concatenate(found)[:CHUNK]

    def _give(self, tiles: Tiles, decided: int) -> None:
        """Let every open row from rank `decided` on join the first of the peaks whose cone holds it."""
        for ranks in self._blocks(decided):
            rows = self.directions.rows(ranks)
            for peaks, offset in tiles:
                self.search.cover(rows, peaks, offset)
                still = (self.search.membership[rows.ranks] < 0).mean()
                if still < KEPT:
                    rows.keep_open(self.search.membership)
                if not still:
                    break

    def _blocks(self, decided: int) -> Iterator[NDArray[np.int64]]:
        """The open rows of each block of the file, by rank."""
        step = max(1, BLOCK // (4 * self.directions.given.shape[1]))
        for start in range(0, self.rank_of.size, step):
            ranks = self.rank_of[start : start + step]
            ranks = ranks[ranks >= decided]
            ranks = ranks[self.search.membership[ranks] < 0]
            if ranks.size:
                yield ranks

    def _shorten(self, size: int) -> None:
        """Turn rows to principal axes from the next pass on, if a batch of `size` peaks makes up for it."""
        f = self.directions.given.shape[1]
        if self.directions.axes is not None or size <= TURNING * f or size * (self.n - self.joined) < LONG:
            return
        ranks = np.flatnonzero(self.search.membership < 0)
        gain = shorten(self.directions, ranks, ranks[:size], self.search.cosine)
        if gain * size < TURNING * f:
            self.directions.head, self.directions.axes = f, None
