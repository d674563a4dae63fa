"""How does Spk depend on its thresholds, the cosine c and the coverage rho? One search for each cosine.

The peaks of a smaller coverage are the first peaks of a larger one, so that one search answers all coverages
(docs/theory.md, section 8.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_number
from theory.analysis.spikes import spikiness


@dataclass(frozen=True, eq=False)
class SpikinessGrid:
    """Spk over thresholds: `n_peaks` (cosines, coverages), and `n`, the rows of non-zero norm."""

    cosines: tuple[float, ...]
    coverages: tuple[float, ...]
    n_peaks: NDArray[np.int64]
    n: int

    @property
    def values(self) -> NDArray[np.float64]:
        """(cosines, coverages) Spk = peaks over non-zero rows."""
        return np.asarray(self.n_peaks / self.n)


def spikiness_grid(
    vectors: ArrayLike,
    cosines: Sequence[float] = (0.8, 0.85, 0.9, 0.95),
    coverages: Sequence[float] = (0.3, 0.5, 0.7, 0.9),
) -> SpikinessGrid:
    """Return Spk for every pair of a cosine and a coverage, in the time of one `spikiness` for each cosine.

    Raises
    ------
    ValueError
        for an empty list, a threshold out of range, or what `spikiness` refuses.

    Examples
    --------
    >>> spikiness_grid(np.eye(10), cosines=[0.9], coverages=[0.35, 0.5, 1.0]).n_peaks.tolist()
    [[4, 6, 10]]
    """
    if not len(cosines) or not len(coverages):
        raise ValueError(
            f"cosines and coverages must each hold at least one value; got {list(cosines)} and {list(coverages)}"
        )
    for coverage in coverages:
        require_number(coverage, "coverage", above=0, most=1)
    rows, n = [], 0
    for cosine in cosines:
        spikes = spikiness(vectors, cosine=cosine, coverage=max(coverages))
        n = spikes.membership.size - spikes.n_zero
        enough = [(spikes.covered > float(coverage * n)) | (spikes.covered == n) for coverage in coverages]
        rows.append([int(np.argmax(reached)) + 1 for reached in enough])
    return SpikinessGrid(tuple(cosines), tuple(coverages), np.array(rows, dtype=np.int64), n)
