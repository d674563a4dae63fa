"""Spk as a curve over the rank f and as a grid over cosine and coverage, and what the spikes are made of.

A curve scales the kept eigenvectors afresh for every rank. A grid needs one search a cosine: the peaks of a smaller
coverage are the first peaks of a larger one (docs/theory.md, section 8.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import (
    require_finite,
    require_generator,
    require_instance,
    require_integer,
    require_integers,
    require_labels,
    require_number,
)
from theory.analysis.embedding import Embedding
from theory.analysis.inputs import as_rows, of_unit_scale
from theory.analysis.scalings import Scaling
from theory.analysis.spikes import Spikes, spikiness


@dataclass(frozen=True, eq=False)
class SpikinessCurve:
    """Spk at each rank: `ranks`, `n_peaks` and `values` (m,), and the `spikes` behind them."""

    ranks: NDArray[np.int64]
    spikes: tuple[Spikes, ...]

    @property
    def n_peaks(self) -> NDArray[np.int64]:
        """(m,) peaks at each rank."""
        return np.array([found.n_peaks for found in self.spikes], dtype=np.int64)

    @property
    def values(self) -> NDArray[np.float64]:
        """(m,) Spk at each rank."""
        return np.array([found.value for found in self.spikes])


def spikiness_curve(
    embedding: Embedding,
    ranks: Sequence[int] | None = None,
    scaling: Scaling = "full",
    *,
    cosine: float = 0.9,
    coverage: float = 0.5,
) -> SpikinessCurve:
    """Return Spk(f) of an embedding for several ranks f.

    Parameters
    ----------
    embedding : from `embed`.
    ranks : each in 1..embedding.rank; None takes 2, 3, 4, 6, 8, 12, 16, ... and the rank itself.
    scaling, cosine, coverage : as in `Embedding.vectors` and `spikiness`.

    Raises
    ------
    ValueError
        for a rank outside 1..embedding.rank, none at all, or what `spikiness` refuses.

    Examples
    --------
    >>> rows = np.kron(np.eye(3), np.ones((1, 4)))
    >>> curve = spikiness_curve(Embedding(np.array([4.0, 4.0, 4.0]), rows.T / 2), [1, 2, 3], coverage=1.0)
    >>> curve.n_peaks.tolist()
    [1, 2, 3]
    """
    require_instance(embedding, "embedding", Embedding)
    if ranks is None:
        chosen = list(default_ranks(embedding.rank))
    else:
        chosen = require_integers(ranks, "ranks", least=1, most=embedding.rank)
    found = tuple(
        spikiness(embedding.vectors(scaling, rank), cosine=cosine, coverage=coverage) for rank in chosen
    )
    return SpikinessCurve(np.array(chosen, dtype=np.int64), found)


def default_ranks(rank: int) -> list[int]:
    """Return 2, 3, 4, 6, 8, 12, 16, ... up to `rank`, and `rank` itself.

    >>> default_ranks(20)
    [2, 3, 4, 6, 8, 12, 16, 20]
    """
    powers = [value for k in range(1, 40) for value in (2**k, 3 * 2 ** (k - 1))]
    return sorted({value for value in powers if value < rank} | {rank})


@dataclass(frozen=True, eq=False)
class SpikinessGrid:
    """Spk over thresholds: `n_peaks` (cosines, coverages), and n, the rows of non-zero norm."""

    cosines: tuple[float, ...]
    coverages: tuple[float, ...]
    n_peaks: NDArray[np.int64]
    n: int

    @property
    def values(self) -> NDArray[np.float64]:
        """(cosines, coverages) Spk."""
        return np.asarray(self.n_peaks / self.n)


def spikiness_grid(
    vectors: ArrayLike,
    cosines: Sequence[float] = (0.8, 0.85, 0.9, 0.95),
    coverages: Sequence[float] = (0.3, 0.5, 0.7, 0.9),
) -> SpikinessGrid:
    """Return Spk for every pair of a cosine and a coverage; one search a cosine.

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
            f"cosines and coverages must hold a value each; got {list(cosines)} and {list(coverages)}"
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


def norm_dispersion(vectors: ArrayLike, membership: ArrayLike, *, least: int = 2) -> NDArray[np.float64]:
    """Return the coefficient of variation of the norms within each spike, NaN for spikes of fewer than `least` rows.

    Zero means that popularity does not vary inside a spike: the sign of an SBM, which Spk itself cannot see.

    Raises
    ------
    ValueError
        if `membership` has not one entry a row.

    Examples
    --------
    >>> norm_dispersion([[1.0, 0.0], [3.0, 0.0], [0.0, 1.0], [0.0, 1.0]], [0, 0, 1, 1]).round(12).tolist()
    [0.5, 0.0]
    """
    v = as_rows(vectors)
    require_finite(v, "vectors")
    require_integer(least, "least", least=0)
    labels = require_labels(membership, "membership", len(v))
    inside = labels >= 0
    norms, labels = np.linalg.norm(of_unit_scale(v), axis=1)[inside], labels[inside]
    size = np.bincount(labels)
    mean = np.bincount(labels, norms) / np.maximum(size, 1)
    square = np.bincount(labels, (norms - mean[labels]) ** 2) / np.maximum(size, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size >= least, np.sqrt(square) / mean, np.nan)


def spikiness_of_sample(
    vectors: ArrayLike, size: int, rng: np.random.Generator, *, cosine: float = 0.9, coverage: float = 0.5
) -> tuple[Spikes, NDArray[np.int64]]:
    """Return the spikes of `size` rows drawn without replacement, and which rows they are, in order of index.

    Spk of a sample is not an estimate of Spk: the number of peaks hardly changes, so Spk grows as n / size
    (docs/theory.md, section 7.3).

    Raises
    ------
    ValueError
        for a size outside 1..n, or what `spikiness` refuses.

    Examples
    --------
    >>> spikes, rows = spikiness_of_sample(np.ones((50, 2)), 10, np.random.default_rng(0))
    >>> spikes.n_peaks, rows.size
    (1, 10)
    """
    require_generator(rng)
    v = as_rows(vectors)
    require_integer(size, "size", least=1, most=len(v))
    rows = np.sort(rng.choice(len(v), size, replace=False))
    return spikiness(v[rows], cosine=cosine, coverage=coverage), rows
