"""Ranges, choices and domains: every value in its share, the ends included, and everything that decides is in the recipe."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from experiments.judging.domain import TRIES, Choice, Derived, Domain, Range

DEGREE = Range("degree", 10, 1000, "mean degree", "planted")
SHARE = Range("share", 0.0, 1.0, "share", "planted", log=False)
MODE = Choice("mode", ("plain", "mixed"), "way", "planted")
F = Choice("f", (32, 64, 128), "dimensions", "planted")


@pytest.mark.parametrize(
    ("of", "at_0", "at_half", "at_1"),
    [
        (DEGREE, 10, 100, 1000),
        (replace(DEGREE, log=False), 10, 505, 1000),
        (SHARE, 0, 0.5, 1),
        (replace(SHARE, low=-3.0, high=5.0), -3, 1, 5),
        (Range("n", 500, 5000, "nodes", "", whole=True), 500, 1580, 5000),
        (Range("k", 1, 9, "blocks", "", whole=True, log=False), 1, 5, 9),
        (F, 32, 64, 128),
        (MODE, "plain", "mixed", "mixed"),
    ],
)
def test_shares_of_a_range_give_its_ends_and_its_middle(of, at_0, at_half, at_1):
    assert (of.value(0.0), of.value(0.5), of.value(1.0)) == (at_0, at_half, at_1)


def test_values_have_three_digits_and_are_whole_where_they_must_be():
    assert DEGREE.value(0.123) == float(f"{10 * 100**0.123:.3g}")
    whole = Range("n", 5, 5000, "nodes", "", whole=True)
    assert all(isinstance(whole.value(u), int) for u in np.linspace(0, 1, 50))
    assert max(DEGREE.value(u) for u in np.linspace(0.999, 1, 50)) <= 1000


@pytest.mark.parametrize("log", [True, False])
def test_each_whole_number_has_its_own_share(log):
    """Of the logarithm: ln((k + 1/2) / (k - 1/2)); otherwise all alike. Counted on a grid of a hundred thousand shares."""
    whole = Range("k", 2, 6, "blocks", "", whole=True, log=log)
    counts = Counter(whole.value(u) for u in (np.arange(100_000) + 0.5) / 100_000)
    weights = {k: math.log((k + 0.5) / (k - 0.5)) if log else 1.0 for k in range(2, 7)}
    assert {k: count / 100_000 for k, count in counts.items()} == pytest.approx(
        {k: weight / sum(weights.values()) for k, weight in weights.items()}, abs=1e-4
    )


def test_a_choice_gives_each_value_the_same_share():
    assert Counter(F.value(u) for u in (np.arange(300) + 0.5) / 300) == {32: 100, 64: 100, 128: 100}


@pytest.mark.parametrize(
    ("low", "high", "options", "right"),
    [
        (1, 1, {}, False),
        (2, 1, {}, False),
        (0.0, 1.0, {}, False),
        (0.0, 1.0, {"log": False}, True),
        (0.1, 1.0, {}, True),
        (0.5, 9, {"whole": True}, False),
        (1, 9, {"whole": True}, True),
        (0, 9, {"whole": True, "log": False}, True),
    ],
)
def test_a_range_is_not_empty_and_begins_above_zero_where_it_is_logarithmic(low, high, options, right):
    if right:
        assert Range("x", low, high, "x", "", **options).value(0.0) == low
        return
    with pytest.raises(ValueError, match=f"the range of x must not be empty.*got {low} to {high}"):
        Range("x", low, high, "x", "", **options)


@pytest.mark.parametrize(("low", "high"), [(1.0, float("inf")), (float("nan"), 1.0)])
def test_the_ends_of_a_range_are_finite(low, high):
    with pytest.raises(ValueError, match="each end of the range of x must be a finite number"):
        Range("x", low, high, "x", "")


@pytest.mark.parametrize("values", [(), (1, 1), ("a", "b", "a")])
def test_the_values_of_a_choice_differ_and_are_at_least_one(values):
    with pytest.raises(ValueError, match="the values of x must differ, and be at least one"):
        Choice("x", values, "x", "")


def test_words_of_ranges_choices_and_points():
    assert str(DEGREE) == "mean degree 10 to 1,000"
    assert str(F) == "dimensions 32, 64 or 128" and str(MODE) == "way plain or mixed"
    assert str(Choice("loops", (True,), "loops", "")) == "loops True"
    domain = Domain((DEGREE, MODE, F), "equal sizes", allowed_words="f is small", dear_words="large f")
    assert str(domain) == (
        "mean degree 10 to 1,000; way plain or mixed; dimensions 32, 64 or 128; where f is small; with equal sizes; "
        "large f left to the thorough size and to maps"
    )
    assert domain.words_of({"degree": 1234.0, "mode": "plain", "f": 64}) == (
        "mean degree 1,234, way plain, dimensions 64"
    )


def test_coordinates_are_logarithms_where_the_range_is():
    ratio = Derived("ratio", "degree over f", lambda point: point["degree"] / point["f"])
    plain = replace(ratio, name="plain", log=False)
    domain, point = (
        Domain((DEGREE, SHARE, F, MODE), derived=(ratio, plain)),
        {
            "degree": 100.0,
            "share": 0.25,
            "f": 64,
            "mode": "plain",
        },
    )
    expected = {
        "degree": math.log(100),
        "share": 0.25,
        "f": 64.0,
        "ratio": math.log(100 / 64),
        "plain": 100 / 64,
    }
    assert {name: domain.coordinate(name, point) for name in expected} == pytest.approx(expected)
    with pytest.raises(ValueError, match="could not convert"):
        domain.coordinate("mode", point)


def test_points_are_different_allowed_and_not_dear_and_a_design_is_everywhere():
    domain = Domain(
        (F, Range("k", 1, 4, "blocks", "", whole=True)),
        allowed=lambda point: point["f"] > 32 or point["k"] == 1,
        dear=lambda point: point["f"] == 128,
    )
    cheap = domain.points("Z1", 1, seed=0, count=99)
    assert sorted((point["f"], point["k"]) for point in cheap) == [(32, 1), *((64, k) for k in range(1, 5))]
    every = domain.points("Z1", 1, seed=0, count=99, dear=True)
    assert len(every) == 9 == len(domain.design(99)) and len(domain.points("Z1", 1, seed=0, count=2)) == 2
    assert domain.contains({"f": 32, "k": 1}) and not domain.contains({"f": 32, "k": 2})
    assert cheap != domain.points("Z2", 1, seed=0, count=99) or cheap != domain.points(
        "Z1", 2, seed=0, count=99
    )


def test_a_design_fills_the_unit_square_evenly_and_follows_its_seed():
    square = Domain((SHARE, replace(SHARE, name="other")))
    found = square.design(64)
    cells = Counter((int(4 * p["share"] - 1e-9), int(4 * p["other"] - 1e-9)) for p in found)
    assert len(cells) == 16 and max(cells.values()) <= 7  # independent draws leave cells empty, or crowd them
    assert found != square.design(64, seed=1) and found == square.design(64, seed=0)


def test_the_search_for_points_ends_after_a_thousand_draws_in_vain():
    tried = []
    wide = (
        Range("a", 1, 1e9, "a", ""),
        Range("b", 1, 1e9, "b", ""),
    )  # no point twice: each is asked for once
    rare = Domain(wide, allowed=lambda point: tried.append(1) or len(tried) in (1, TRIES))
    assert len(rare.points("Z1", 1, seed=0, count=3)) == 2  # the second comes at the last of a thousand draws
    tried.clear()
    never = Domain(wide, allowed=lambda point: bool(tried.append(1)))
    with pytest.raises(ValueError, match="no point of the domain is allowed, of 1000 drawn: a 1 to 1e"):
        never.points("Z1", 1, seed=0, count=3)
    assert len(tried) == TRIES


def test_a_point_is_asked_for_once():
    tried = []
    domain = Domain((SHARE,), allowed=lambda point: not tried.append(1))
    assert domain.points("Z1", 1, seed=0, count=3) == domain.points("Z1", 1, seed=0, count=8)[:3]
    assert len(tried) == 8


def test_other_values_are_given_to_the_choice_of_that_name_alone():
    found = Domain((F, MODE, DEGREE)).with_values("f", (2, 4))
    assert [p.values for p in found.parameters[:2]] == [(2, 4), MODE.values] and found.parameters[2] == DEGREE
    assert Domain((DEGREE, MODE)).with_values("degree", (1, 2)).parameters == (DEGREE, MODE)


def test_the_recipe_covers_all_that_decides_and_no_words_of_parameters():
    ratio = Derived("ratio", "degree over f", lambda point: point["degree"] / point["f"])
    domain = Domain((DEGREE, F), "equal sizes", derived=(ratio,))
    others = [
        replace(domain, parameters=(replace(DEGREE, **change), F))
        for change in ({"name": "d"}, {"low": 11}, {"high": 999}, {"log": False}, {"whole": True})
    ]
    others += [
        replace(domain, parameters=(DEGREE, replace(F, values=(32, 64)))),
        replace(domain, parameters=(F, DEGREE)),
        replace(domain, fixed=""),
        replace(domain, allowed_words="f is small"),
        replace(domain, dear_words="large f"),
        replace(domain, derived=()),
    ]
    recipes = [domain.recipe(), *(other.recipe() for other in others)]
    assert all(one != other for k, one in enumerate(recipes) for other in recipes[:k])
    told_otherwise = replace(DEGREE, words="degree", origin="elsewhere"), replace(F, words="rank")
    assert replace(domain, parameters=told_otherwise).recipe() == domain.recipe()


@pytest.mark.parametrize("parameters", [(), (DEGREE, DEGREE), (DEGREE, F, replace(F, name="degree"))])
def test_a_domain_has_parameters_with_names_of_their_own(parameters):
    with pytest.raises(ValueError, match="at least one, with names of their own"):
        Domain(parameters)
    with pytest.raises(ValueError, match="names of their own"):
        Domain((DEGREE,), derived=(Derived("degree", "the same name", lambda point: 1.0),))
