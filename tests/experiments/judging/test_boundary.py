"""A boundary is a linear formula in coordinates: what it says of a point, and how it reads."""

import math

import pytest

from experiments.judging.boundary import Boundary
from experiments.judging.domain import Choice, Derived, Domain, Range

DOMAIN = Domain(
    (
        Range("degree", 10, 1000, "mean degree", ""),
        Range("share", 0.0, 1.0, "share", "", log=False),
        Choice("f", (32, 64), "dimensions", ""),
    ),
    derived=(
        Derived("ratio", "degree over f", lambda point: point["degree"] / point["f"]),
        Derived("gap", "f less degree", lambda point: point["f"] - point["degree"], log=False),
    ),
)
POINT = {"degree": 100.0, "share": 0.25, "f": 64}


def boundary(constant=0.0, **terms):
    return Boundary("words", terms, constant, 100, 0.05)


@pytest.mark.parametrize(
    ("found", "score"),
    [
        (boundary(2.0, degree=1.5), 2 + 1.5 * math.log(100)),
        (boundary(-1.0, share=-4.0), -2.0),
        (boundary(0.5, f=0.25, ratio=-2.0), 0.5 + 16 - 2 * math.log(100 / 64)),
        (boundary(3.0, gap=0.1), 3 - 3.6),
    ],
)
def test_the_score_is_the_constant_and_the_weighted_coordinates(found, score):
    assert found.score(DOMAIN, POINT) == pytest.approx(score)
    assert found.inside(DOMAIN, POINT) == (score >= 0)


def test_a_point_on_the_boundary_is_inside():
    assert boundary(-0.5, share=2.0).inside(DOMAIN, POINT)
    assert not boundary(-0.5000001, share=2.0).inside(DOMAIN, POINT)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (boundary(-6.0, degree=2.0), "2 ln(mean degree) >= 6"),
        (boundary(1.5, share=-4.0), "- 4 share >= -1.5"),
        (boundary(0.0, ratio=1.0, f=-0.25), "1 ln(degree over f) - 0.25 dimensions >= -0"),
        (boundary(-1.0, gap=-0.5, degree=3.0), "- 0.5 f less degree + 3 ln(mean degree) >= 1"),
    ],
)
def test_the_formula_reads_as_what_is_computed(found, text):
    assert found.formula(DOMAIN) == text


def test_the_recipe_is_the_formula_whatever_the_order_of_its_terms_and_its_words():
    one, other = (
        boundary(1.0, degree=2.0, share=3.0),
        Boundary("other", {"share": 3.0, "degree": 2.0}, 1.0, 7, 0.1),
    )
    assert one.recipe() == other.recipe()
    assert (
        one.recipe()
        != boundary(1.0, degree=2.0, share=4.0).recipe()
        != boundary(2.0, degree=2.0, share=4.0).recipe()
    )


@pytest.mark.parametrize("terms", [{}, {"a": 1.0, "b": 1.0, "c": 1.0}])
def test_a_formula_has_one_or_two_quantities(terms):
    with pytest.raises(ValueError, match="a formula in one or 2 quantities"):
        boundary(0.0, **terms)
