"""Spk before any sample: predicted peaks at every rank, up to the visible blocks and beyond.

Up to the visible directions rows follow the resummed law (docs/theory.md, section 4.5). Beyond them each noise dimension k
adds a coordinate |lambda_k|^p u_ik, with lambda_k a quantile of the density of the noise. Its mean square is
w_i = Im g_i(lambda_k) / sum_j Im g_j(lambda_k); u_i = |g_i| sum_j A'_ij N(0, w_j) has just that, since Im g = |g|^2 V Im g,
and the row's own neighbours decide how much of a localised vector it meets (docs/theory.md, section 6.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel, Law
from simulate.validation import (
    require_choice,
    require_generator,
    require_instance,
    require_integer,
    require_integers,
)
from theory.analysis.scalings import POWER, SCALINGS, Scaling
from theory.analysis.spikes import spikiness
from theory.prediction.collinear_share import TRUSTED_RATIO, fresh_graph, rows_on
from theory.prediction.edge import noise_levels, solve_complex
from theory.prediction.outliers import Outliers, outliers
from theory.prediction.variances import FloatArray

LEVELS = 6  # noise levels at which the resolvent is solved; dimensions between take the nearest


@dataclass(frozen=True)
class PredictedSpikiness:
    """`peaks[i]` and `values[i]` = peaks / n at `ranks[i]`; `trusted[i]`, and `caveat` on the ranks that are not."""

    ranks: tuple[int, ...]
    peaks: tuple[int, ...]
    values: tuple[float, ...]
    trusted: tuple[bool, ...]
    n_visible: int
    caveat: str


def predicted_spikiness(
    model: BlockModel,
    ranks: Sequence[int],
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    scaling: Scaling = "full",
    cosine: float = 0.9,
    coverage: float = 0.5,
) -> PredictedSpikiness:
    """Return the predicted number of peaks at each rank, from the model alone.

    Trusted (within one peak for coverages up to 0.8) up to the visible directions, while the weakest kept one is
    1.1 edges away. Beyond, the number of peaks was within a factor of 3.5 of samples on four models at n = 3,000 and mean
    degree 15 to 40, within 1.5 on the two of degree 30; largest errors where noise dimensions are a few to twenty.

    Raises
    ------
    ValueError
        for no rank, a rank below 1, or Bernoulli edges with P > 1.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(600, 3, mean_degree=60, rng=np.random.default_rng(0))
    >>> predicted_spikiness(model, [3], np.random.default_rng(1), law="poisson").peaks
    (2,)
    """
    require_instance(model, "model", BlockModel)
    require_generator(rng)
    require_choice(scaling, "scaling", SCALINGS)
    chosen = require_integers(ranks, "ranks", least=1, most=model.n_nodes)
    found = outliers(model, law)
    graph = fresh_graph(model, rng, law)
    rows = rows_on(graph, found, rng, scaling)
    if (extra := max(chosen) - rows.shape[1]) > 0:
        rows = np.hstack([rows, _noise_on(graph, found, extra, rng, scaling)])
    spikes = [spikiness(rows[:, :rank], cosine=cosine, coverage=coverage) for rank in chosen]
    lam = np.abs(model.block_spectrum()[0])
    trusted = tuple(
        rank <= found.n_visible and lam[rank - 1] >= TRUSTED_RATIO * found.edge for rank in chosen
    )
    beyond = [rank for rank, fine in zip(chosen, trusted) if not fine]
    caveat = (
        f"ranks {beyond} keep directions below or near the edge of the noise ({found.n_visible} are visible)"
        if beyond
        else ""
    )
    return PredictedSpikiness(
        tuple(chosen),
        tuple(s.n_peaks for s in spikes),
        tuple(s.value for s in spikes),
        trusted,
        found.n_visible,
        caveat,
    )


def noise_energy(
    model: BlockModel, count: int, *, law: Law = "bernoulli", scaling: Scaling = "full"
) -> FloatArray:
    """Return the expected energy (n,) of the `count` largest noise dimensions in each row: sum_k |lambda_k|^2p w_i(lambda_k).

    The mean field of docs/theory.md, section 6.2: right in the mean over rows of one propensity, not row by row, since
    noise vectors are localised.

    Raises
    ------
    ValueError
        for a count below 1 or above n, or Bernoulli edges with P > 1.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(500, 2, mean_degree=30, rng=np.random.default_rng(0))
    >>> energy = noise_energy(model, 10, law="poisson", scaling="unit")
    >>> round(float(energy.sum()), 6)  # ten vectors of length 1
    10.0
    """
    require_instance(model, "model", BlockModel)
    require_integer(count, "count", least=1, most=model.n_nodes)
    require_choice(scaling, "scaling", SCALINGS)
    energy = np.zeros(model.n_nodes)
    if not model.propensities.any() or not model.affinity.any():
        return energy  # no edges, no noise
    joined = model.propensities > 0
    for part, levels, g in _noise_parts(outliers(model, law), count):
        weight = np.where(joined, np.maximum(-g.imag, 0.0), 0.0)
        energy += weight / weight.sum() * float((levels[part] ** (2 * POWER[scaling])).sum())
    return energy


def _noise_parts(
    found: Outliers, count: int
) -> Iterator[tuple[NDArray[np.int64], FloatArray, NDArray[np.complex128]]]:
    """Yield the noise dimensions of nearly one level: their numbers, the magnitudes of all, and g (n,) there."""
    profile, small = found.profile, found.profile.condensed()
    levels = noise_levels(small, found.edge, count)
    h = None
    for part in np.array_split(np.arange(count), min(LEVELS, count)):
        z = complex(levels[part].mean(), 1e-3 * found.edge)
        h = solve_complex(small, z, h)
        yield part, levels, 1.0 / (z - profile.spread(h))


def _noise_on(
    graph: Any, found: Outliers, count: int, rng: np.random.Generator, scaling: Scaling
) -> FloatArray:
    """Draw |lambda_k|^p u_ik (n, count) of the `count` largest noise dimensions on a fresh graph."""
    drawn = rng.standard_normal((len(found.profile.labels), count))
    for part, levels, g in _noise_parts(found, count):
        weight = np.maximum(-g.imag, 0.0)
        partners = drawn[:, part] * np.sqrt(weight / weight.sum())[:, None]
        drawn[:, part] = (graph @ partners) * np.abs(g)[:, None] * levels[part] ** POWER[scaling]
    return np.asarray(drawn)
