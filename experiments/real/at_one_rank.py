"""What is measured of the vectors at one rank: their norms, peaks and spikes, and what theory says of their null.

The null of an embedding keeps its norms, mean and spectrum; where the mean is small, its Spk is that of random directions of this
spectrum (`theory.chance_peaks_of_spectrum`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.real.nulls import Kind
from experiments.real.peaks_beside_nulls import Counting
from simulate.pages import parts_of
from simulate.random_directions import RowMoments

SAME_NORM = 1e-5  # relative range of norms that were all set to one
LEAST = 10  # rows of a spike whose norms are compared
CENTRED = 0.01  # share of the mean in the squares of the rows, up to which theory predicts the null


@dataclass(frozen=True, eq=False)
class AtRank:
    """What is kept of the vectors at a rank: how many they are, their peaks, and what the null of an embedding keeps."""

    size: int
    count: theory.PeakCount
    singletons: int | None
    norm_cv: float
    moments: RowMoments | None


def measured(
    kind: Kind,
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    counting: Counting,
    rng: np.random.Generator,
) -> tuple[AtRank, theory.Spikes | None]:
    """Measure the vectors at a rank, and their spikes where they are known."""
    found = counting.of_matrix(vectors, rng)
    moments = RowMoments.of(vectors) if kind == "embedding" else None
    count, spikes = theory.PeakCount(found.n_peaks, found.n_rows, found.at_least, None), found.spikes
    if spikes is None:
        return AtRank(len(norms), count, None, np.nan, moments), None
    dispersion = theory.norm_dispersion(norms[:, None], spikes.membership, least=LEAST)
    known = dispersion[~np.isnan(dispersion)]
    spread = float(np.median(known)) if known.size else np.nan
    return AtRank(len(norms), count, spikes.n_singletons, spread, moments), spikes


def norms_of(vectors: NDArray[Any], *, wide: bool) -> NDArray[np.float64]:
    """The norm of each row; `wide` rows are doubles before they are squared, as they are in memory."""
    norms = np.empty(len(vectors))
    for part in parts_of(vectors):
        rows = np.asarray(vectors[part], dtype=np.float64) if wide else vectors[part]
        norms[part] = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    return norms


def norms_are_equal(norms: NDArray[Any]) -> bool:
    """Whether all norms were set to one: which of the vectors with a direction are loudest then follows from rounding.

    >>> norms_are_equal(np.array([1.0, 0.0, 1.0 + 1e-7])), norms_are_equal(np.array([1.0, 2.0]))
    (True, False)
    """
    live = norms[norms > 0]
    return not live.size or bool(np.ptp(live) <= SAME_NORM * live.max())


def predicted(one: AtRank, counting: Counting) -> float | None:
    """Spk of the null by theory: of an embedding whose mean is so small that directions are random about the origin."""
    if one.moments is None:
        return None
    spectrum = np.linalg.eigvalsh(one.moments.spread)
    mean = one.size * float(one.moments.mean @ one.moments.mean)
    spectrum = spectrum[spectrum > 1e-10 * spectrum[-1]]
    if spectrum.size < 2 or mean > CENTRED * (mean + spectrum.sum()):
        return None
    return theory.chance_peaks_of_spectrum(
        one.count.n_rows,
        spectrum,
        np.random.default_rng(0),
        cosine=counting.cosine,
        coverage=counting.coverage,
    ).value
