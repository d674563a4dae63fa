"""Which community does each row belong to: one partition of all rows by the spikes of an embedding.

Spk stops at half of the rows and so labels only these. Here the search goes on until every row is covered, the spikes of at
least `least` rows are taken for communities, and every other row joins the one whose peak is nearest in angle. Spk itself
keeps its coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_finite, require_instance, require_integer
from theory.analysis.inputs import as_rows, of_unit_scale
from theory.analysis.spikes import Spikes, spikiness

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


def nearest_spike(vectors: ArrayLike, spikes: Spikes) -> NDArray[np.int64]:
    """Return (n,) the number of the peak nearest in angle to each row, -1 for rows of zero norm.

    Unlike `Spikes.membership`, which a row gets from the first peak that covers it, this leaves no row out and no
    order matters; ties go to the earlier peak. Rows are taken in blocks of bounded memory.

    Raises
    ------
    ValueError
        if `vectors` is not the matrix whose spikes these are (another number of rows).

    Examples
    --------
    >>> rows = [[3.0, 0.0], [0.0, 2.0], [1.0, 1.1], [0.0, 0.0]]
    >>> nearest_spike(rows, spikiness(rows, coverage=0.5)).tolist()
    [0, 1, 1, -1]
    """
    require_instance(spikes, "spikes", Spikes)
    v = as_rows(vectors)
    require_finite(v, "vectors")
    if len(v) != spikes.membership.size:
        raise ValueError(
            f"vectors must have the {spikes.membership.size} rows of the spikes; got {len(v)} rows"
        )
    v = of_unit_scale(v)
    peaks = v[spikes.peaks] / np.linalg.norm(v[spikes.peaks], axis=1)[:, None]
    nearest = np.empty(len(v), dtype=np.int64)
    block = max(1, 2**24 // len(peaks))
    for start in range(0, len(v), block):
        part = v[start : start + block]
        nearest[start : start + block] = np.where(part.any(axis=1), np.argmax(part @ peaks.T, axis=1), -1)
    return nearest
