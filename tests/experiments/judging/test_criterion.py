"""What a criterion asks, in words, and what the hash of a rule covers."""

from dataclasses import replace

import pytest

from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand

SHARE = Estimand("own", "rows on a ray", "%")
FEW = Criterion(
    SHARE, "<=", 0.5, "at most {threshold} are, never more than {threshold}", "the paper", "many are"
)


@pytest.mark.parametrize(
    ("criterion", "needs", "asked", "text"),
    [
        (FEW, "at most 50 %", "at most 50 % are, never more than 50 %", "own <= 0.5"),
        (replace(FEW, relation=">=", asks="they are"), "at least 50 %", "they are", "own >= 0.5"),
        (replace(FEW, statistic="each", asks=""), "at most 50 %", "", "each own <= 0.5"),
        (
            replace(
                FEW,
                estimand=Estimand("n", "peaks", "peaks"),
                threshold=1500.0,
                statistic="max",
                asks="{threshold}",
            ),
            "at most 1,500 peaks",
            "1,500 peaks",
            "max n <= 1500",
        ),
    ],
)
def test_a_criterion_is_told_with_its_threshold(criterion, needs, asked, text):
    assert (criterion.needs, criterion.asked, str(criterion)) == (needs, asked, text)


def test_a_failure_refutes_unless_it_has_a_condition():
    assert FEW.otherwise == "refuted" and replace(FEW, condition="rows are few").otherwise == "qualified"


def test_a_rule_is_told_by_its_criteria_and_hashed_by_what_decides():
    rule = Rule((FEW, replace(FEW, relation=">=", threshold=0.1)))
    assert str(rule) == "own <= 0.5; own >= 0.1" and rule.control == ("refuted",)
    assert FEW.decides() == ("own", "mean", "<=", 0.5, "refuted")
    reworded = replace(FEW, asks="other words", origin="elsewhere", failure="otherwise")
    assert Rule((reworded,)).digest() == Rule((FEW,)).digest()
    decides = [
        replace(FEW, estimand=Estimand("other", "rows")),
        replace(FEW, relation=">="),
        replace(FEW, threshold=0.4),
        replace(FEW, condition="rows are few"),
        replace(FEW, statistic="share"),
    ]
    digests = {Rule((one,)).digest() for one in [FEW, *decides]} | {Rule((FEW,), ("holds",)).digest()}
    assert len(digests) == 7 and all(len(one) == 12 for one in digests)
