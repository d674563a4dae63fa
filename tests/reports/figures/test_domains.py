"""Points of a domain are drawn on the quantities that decide, and the boundary runs between them."""

import re

import pytest

from experiments.judging.boundary import Boundary
from experiments.judging.domain import Choice, Derived, Domain, Range
from experiments.judging.drawn_points import axes_of
from reports.figures.domains import draw_points

DEGREE = Range("mean_degree", 10, 1000, "mean degree", "planted")
BLOCKS = Range("blocks", 2, 30, "communities", "planted", whole=True)
SIGNAL = Derived("signal", "degree over communities", lambda p: p["mean_degree"] / p["blocks"], border=10.0)
DOMAIN = Domain((DEGREE, BLOCKS, Choice("law", ("a", "b"), "law", "")), derived=(SIGNAL,))
POINTS = [
    ({"mean_degree": 20.0, "blocks": 10, "law": "a"}, "failed"),
    ({"mean_degree": 900.0, "blocks": 3, "law": "b"}, "met"),
    ({"mean_degree": 100.0, "blocks": 9, "law": "b"}, "undecided"),
]


def test_the_quantities_of_the_boundary_come_first():
    assert axes_of(DOMAIN) == ("signal", "mean_degree")
    assert axes_of(DOMAIN, Boundary("x", {"blocks": 1.0}, 0.0, 9, 0.1)) == ("blocks", "signal")
    assert axes_of(DOMAIN, Boundary("x", {"blocks": 1.0, "mean_degree": 1.0}, 0.0, 9, 0.1)) == (
        "blocks",
        "mean_degree",
    )
    assert axes_of(Domain((Choice("law", ("a", "b"), "law", ""),))) is None


@pytest.mark.parametrize(
    "terms", [{"signal": 2.0}, {"mean_degree": 1.0, "blocks": -1.0}, {"blocks": 1.0, "signal": 1.0}]
)
def test_a_figure_has_every_outcome_and_the_boundary(terms, monkeypatch):
    monkeypatch.setattr("reports.figures.claims._SVG", {"svg.hashsalt": "x", "svg.fonttype": "none"})
    drawn = draw_points(DOMAIN, POINTS, Boundary("x", terms, -2.0, 9, 0.1), "Planted")
    words = re.findall(r">([^<>]*)</text>", drawn)
    assert {"met", "failed", "undecided", "fitted boundary", "Planted"} <= set(words)
    assert ("the theory's border" in words) == ("signal" in terms)
    assert drawn == draw_points(DOMAIN, POINTS, Boundary("x", terms, -2.0, 9, 0.1), "Planted")


def test_a_domain_of_words_cannot_be_drawn():
    with pytest.raises(ValueError, match="two quantities that are numbers"):
        draw_points(Domain((Choice("law", ("a", "b"), "law", ""),)), [({"law": "a"}, "met")], None, "x")
