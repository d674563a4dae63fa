"""Which point of a search is the worst: the least distance of an estimate to its threshold, in spreads over the points."""

import pytest
from planted_claims import met, planted

from experiments.judging import falsification
from experiments.judging.criterion import Criterion
from experiments.judging.estimand import Estimand
from experiments.judging.falsification import _margins, falsify
from experiments.judging.family import JudgedPoint
from experiments.judging.verdict import Finding, Judgement

ABOVE = Criterion(Estimand("x", "x"), ">=", 1.0, "", "", "")
BELOW = Criterion(Estimand("y", "y"), "<=", 10.0, "", "", "")


def judged(*estimates):
    """Points with these estimates of x and y."""
    return tuple(
        JudgedPoint(
            {"k": k},
            Judgement(
                "holds",
                (),
                tuple(
                    Finding(c, value, value, value, 0.1, 4, True) for c, value in zip((ABOVE, BELOW), pair)
                ),
            ),
        )
        for k, pair in enumerate(estimates)
    )


def test_the_margin_is_the_least_distance_in_spreads():
    """x is 2 and 4: distances 1 and 3, spread 1; y is 9, 3: distances 1 and 7, spread 3."""
    assert _margins(judged((2.0, 9.0), (4.0, 3.0))) == pytest.approx([1 / 3, 7 / 3])


def test_an_estimate_that_is_the_same_everywhere_counts_by_its_plain_distance():
    assert _margins(judged((2.0, 9.5), (4.0, 9.5))) == pytest.approx([0.5, 0.5])
    assert _margins(judged((0.5, 0.0), (0.5, 0.0))) == pytest.approx([-0.5, -0.5])


def test_each_round_keeps_the_worst_quarter_and_doubles_the_replicates(monkeypatch):
    rounds, whole = [], falsification.judged_on

    def recorded(claim, points, word, replicates, *rest, **options):
        rounds.append((word, len(points), replicates, *rest))
        return whole(claim, points, word, replicates, *rest, **options)

    monkeypatch.setattr(falsification, "judged_on", recorded)
    falsify(planted(met), points=20)
    assert rounds == [("falsify", 20, 2), ("falsify", 5, 4), ("falsify-again", 1, 20, 1e-4)]
    with pytest.raises(ValueError, match="points must be an integer of at least 4; got 3"):
        falsify(planted(met), points=3)
