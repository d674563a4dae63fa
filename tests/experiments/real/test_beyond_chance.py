"""Whether a matrix is told from its nulls, by hand."""

import numpy as np
import pytest
from scipy import stats

import theory
from experiments.real.beyond_chance import (
    LEVEL,
    MORE,
    beyond_chance,
    highest_by_chance,
    more_seconds,
    structure_beyond_chance,
)
from experiments.real.nulls import null_to_embed
from simulate import LogNormal, dcbm, sample_graph


def measured(peaks, *spectrum):
    return {"peaks_at_rank": peaks, "spectrum": list(spectrum)}


NULLS = [measured(k, 9.0, second) for k, second in ((50, 4.0), (51, -4.1), (52, 4.2), (53, 4.1), (54, -4.0))]


@pytest.mark.parametrize(
    ("real", "passing", "expected"),
    [
        (measured(9, 9.0, 7.0), 2, True),
        (measured(9, 9.0, -7.0), 2, True),  # communities that avoid themselves
        (measured(9, 9.0, 4.5), 2, False),  # above all five draws, but by no more than they vary
        (measured(50, 9.0, 7.0), 2, False),
        (measured(9, 9.0, 7.0), 1, False),
        (measured(9, 9.0), 2, False),
    ],
)
def test_all_three_conditions_must_hold(real, passing, expected):
    assert beyond_chance(real, NULLS, passing) is expected


def test_structure_is_told_whatever_the_peaks():
    """Three communities in three dimensions need as few peaks as random directions there."""
    nulls = [measured(k, 9.0, second) for k, second in ((2, 4.0), (3, -4.1), (2, 4.2), (4, 4.1), (3, -4.0))]
    three = measured(2, 9.0, 7.0)
    assert structure_beyond_chance(three, nulls, 3) and not beyond_chance(three, nulls, 3)
    assert not structure_beyond_chance(three, nulls, 1)
    assert not structure_beyond_chance(measured(2, 9.0, 4.5), nulls, 3)


def test_more_draws_narrow_the_limit_or_widen_it():
    real = measured(9, 9.0, 4.5)
    assert beyond_chance(real, NULLS, 2, [4.0, 4.1, 4.2] * 7)
    assert not beyond_chance(measured(9, 9.0, 7.0), NULLS, 2, [4.0, 8.0] * 10)


def test_without_draws_parallel_analysis_alone_decides_and_one_draw_is_its_own_limit():
    assert beyond_chance(measured(9, 9.0, 7.0), [], 2) and not beyond_chance(measured(9, 9.0, 7.0), [], 1)
    assert highest_by_chance([4.0]) == 4.0
    assert highest_by_chance([4.0, 4.0]) == 4.0


def test_a_further_normal_draw_passes_the_limit_at_the_level():
    """200,000 draws of six: the share passed is that of Student's law, to five standard deviations (false alarms 6e-7)."""
    draws = np.random.default_rng(0).standard_normal((200_000, 6))
    spread = draws[:, :5].std(axis=1, ddof=1) * np.sqrt(1.2)
    limit = draws[:, :5].mean(axis=1) + stats.t.isf(LEVEL, 4) * spread
    assert limit[0] == pytest.approx(highest_by_chance(draws[0, :5]))
    share = (draws[:, 5] > limit).mean()
    assert abs(share - LEVEL) < 5 * np.sqrt(LEVEL / 200_000)


def test_more_draws_are_made_of_a_small_matrix_only(monkeypatch):
    rng = np.random.default_rng(0)
    model = dcbm(60, 2, heterogeneity=LogNormal(0.3), mean_degree=12, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    found, null = theory.analyse(graph, 4, kind="graph"), null_to_embed(graph, "graph")
    seconds = more_seconds(found, null, rng)
    # two communities stand out of swapped edges
    assert len(seconds) == MORE and 0 < max(seconds) < abs(found.embedding.eigenvalues[1])
    monkeypatch.setattr("experiments.real.beyond_chance.SMALL", 10)
    assert more_seconds(found, null, rng) == []
