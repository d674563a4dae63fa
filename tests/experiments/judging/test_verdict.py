"""A rule decides at the level 0.001: means by Student, values that do not vary by the sign test, shares by the binomial test."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.verdict import judge


def criterion(name, relation, threshold, origin, condition="", statistic="mean"):
    """A criterion of which only what decides matters here."""
    estimand = Estimand(name, f"the size of {name}")
    asks, failure = f"{name} stays on its side of {{threshold}}", f"{name} does not"
    return Criterion(estimand, relation, threshold, asks, origin, failure, condition, statistic)


UPPER = criterion("x", "<=", 1.0, "a round number")
QUALIFYING = criterion("y", ">=", 0.0, "a round number", condition="y is negative")


def frame(mean, error, replicates=4, column="x"):
    """Values with exactly this mean and this standard error of the mean."""
    signs = np.resize([1.0, -1.0], replicates)
    spread = error * math.sqrt(replicates) * math.sqrt((replicates - 1) / replicates)
    return pd.DataFrame({column: mean + spread * signs})


@pytest.mark.parametrize(
    ("mean", "word"),
    [
        (-0.03, "holds"),
        (-0.02, "inconclusive"),
        (1.0, "inconclusive"),
        (2.02, "inconclusive"),
        (2.03, "refuted"),
    ],
)
def test_undecided_within_the_quantile_of_student_from_the_threshold(mean, word):
    # t quantile 0.999 with 3 degrees of freedom is 10.2145
    assert judge(Rule((UPPER,)), frame(mean, 0.1)).verdict == word


@pytest.mark.parametrize(("replicates", "decided"), [(9, False), (10, True)])
def test_values_that_do_not_vary_are_decided_by_ten_that_agree(replicates, decided):
    # the sign test: 2^-9 is above 0.001, 2^-10 below
    same = pd.DataFrame({"x": [0.5] * replicates})
    assert judge(Rule((UPPER,)), same).verdict == ("holds" if decided else "inconclusive")
    assert judge(Rule((UPPER,)), same + 1).verdict == ("refuted" if decided else "inconclusive")


def test_a_counterexample_is_judged_at_a_level_of_its_own():
    values = frame(2.5, 0.1)  # 15 standard errors: beyond 10.2 of level 0.001, within 22.2 of level 0.0001
    assert judge(Rule((UPPER,)), values).verdict == "refuted"
    assert judge(Rule((UPPER,)), values, 1e-4).verdict == "inconclusive"


@settings(deadline=None, max_examples=200)
@given(mean=st.floats(-5, 5), error=st.floats(1e-3, 2), replicates=st.sampled_from([2, 4, 10]))
def test_the_other_relation_is_the_mirror_image(mean, error, replicates):
    mirrored = criterion("x", ">=", -1.0, "a round number")
    values = frame(mean, error, replicates)
    assert judge(Rule((UPPER,)), values).verdict == judge(Rule((mirrored,)), -values).verdict


def test_interval_is_student_and_wider_when_criteria_are_many():
    one = judge(Rule((UPPER,)), frame(0.0, 0.1)).findings[0]
    # t quantile 0.975 with 3 degrees of freedom
    assert one.high == pytest.approx(0.1 * 3.182446, rel=1e-5)
    both = pd.concat([frame(0.0, 0.1), frame(1.0, 0.1, column="y")], axis=1)
    two = judge(Rule((UPPER, QUALIFYING)), both).findings[0]
    assert two.high == pytest.approx(0.1 * 4.176535, rel=1e-5)
    assert two.detectable == pytest.approx(0.1 * 10.2145, rel=1e-4)


@pytest.mark.parametrize(
    ("x", "y", "word"),
    [
        (-1.0, 2.0, "holds"),
        (-1.0, -2.0, "qualified"),
        (3.0, -2.0, "refuted"),
        (3.0, 0.0, "refuted"),
        (-1.0, 0.0, "inconclusive"),
        (1.0, -2.0, "inconclusive"),
    ],
)
def test_refutation_outweighs_doubt_and_doubt_outweighs_qualification(x, y, word):
    both = pd.concat([frame(x, 0.1), frame(y, 0.1, column="y")], axis=1)
    judgement = judge(Rule((UPPER, QUALIFYING)), both)
    assert judgement.verdict == word
    assert judgement.conditions == (("y is negative",) if word == "qualified" else ())


def test_a_threshold_of_numpy_decides_like_a_plain_one():
    rule = Rule((criterion("x", "<=", np.float64(1.0), "a round number"),))
    assert judge(rule, frame(3.0, 0.1)).findings[0].met is False


def test_exact_statistics_admit_no_exception():
    exact = Rule((criterion("x", "<=", 1.0, "exact", statistic="max"),))
    assert judge(exact, pd.DataFrame({"x": [0.0] * 999 + [1.0001]})).verdict == "refuted"
    assert judge(exact, pd.DataFrame({"x": [0.0] * 999 + [1.0]})).verdict == "holds"
    least = Rule((criterion("x", ">=", 1.0, "exact", statistic="min"),))
    assert judge(least, pd.DataFrame({"x": [5.0, 0.9]})).verdict == "refuted"


EACH = criterion("x", "<=", 1.0, "a round number", statistic="each")


@pytest.mark.parametrize(
    ("first", "second", "word", "cell"),
    [
        (-1.0, -0.5, "holds", "second"),
        (-0.5, -1.0, "holds", "first"),
        (-1.0, 0.7, "inconclusive", "second"),
        (1.3, 0.7, "inconclusive", "first"),
        (2.1, 0.7, "inconclusive", "first"),  # beyond 10.2 standard errors, not beyond 12.9 of half the level
        (2.5, 0.7, "refuted", "first"),
        (-1.0, 3.0, "refuted", "second"),
    ],
)
def test_each_cell_must_meet_and_the_worst_decides(first, second, word, cell):
    both = pd.concat([frame(first, 0.1, column="x: first"), frame(second, 0.1, column="x: second")], axis=1)
    judgement = judge(Rule((EACH,)), both)
    (finding,) = judgement.findings
    assert (judgement.verdict, finding.cell, finding.cells) == (word, cell, 2)
    # simultaneous over both cells: t quantile 0.9875 with 3 degrees of freedom
    assert finding.high - finding.estimate == pytest.approx(0.1 * 4.176535, rel=1e-5)


def test_cells_that_do_not_vary_are_decided_by_their_side_of_the_threshold():
    on, off = frame(1.0, 0.0, 10, column="x: on"), frame(3.0, 0.1, 10, column="x: off")
    assert judge(Rule((EACH,)), on).verdict == "holds"
    assert judge(Rule((EACH,)), pd.concat([on, off], axis=1)).findings[0].cell == "off"


def test_a_criterion_on_cells_needs_cells():
    with pytest.raises(ValueError, match="no estimate of 'x'; there are \\['x'\\]"):
        judge(Rule((EACH,)), frame(0.0, 0.1))


SHARE = criterion("x", ">=", 0.5, "more often than not", statistic="share")


@pytest.mark.parametrize(
    ("ones", "of", "word"),
    [  # P(X >= 10 | 10, 1/2) = 0.00098; nine hits of nine do not reach the level, nor 19 of 24 with 0.0033
        (10, 10, "holds"),
        (9, 9, "inconclusive"),
        (20, 24, "holds"),
        (19, 24, "inconclusive"),
        (12, 24, "inconclusive"),
        (0, 10, "refuted"),
    ],
)
def test_outcomes_that_do_not_vary_are_still_finitely_many(ones, of, word):
    outcomes = pd.DataFrame({"x": [1.0] * ones + [0.0] * (of - ones)})
    judgement = judge(Rule((SHARE,)), outcomes)
    (finding,) = judgement.findings
    assert judgement.verdict == word and finding.estimate == ones / of
    assert finding.low < finding.high


def test_shares_of_cells_are_decided_by_the_worst_and_bounded_together():
    table = pd.DataFrame({"x: a": [1.0] * 24, "x: b": [0.0] * 24, "x: c": [1.0] * 12 + [0.0] * 12})
    (finding,) = judge(Rule((SHARE,)), table).findings
    assert (finding.cell, finding.cells, finding.met) == ("b", 3, False)
    # the exact interval of Clopper and Pearson for no success, 95 % over three cells: 1 - (0.05 / 6)^(1 / 24)
    assert finding.low == 0.0 and finding.high == pytest.approx(1 - (0.05 / 6) ** (1 / 24), rel=1e-9)


def test_a_share_needs_outcomes():
    with pytest.raises(ValueError, match=r"outcomes must be 0 or 1 to have a share; got \[0.5\]"):
        judge(Rule((SHARE,)), pd.DataFrame({"x": [0.5]}))


def test_a_single_replicate_of_a_statistical_estimand_decides_nothing():
    assert judge(Rule((UPPER,)), pd.DataFrame({"x": [0.0]})).verdict == "inconclusive"


def test_every_field_of_a_rule_changes_its_hash():
    base = Rule((UPPER,))
    others = [
        Rule((criterion("z", "<=", 1.0, "a round number"),)),
        Rule((criterion("x", ">=", 1.0, "a round number"),)),
        Rule((criterion("x", "<=", 1.5, "a round number"),)),
        Rule((criterion("x", "<=", 1.0, "a round number", statistic="max"),)),
        Rule((EACH,)),
        Rule((UPPER, QUALIFYING)),
        Rule((UPPER,), control=("holds",)),
    ]
    assert len({rule.digest() for rule in [base, *others]}) == 1 + len(others)
    assert base.digest() == Rule((UPPER,)).digest()
    assert base.digest() == Rule((criterion("x", "<=", 1.0, "the same in other words"),)).digest()


@pytest.mark.parametrize("values", [[], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_estimates_that_are_missing_or_not_finite_are_refused(values):
    with pytest.raises(ValueError, match="'x'"):
        judge(Rule((UPPER,)), pd.DataFrame({"x": values}))
    with pytest.raises(ValueError, match="there are \\['z'\\]"):
        judge(Rule((UPPER,)), pd.DataFrame({"z": [1.0, 2.0]}))
