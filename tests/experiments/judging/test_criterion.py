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


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (
            {"relation": "=<"},
            ValueError,
            "the relation of the criterion on 'own' must be one of '<=', '>='; got '=<'",
        ),
        (
            {"statistic": "median"},
            ValueError,
            "the statistic of the criterion on 'own' must be one of 'mean', .*'median'",
        ),
        (
            {"threshold": float("nan")},
            ValueError,
            "the threshold of the criterion on 'own' must be a finite number",
        ),
        (
            {"threshold": "0.5"},
            TypeError,
            "the threshold of the criterion on 'own' must be a finite number; got str",
        ),
        ({"estimand": "own"}, TypeError, "the estimand of a criterion must be an Estimand; got str 'own'"),
        (
            {"asks": "at most {treshold}"},
            ValueError,
            r"may name \{threshold\} in braces alone; got \{treshold\}",
        ),
    ],
)
def test_a_criterion_that_cannot_decide_is_refused(wrong, error, said):
    """Before, an unknown relation was read as ">=" and an unknown statistic as the mean."""
    with pytest.raises(error, match=said):
        replace(FEW, **wrong)


@pytest.mark.parametrize(
    ("criteria", "control", "error", "said"),
    [
        (
            FEW,
            ("refuted",),
            TypeError,
            r"the criteria of a rule must be a tuple of Criterion; .*write \(one,\) for one",
        ),
        (
            ("own <= 0.5",),
            ("refuted",),
            TypeError,
            "each of the criteria of a rule must be a Criterion; got str",
        ),
        ((FEW,), "refuted", TypeError, "the verdicts of a rule's control must be a tuple of str"),
        (
            (FEW,),
            ("false",),
            ValueError,
            "each verdict of a rule's control must be one of 'holds', .*got 'false'",
        ),
    ],
)
def test_a_rule_is_made_of_criteria_and_verdicts(criteria, control, error, said):
    with pytest.raises(error, match=said):
        Rule(criteria, control)
