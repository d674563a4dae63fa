"""Paired intervals: by hand, and how often they hold where the best is chosen from the same queries."""

import numpy as np
import pytest
from scipy import stats

from experiments.real.paired_intervals import beside_best, wilson


def test_two_rankings_have_the_interval_of_agresti_and_min():
    outcomes = np.array([[1, 0]] * 12 + [[0, 1]] * 4 + [[1, 1]] * 24, dtype=float)
    found = beside_best(outcomes, np.random.default_rng(0))
    centre = 8 / 42
    error = np.sqrt((17 / 42 - centre**2) / 42)
    assert found.best == 0 and found.loss.tolist() == [0.0, pytest.approx(0.2)]
    assert found.error.tolist() == [0.0, pytest.approx(error)]
    half = (found.loss_high[1] - found.loss_low[1]) / 2
    # of one pair the factor is the quantile of Student's law, drawn to 5 %
    assert half / error == pytest.approx(stats.t.isf(0.025, 39), rel=0.05)
    assert (found.loss_low[1] + found.loss_high[1]) / 2 == pytest.approx(centre)


def test_rankings_that_agree_in_all_queries_are_not_told_apart():
    outcomes = np.repeat([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]], 20, axis=0)
    found = beside_best(outcomes, np.random.default_rng(0))
    assert found.best == 0 and not found.decided
    assert found.loss_low[1] < 0 < found.loss_high[1] and found.loss_low[2] > 0
    one = beside_best(outcomes[:, :1], np.random.default_rng(0))
    assert one.loss.tolist() == [0.0] and not one.decided
    same = beside_best(np.ones((30, 3)), np.random.default_rng(0))
    assert not same.decided and same.loss.tolist() == [0.0] * 3


def test_wilson_is_statsmodels_formula_by_its_equation():
    """Its ends solve (p - share)^2 = z^2 p (1 - p) / n."""
    z = stats.norm.isf(0.025)
    for share, n in ((0.3, 50), (0.0, 20), (1.0, 20)):
        for end in wilson(np.array(share), n):
            assert (end - share) ** 2 == pytest.approx(z**2 * end * (1 - end) / n, abs=1e-12)


@pytest.mark.parametrize("chances", [(0.3,) * 6, (0.6, 0.55, 0.5, 0.2, 0.1, 0.0)])
def test_intervals_hold_for_the_ranking_that_came_out_best(chances):
    """300 sets of 80 queries, dependent rankings: all losses lie inside in 95 %, and no best is called decided in more than 5 %
    where another is as good or better, to 4.9 standard errors (1e-6 each)."""
    rng, truth, sets = np.random.default_rng(1), np.array(chances), 300
    held = wrong = 0
    for _ in range(sets):
        easy = np.where(rng.random((80, 6)) < 0.3, rng.random((80, 6)), rng.random((80, 1)))
        found = beside_best((easy < truth).astype(float), rng)
        loss = truth[found.best] - truth
        held += ((found.loss_low <= loss + 1e-12) & (loss <= found.loss_high + 1e-12)).all()
        wrong += found.decided and bool((np.delete(loss, found.best) <= 0).any())
    error = 4.9 * np.sqrt(0.05 * 0.95 / sets)
    assert held / sets > 0.95 - error and wrong / sets < 0.05 + error
