"""Which community does each row belong to: one partition of all rows by the spikes of an embedding.

Spk stops at half of the rows and so labels only these. Here the search goes on until every row is covered, the spikes of at
least `least` rows are taken for communities, and every other row joins the one whose peak is nearest in angle. Spk itself
keeps its coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_integer
from theory.analysis.inputs import as_rows
from theory.analysis.spikes import spikiness

LEAST = 10  # rows of a spike that counts as a community
SCORES = 2**24  # cosines held at once


@dataclass(frozen=True, eq=False)
class SpikePartition:
    """All rows by spike: `labels` (n,), the part of each row from 0 on, -1 for rows of zero norm.

    `peaks` (k,), the row at the peak of each part, in order of decreasing norm; `sizes` (k,), the rows of each part;
    `inside` (n,), whether a row lies within the cone of its peak (the others joined it because it is the nearest);
    `resolved`, False where no spike has enough rows: all rows then form one part, whose peak is the row of largest norm, and
    no row counts as inside.
    """

    labels: NDArray[np.int64]
    peaks: NDArray[np.int64]
    sizes: NDArray[np.int64]
    inside: NDArray[np.bool_]
    resolved: bool

    @property
    def n_parts(self) -> int:
        """The number of parts, at least 1."""
        return int(self.peaks.size)


def partition_by_spikes(vectors: ArrayLike, *, cosine: float = 0.9, least: int = LEAST) -> SpikePartition:
    """Return the partition of all rows by the spikes of at least `least` rows.

    Parameters
    ----------
    vectors : (n, f) rows, finite; those of norm 0 have no direction and belong to no part.
    cosine : c in (0, 1), the cone of a spike, as in `spikiness`.
    least : rows that a spike needs to count as a part.

    A row inside several cones belongs to the first peak in order of norm, as in `spikiness`; a row in none of the parts'
    spikes joins the peak of largest cosine, ties to the earlier peak. Time is that of `spikiness` at coverage 1 and
    O(n f k); memory is that of `spikiness` and 128 MiB of cosines.

    Raises
    ------
    ValueError
        for a `least` below 1, or what `spikiness` refuses.

    Examples
    --------
    >>> rows = np.kron(np.eye(2), np.ones((10, 1))) * np.linspace(9, 1, 20)[:, None]
    >>> found = partition_by_spikes(np.vstack([rows, [[0.3, 0.4], [0.0, 0.0]]]))
    >>> found.sizes.tolist(), found.labels[-2:].tolist()
    ([10, 11], [1, -1])
    """
    least = require_integer(least, "least", least=1)
    v = as_rows(vectors)
    spikes = spikiness(v, cosine=cosine, coverage=1.0)
    large = np.flatnonzero(spikes.sizes >= least)
    live = spikes.membership >= 0
    if not large.size:
        labels = np.where(live, 0, -1)
        peaks, inside = spikes.peaks[:1], np.zeros(len(v), dtype=bool)
        return SpikePartition(labels, peaks, np.array([live.sum()]), inside, False)
    number = np.full(spikes.n_peaks + 1, -1, dtype=np.int64)  # the last entry is that of zero rows
    number[large] = np.arange(large.size)
    labels = number[spikes.membership]
    inside = labels >= 0
    others = np.flatnonzero(live & ~inside)
    directions = v[spikes.peaks[large]].astype(np.float64)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    step = max(1, SCORES // large.size)
    for start in range(0, others.size, step):
        part = others[start : start + step]
        labels[part] = np.argmax(v[part].astype(np.float64) @ directions.T, axis=1)
    return SpikePartition(
        labels, spikes.peaks[large], np.bincount(labels[live], minlength=large.size), inside, True
    )
