"""Means and shares with their intervals, beside SciPy's t test and the quantiles of the beta law."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.judging.estimand import Estimand
from experiments.judging.intervals import mean_of, measure_all, share_of


@pytest.mark.parametrize("compared", [1, 3])
@pytest.mark.parametrize("n", [2, 5, 40])
def test_a_mean_has_students_interval_corrected_for_what_is_compared(n, compared):
    values = np.random.default_rng(n).normal(3.0, 2.0, n)
    found = mean_of(pd.Series(values), compared)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(1 - 0.05 / compared)
    assert (found.low, found.high) == pytest.approx(tuple(expected), rel=1e-9)
    assert found.value == pytest.approx(values.mean()) and found.replicates == n
    assert found.error == pytest.approx(stats.sem(values))


def test_one_replicate_says_nothing_of_its_error():
    found = mean_of(pd.Series([2.5]))
    assert (found.value, found.error, found.low, found.high) == (2.5, math.inf, -math.inf, math.inf)


@pytest.mark.parametrize(
    ("mean", "spread", "varies"),
    [(0.3, 0.0, False), (0.3, 1e-13, False), (0.3, 1e-10, True), (1e6, 1e-7, False), (1e6, 1e-4, True)],
)
def test_a_spread_of_rounding_is_none(mean, spread, varies):
    found = mean_of(pd.Series([mean - spread, mean + spread]))
    assert (found.error > 0) == varies == (found.low < found.value < found.high)
    if not varies:
        assert found.low == found.value == found.high


@pytest.mark.parametrize("compared", [1, 4])
@pytest.mark.parametrize(("ones", "n"), [(0, 5), (3, 7), (5, 5), (17, 40)])
def test_a_share_has_the_interval_of_clopper_and_pearson(ones, n, compared):
    found = share_of(pd.Series([1.0] * ones + [0.0] * (n - ones)), compared)
    tail = 0.025 / compared
    low = stats.beta.ppf(tail, ones, n - ones + 1) if ones else 0.0
    high = stats.beta.isf(tail, ones + 1, n - ones) if ones < n else 1.0
    assert (found.value, found.replicates) == (ones / n, n) and math.isnan(found.error)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)


def test_a_measurement_leaves_out_what_is_missing_and_is_bounded_together_with_the_others():
    table = pd.DataFrame(
        {
            Estimand("gap", "the gap", "edges"): [1.0, 2.0, np.nan, 4.0],
            "plain": [1.0, 2.0, 3.0, 5.0],
            "nothing": [np.nan] * 4,
        }
    )
    first, second = measure_all(table)
    assert (first.name, first.unit, second.name, second.unit) == ("the gap", "edges", "plain", "")
    assert first.mean == mean_of(pd.Series([1.0, 2.0, 4.0]), 2)  # two are compared, the empty one is none
    assert second.mean == mean_of(table["plain"], 2)
