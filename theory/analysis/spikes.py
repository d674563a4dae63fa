"""Spk: the least number of peaks, in order of decreasing norm, whose cones hold more than a share of the vectors.

The authors' rule in float64: v = vectors, norm = sqrt((v * v).sum(1)), stable order of decreasing norm (ties by row
index), u = v / norm; a row joins a peak's spike when (u_i * u_j).sum() > cosine; stop once covered > coverage * n, with n the
rows of non-zero norm (coverage = 1: once all are covered). `theory.analysis.cones` says how it is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_number
from theory.analysis.cones import Directions
from theory.kernels.first_cones import first_open, join, tally

SMALLEST_TILE, LARGEST_TILE = 64, 256  # candidates taken at once


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
    directions = Directions.of(vectors)
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
            return _named(directions, peaks, covered, membership)
        # a tile that covers much makes the next one multiply rows that it covers itself: take fewer
        width = min(2 * width, LARGEST_TILE) if joined.sum() * 8 < alive else max(width // 2, SMALLEST_TILE)
        alive = n - int(totals[-1])
        if alive < 0.85 * free.size:
            free = directions.compact(free, membership)


def _named(
    directions: Directions, peaks: list[int], covered: list[int], membership: NDArray[np.int32]
) -> Spikes:
    """The spikes with rows numbered as in the caller's matrix instead of by norm."""
    full = np.full(len(directions.given), -1, dtype=np.int64)
    full[directions.order] = membership
    n_zero = len(full) - directions.order.size
    return Spikes(directions.order[peaks], np.array(covered, dtype=np.int64), full, n_zero)
