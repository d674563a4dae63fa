"""The posterior predictive p-value by hand."""

import numpy as np
import pytest

from experiments.real.predictive_p_value import predictive_p_value


@pytest.mark.parametrize(
    ("real", "twins", "expected"),
    [
        (None, [1.0], None),
        (1.0, [], None),
        (1.0, [2.0, 3.0, 4.0], 0.5),
        (5.0, [5.0, 4.0, 6.0], 1.0),
        (2.5, [1.0, 2.0, 3.0, 4.0], 1.0),
        (9.0, [1.0] * 19, 0.1),
        (3, [3] * 40, 1.0),
    ],
)
def test_by_hand(real, twins, expected):
    assert predictive_p_value(real, twins) == (None if expected is None else pytest.approx(expected))


def test_at_most_a_share_p_of_exchangeable_statistics_has_a_p_value_of_at_most_p():
    """20,000 statistics among 39 twins of their own law: rank tests are exact, so P(p <= .1) = .1, good to .002 (one sd)."""
    rng = np.random.default_rng(0)
    values = rng.standard_normal((20_000, 40))
    small = np.mean([predictive_p_value(row[0], row[1:]) <= 0.1 for row in values])
    assert small == pytest.approx(0.1, abs=5.5 * np.sqrt(0.1 * 0.9 / 20_000))


def test_lower_bounds_count_where_they_decide():
    assert predictive_p_value(5.0, [50.0, 50.0, 48.0], at_least=[True, True, False]) == 0.5
    assert predictive_p_value(5.0, [50.0, 4.0, 48.0], at_least=[True, False, False]) == 1.0


@pytest.mark.parametrize(("bounds", "message"), [([4.0], "lower bound of 4"), ([5.0], "lower bound of 5")])
def test_a_bound_that_decides_nothing_asks_for_the_number(bounds, message):
    with pytest.raises(ValueError, match=message):
        predictive_p_value(5.0, bounds, at_least=[True])
    with pytest.raises(ValueError, match="one entry per twin"):
        predictive_p_value(5.0, bounds, at_least=[True, False])
