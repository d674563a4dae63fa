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
