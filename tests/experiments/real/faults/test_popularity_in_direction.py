"""Whether popularity can be read off directions, beside permuted popularity."""

import numpy as np
import pytest
from scipy import stats

from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.popularity_in_direction import popularity_in_direction
from simulate.sound_vectors import SHAPES, sound_vectors


@pytest.mark.parametrize("shape", SHAPES)
def test_popularity_in_a_direction_is_found_and_popularity_in_the_norm_is_not(shape):
    """Norms are drawn apart from directions: more than two of six alarms at 0.001 have a chance below 2e-8."""
    found = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x = sound_vectors(shape, 400, 8, rng)
        given, norms = GivenRows.of(x, None, rng), np.linalg.norm(x, axis=1)
        found += popularity_in_direction(given, norms / np.median(norms)).found if shape == "on rays" else 0
        found += popularity_in_direction(given, rng.pareto(1.2, 400)).found
        unit = x / norms[:, None]
        told = popularity_in_direction(given, np.exp(4 * unit[:, 0] + 0.5 * rng.standard_normal(400)))
        assert told.found and told.value > 0.2 > told.chance[1] / 2
    assert found <= 2


def test_a_certain_trace_that_is_small_is_no_fault():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((5000, 4))
    told = popularity_in_direction(
        GivenRows.of(x, None, rng), x[:, 0] / np.linalg.norm(x, axis=1) + 2 * rng.standard_normal(5000)
    )
    assert (
        not told.found
        and told.chance[1] < told.value < 0.2
        and "not in the direction to speak of" in told.sentence
    )


def test_the_bound_is_that_of_permutations():
    """A share of 0.001 of permutations above it: 2,000 permutations have more than 12 above with a chance below 1e-6."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((120, 6))
    given = GivenRows.of(x, None, rng)
    popularity = rng.pareto(1.0, 120)
    most = popularity_in_direction(given, popularity).chance[1]
    unit = x / np.linalg.norm(x, axis=1)[:, None]
    basis = np.linalg.qr(unit - unit.mean(axis=0))[0]
    scores = stats.norm.ppf((stats.rankdata(popularity) - 0.5) / 120)
    shares = [((basis.T @ rng.permutation(scores)) ** 2).sum() / (scores @ scores) for _ in range(2000)]
    assert (np.array(shares) > most).sum() <= 12
