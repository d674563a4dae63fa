"""How values are told: digits, units, shares that are near to all, and intervals."""

import math

import pytest

from experiments.judging.estimand import Estimand, told, told_interval


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "", "0"),
        (-0.0, "", "0"),
        (2.0, "peaks", "2 peaks"),
        (1.2345, "", "1.23"),
        (999.0, "", "999"),
        (1000.0, "", "1,000"),
        (-1234.5, "edges", "-1,234 edges"),
        (999_999_999.0, "", "999,999,999"),
        (1e9, "", "1e+09"),
        (0.0, "%", "0 %"),
        (0.123456, "%", "12.3 %"),
        (0.999, "%", "99.9 %"),
        (0.9996, "%", "99.96 %"),
        (0.99996, "%", "99.996 %"),
        (0.9999996, "%", "100 %"),  # nearer to all than four digits tell
        (1.0, "%", "100 %"),
        (1.5, "%", "150 %"),
        (20.0, "%", "2,000 %"),
        (None, "%", "none"),
        (math.nan, "peaks", "none"),
        (math.inf, "", "none"),
    ],
)
def test_a_value_is_told_with_its_unit(value, unit, text):
    assert told(value, unit) == text == Estimand("x", "the size of x", unit).told(value)


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.5, 0.4, 0.6, "50 % (40 to 60 %)"),
        (0.5, 0.5, 0.5, "50 %"),
        (0.5, -math.inf, math.inf, "50 %"),
        (0.5, None, 0.6, "50 %"),
        (0.5, 0.4, None, "50 %"),
        (None, 0.4, 0.6, "none"),
    ],
)
def test_an_interval_is_told_where_it_is_known_and_has_a_width(value, low, high, text):
    assert told_interval(value, low, high, "%") == text


@pytest.mark.parametrize(("name", "words"), [("", "words"), ("x", " ")])
def test_an_estimand_has_a_name_and_words(name, words):
    with pytest.raises(ValueError, match="of an estimand must be a text"):
        Estimand(name, words)
