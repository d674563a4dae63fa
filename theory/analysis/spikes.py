"""Spk: the least number of peaks, in order of decreasing norm, whose cones hold more than a share of the vectors.

The authors' rule in float64: v = vectors, norm = sqrt((v * v).sum(1)), stable order of decreasing norm (ties by row
index), u = v / norm; a row joins a peak's spike when (u_i * u_j).sum() > cosine; stop once covered > coverage * n, with n the
rows of non-zero norm (coverage = 1: once all are covered). `theory.analysis.peak_search` and `cones` say how it is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_number
from theory.analysis.cones import Directions
from theory.analysis.peak_search import PeakSearch


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
    search = PeakSearch.of(directions, cosine)
    search.run(coverage)
    return spikes_of_search(search)


def spikes_of_search(search: PeakSearch) -> Spikes:
    """Return the spikes with rows numbered as in the caller's matrix instead of by norm."""
    directions = search.directions
    full = np.full(len(directions.given), -1, dtype=np.int64)
    full[directions.order] = search.membership
    n_zero = len(full) - directions.order.size
    return Spikes(directions.order[search.peaks], np.array(search.covered, dtype=np.int64), full, n_zero)
