"""How much noise do the dimensions beyond the communities add to each row? A mean field, from the resolvent.

Noise dimension k has a magnitude lambda_k, a quantile of the density of the noise's eigenvalues, and a vector whose mean square
at node i is w_i = Im g_i(lambda_k) / sum_j Im g_j(lambda_k): it spreads over nodes as the local density of states does.
u_i = |g_i| sum_j A'_ij N(0, w_j) with a fresh row A'_i has just that mean square, since Im g = |g|^2 V Im g, and lets the
neighbours of a row decide how much of a localised vector it meets (docs/theory.md, section 6.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_choice, require_integer
from theory.analysis.scalings import POWER, SCALINGS, Scaling
from theory.kernels.block_products import times_block
from theory.prediction.resolvent import solve_complex
from theory.prediction.variances import FloatArray

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample

LEVELS = 6  # noise levels at which the resolvent is solved; dimensions between take the nearest


def noise_energy_of(sample: PredictedSample, count: int, *, scaling: Scaling = "full") -> FloatArray:
    """Return the expected energy (n,) of the `count` largest noise dimensions in each row: sum_k |lambda_k|^2p w_i(lambda_k).

    Trusted in the mean over rows of about one propensity, not row by row, because noise vectors are localised around hubs and
    most rows get less than the mean (docs/theory.md, sections 6.2 and 6.5).

    Parameters
    ----------
    count : the number of noise dimensions, from 1 to n.
    scaling : p = 0, 1/2, 1 for `unit`, `half`, `full`.

    Raises
    ------
    ValueError
        for a count below 1 or above n, or an unknown scaling.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(500, 2, mean_degree=30, rng=np.random.default_rng(0))
    >>> energy = PredictedSample(model, "poisson").noise_energy(10, scaling="unit")
    >>> round(float(energy.sum()), 6)  # ten vectors of length 1
    10.0
    """
    model = sample.model
    require_integer(count, "count", least=1, most=model.n_nodes)
    require_choice(scaling, "scaling", SCALINGS)
    energy = np.zeros(model.n_nodes)
    if not model.propensities.any() or not model.affinity.any():
        return energy  # no edges, no noise
    joined = model.propensities > 0
    for part, levels, g in _noise_parts(sample, count):
        weight = np.where(joined, np.maximum(-g.imag, 0.0), 0.0)
        energy += weight / weight.sum() * float((levels[part] ** (2 * POWER[scaling])).sum())
    return energy


def noise_rows_on(
    graph: Any, sample: PredictedSample, count: int, rng: np.random.Generator, scaling: Scaling
) -> FloatArray:
    """Draw |lambda_k|^p u_ik (n, count) of the `count` largest noise dimensions on a fresh graph."""
    drawn = rng.standard_normal((sample.model.n_nodes, count))
    for part, levels, g in _noise_parts(sample, count):
        weight = np.maximum(-g.imag, 0.0)
        partners = drawn[:, part] * np.sqrt(weight / weight.sum())[:, None]
        drawn[:, part] = times_block(graph, partners) * np.abs(g)[:, None] * levels[part] ** POWER[scaling]
    return np.asarray(drawn)


def noise_density_of(sample: PredictedSample) -> tuple[FloatArray, FloatArray]:
    """Return (x, density), 120 points from 0 to the edge and the density of the noise's eigenvalues there, up to a factor.

    The density is -sum_i Im g_i(x + i 0) / (n pi), taken at 1e-3 of the edge above the real line.
    """
    profile, edge = sample.cells, sample.edge
    grid = np.linspace(0.0, edge, 120)
    density = np.empty(len(grid))
    h = None
    for k, x in enumerate(grid[::-1]):
        h = solve_complex(profile, complex(x, 1e-3 * edge), h)
        g = 1.0 / (complex(x, 1e-3 * edge) - profile.spread(h))
        density[len(grid) - 1 - k] = max(-float(g.imag @ profile.counts), 0.0)
    return grid, density


def noise_levels(sample: PredictedSample, count: int) -> FloatArray:
    """Return the expected magnitudes (count,) of the largest noise eigenvalues: quantiles of the density of |x|."""
    grid, density = sample.noise_density
    mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    share = 1 - (np.arange(count) + 0.5) / sample.cells.counts.sum()
    return np.asarray(np.interp(share, mass / mass[-1], grid))


def _noise_parts(
    sample: PredictedSample, count: int
) -> Iterator[tuple[NDArray[np.int64], FloatArray, NDArray[np.complex128]]]:
    """Yield the noise dimensions of nearly one level: their numbers, the magnitudes of all, and g (n,) there."""
    levels = noise_levels(sample, count)
    h = None
    for part in np.array_split(np.arange(count), min(LEVELS, count)):
        z = complex(levels[part].mean(), 1e-3 * sample.edge)
        h = solve_complex(sample.cells, z, h)
        yield part, levels, 1.0 / (z - sample.profile.spread(h))
