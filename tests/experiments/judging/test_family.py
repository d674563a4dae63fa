"""A verdict over a domain: what points decide, what a boundary, a rival and a counterexample change, and what is drawn."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_claims import BLOCKS, DEGREE, DOMAIN, above, below, met, planted, with_rival
from scipy import stats

from experiments import run_all
from experiments.judging.boundary import Boundary
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import JudgedPoint, Rival, RivalOutcome, judge_family, judge_points, points_in
from experiments.judging.sentences import verdict_sentence
from experiments.judging.verdict import Finding, Judgement

BOUNDARY = Boundary("the degree is ten times the communities", {"signal": 2.0}, -2 * math.log(10), 100, 0.02)
RULE = Rule((Criterion(Estimand("x", "the size of x"), ">=", 0.0, "x is large", "planted", "x is small"),))


def points(*outcomes):
    """Judged points with these outcomes (True, False or None), at degrees above and below the planted boundary."""
    words = {True: "holds", False: "refuted", None: "inconclusive"}
    finding = {met: Finding(RULE.criteria[0], 0.0, 0.0, 0.0, 0.1, 10, met) for met in words}
    return [
        JudgedPoint(
            {"mean_degree": 990.0 - k if met else 11.0 + k / 100, "blocks": 5},
            Judgement(words[met], (), (finding[met],)),
        )
        for k, met in enumerate(outcomes)
    ]


def verdict(outcomes, **options):
    return judge_family(RULE, points(*outcomes), DOMAIN, **options).verdict


def judged(claim, size="quick", seed=0):
    rows = claim.rows(run_all(claim.studies_at(size, seed=seed), seed=seed), size, seed=seed)
    return claim.judge(rows)


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ([True] * 16, "holds"),
        ([True] * 14 + [None] * 2, "holds"),  # one in eight may be undecided
        ([True] * 13 + [None] * 3, "inconclusive"),
        ([True] * 15 + [False], "inconclusive"),  # one that fails is enough
        ([False] * 16, "refuted"),
        ([False] * 14 + [True] * 2, "refuted"),
        ([False] * 13 + [True] * 3, "inconclusive"),
        ([False] * 12 + [True] + [None] * 3, "inconclusive"),
        ([None] * 16, "inconclusive"),
    ],
)
def test_a_verdict_needs_nearly_all_points_to_agree(outcomes, word):
    assert verdict(outcomes) == word


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=40))
def test_the_order_of_points_does_not_matter_and_the_share_is_inside_its_interval(outcomes):
    assert verdict(outcomes) == verdict(outcomes[::-1])
    share, low, high = judge_family(RULE, points(*outcomes), DOMAIN).family.share_met()
    assert math.isnan(share) or low <= share <= high


def test_a_boundary_qualifies_where_it_tells_the_points_apart():
    mixed = [True] * 9 + [False] * 7
    assert verdict(mixed) == "inconclusive"
    assert verdict(mixed, boundary=BOUNDARY) == "qualified"
    assert verdict([True] * 16, boundary=BOUNDARY) == "holds"
    wrong_way = replace(BOUNDARY, terms={"signal": -2.0}, constant=2 * math.log(10))
    assert verdict(mixed, boundary=wrong_way) == "inconclusive"
    assert verdict([True] + [False] * 7) == "refuted"
    assert (
        verdict([True] + [False] * 7, boundary=BOUNDARY) == "qualified"
    )  # it tells the one that is met, too
    near = [True] * 6 + [False] * 5 + [None] * 5  # near a boundary points are undecided by nature
    assert verdict(near, boundary=BOUNDARY) == "qualified"
    assert verdict([True] * 4 + [False] * 3 + [None] * 9, boundary=BOUNDARY) == "inconclusive"
    everywhere = replace(BOUNDARY, constant=1e6)  # says "true" of every point: no better than guessing
    assert verdict([True] * 15 + [False] * 3, boundary=everywhere) == "inconclusive"


def test_a_rival_that_passes_everywhere_leaves_the_claim_open():
    assert (
        verdict([True] * 16, rivals=[RivalOutcome("a constant", 0), RivalOutcome("half", 9)])
        == "inconclusive"
    )
    assert verdict([True] * 16, rivals=[RivalOutcome("a constant", 1)]) == "holds"


def test_a_counterexample_refutes_what_is_said_to_be_always_true():
    mixed = [True] * 14 + [False] * 3
    (fails,), (holds,) = points(False), points(True)
    assert verdict(mixed, reach="always", counterexample=fails) == "refuted"
    assert verdict(mixed, reach="typically", counterexample=fails) == "inconclusive"
    assert verdict(mixed, reach="always", counterexample=holds) == "inconclusive"


def test_bounds_on_the_share_are_the_exact_ones():
    family = judge_family(RULE, points(*[True] * 16), DOMAIN).family
    assert family.share_met()[1] == pytest.approx(0.05 ** (1 / 16))  # it could fail in at most 17 %
    family = judge_family(RULE, points(*[True] * 100), DOMAIN).family
    assert 1 - family.share_met()[1] == pytest.approx(0.0295, abs=1e-4)


def test_points_of_a_small_size_are_the_first_of_a_large_one_and_follow_the_seed_and_version():
    claim = planted()
    quick, default = claim.points_at("quick"), claim.points_at("default")
    assert quick == default[:8] and len(default) == 16 and len(claim.points_at("thorough")) == 64
    assert claim.points_at("quick", seed=1) != quick
    assert replace(claim, version=2).points_at("quick") != quick
    for point in claim.points_at("thorough"):
        assert 10 <= point["mean_degree"] <= 1000 and 2 <= point["blocks"] <= 30
        assert isinstance(point["blocks"], int)


def test_dear_points_are_left_to_the_thorough_size_and_said():
    domain = replace(DOMAIN, dear=lambda point: point["mean_degree"] > 100, dear_words="degrees above 100")
    claim = planted(domain=domain)
    assert max(point["mean_degree"] for point in claim.points_at("default")) <= 100
    assert max(point["mean_degree"] for point in claim.points_at("thorough")) > 100
    assert "left to the thorough size" in str(domain) and "degrees above 100" in str(domain)


def test_a_domain_of_few_points_is_drawn_whole_and_an_empty_one_is_refused():
    small = Domain((Choice("f", (32, 64, 128), "dimensions", ""),))
    assert sorted(point["f"] for point in small.points("Z1", 1, seed=0, count=8)) == [32, 64, 128]
    empty = replace(DOMAIN, allowed=lambda point: False)
    with pytest.raises(
        ValueError, match="no point of the domain is allowed, of 1000 drawn: mean degree 10 to"
    ):
        empty.points("Z1", 1, seed=0, count=8)
    with pytest.raises(ValueError, match="the range of n must not be empty"):
        Range("n", 5, 5, "nodes", "")
    with pytest.raises(ValueError, match="with names of their own"):
        Domain((DEGREE, DEGREE))


def test_draws_are_even_in_the_logarithm():
    found = np.log([point["mean_degree"] for point in DOMAIN.points("Z1", 1, seed=0, count=400)])
    # the mean of 400 uniform draws; six standard errors: a false alarm in 2e-9 runs
    assert abs(found.mean() - np.log(100)) < 6 * np.log(100) / math.sqrt(12 * 400)
    blocks = [point["blocks"] for point in DOMAIN.design(200)]
    assert {2, 30} <= set(blocks)


def test_a_claim_is_met_fails_or_is_open_by_what_its_points_show():
    assert judged(planted(met))[0].verdict == "holds"
    assert judged(planted(below, opposite=below))[0].verdict == "refuted"
    assert judged(planted(above))[0].verdict == "inconclusive"
    qualified, control = judged(planted(above, boundary=BOUNDARY), "default")
    assert (qualified.verdict, control.verdict) == ("qualified", "refuted")
    assert qualified.conditions == ("the degree is ten times the communities",)
    assert qualified.family.right == 16


def test_rivals_go_through_the_same_rule():
    rival = Rival("x turned round", with_rival)
    held, _ = judged(planted(met, rivals=(rival,)))
    assert held.verdict == "holds" and held.family.nearest_rival.failed == 8
    blind = Rival("the same again", lambda rows: rows)
    assert judged(planted(met, rivals=(rival, blind)))[0].verdict == "inconclusive"


def test_a_stored_counterexample_is_run_again_on_draws_of_its_own():
    claim = planted(above, reach="always", counterexample={"mean_degree": 10.5, "blocks": 30})
    found, _ = judged(claim)
    assert found.verdict == "refuted" and found.family.counterexample.met is False
    assert "A counterexample fails again: mean degree 10.5, communities 30." in verdict_sentence(
        "Planted.", found
    )


def test_the_hash_covers_domain_reach_rivals_boundary_and_version():
    claim = planted()
    others = [
        planted(domain=replace(DOMAIN, parameters=(replace(DEGREE, high=500), BLOCKS))),
        planted(domain=replace(DOMAIN, fixed="something else")),
        planted(reach="always"),
        planted(rivals=(Rival("a", with_rival),)),
        planted(boundary=BOUNDARY),
        planted(boundary=replace(BOUNDARY, constant=-5.0)),
        planted(counterexample={"mean_degree": 10.5, "blocks": 30}),
        replace(claim, version=2),
        replace(claim, replicates={"quick": 10, "default": 10, "thorough": 12}),
    ]
    assert len({one.digest() for one in [claim, *others]}) == 1 + len(others)
    assert claim.digest() == planted().digest()


def test_sentences_say_how_much_of_the_domain():
    said = verdict_sentence("Spikes appear.", judged(planted(met), "default")[0])
    assert said.startswith(
        "Holds. The claim: spikes appear. It is met at all 16 points drawn from its domain: it could fail in at most 17 %."
    )
    said = verdict_sentence("Spikes appear.", judged(planted(above, boundary=BOUNDARY), "default")[0])
    assert "True only if the degree is ten times the communities." in said
    assert "tells 16 of 16 points rightly, where guessing the commoner outcome everywhere would tell" in said


def test_a_family_is_json_without_infinities():
    from experiments.judging.family_json import family_as_json

    found, _ = judged(planted(above, boundary=BOUNDARY))
    record = json.loads(json.dumps(family_as_json(found.family, "typically"), allow_nan=False))
    assert record["met"] + record["failed"] + record["undecided"] == len(record["points"]) == 8
    assert all(point["inside"] == (point["outcome"] == "met") for point in record["points"])


def test_the_finding_told_is_that_of_the_least_favourable_point():
    """A point that fails comes before an undecided one, that before one that is met; of equal ones the worst estimate."""

    def told(relation, *found):
        criterion = replace(RULE.criteria[0], relation=relation)
        words = {True: "holds", False: "refuted", None: "inconclusive"}
        judged = [
            JudgedPoint(
                {"mean_degree": 10.0 * (k + 1), "blocks": 5},
                Judgement(words[met], (), (Finding(criterion, value, value, value, 0.1, 10, met),)),
            )
            for k, (value, met) in enumerate(found)
        ]
        return judge_family(Rule((criterion,)), judged, DOMAIN).findings[0]

    found = told(">=", (3.0, True), (1.0, True), (2.0, True))
    assert (found.estimate, found.cells, found.cell) == (1.0, 3, "mean degree 20, communities 5")
    assert told("<=", (3.0, True), (1.0, True), (2.0, True)).estimate == 3.0
    assert told(">=", (-9.0, True), (5.0, None), (4.0, None)).estimate == 4.0
    assert told(">=", (-9.0, None), (5.0, False), (-8.0, True)).met is False


def test_points_are_read_from_rows_as_they_were_drawn():
    """A table of numbers holds whole ones as floats where a column has both; they come back whole."""
    rows = pd.DataFrame({"mean_degree": [64.0, 64.0, 12.5], "blocks": [5.0, 5.0, 0.0], "other": [1, 2, 3]})
    found = points_in(rows, DOMAIN)
    assert found == [{"mean_degree": 64, "blocks": 5}, {"mean_degree": 12.5, "blocks": 0.0}]
    assert isinstance(found[0]["mean_degree"], int) and isinstance(found[1]["blocks"], float)


def test_each_point_is_judged_from_its_own_rows_and_an_error_names_it():
    rows = pd.DataFrame({"mean_degree": [64.0, 12.5] * 10, "blocks": 5, "x": [1.0, -1.0] * 10})
    judged_ = judge_points(RULE, lambda part: part[["x"]], rows, DOMAIN)
    assert [(one.point["mean_degree"], one.met) for one in judged_] == [(64, True), (12.5, False)]
    assert [one.judgement.findings[0].replicates for one in judged_] == [10, 10]
    # ten values that do not vary decide at 0.001 (2^-10), not at 0.0001
    assert [one.met for one in judge_points(RULE, lambda part: part[["x"]], rows, DOMAIN, 1e-4)] == [
        None,
        None,
    ]
    with pytest.raises(ValueError, match="at mean degree 64, communities 5: no estimate of 'x'"):
        judge_points(RULE, lambda part: part[["blocks"]], rows, DOMAIN)


def test_no_point_that_is_decided_says_nothing_of_the_share():
    family = judge_family(RULE, points(None, None), DOMAIN).family
    assert math.isnan(family.share_met()[0]) and family.share_met()[1:] == (0.0, 1.0)
    assert (family.met, family.failed, family.undecided, family.decided) == (0, 0, 2, 0)
    assert family.nearest_rival is None and family.right is None


def test_the_share_has_the_exact_two_sided_interval_where_points_disagree():
    share, low, high = judge_family(RULE, points(*[True] * 6, *[False] * 2, None), DOMAIN).family.share_met()
    expected = stats.beta.ppf(0.025, 6, 3), stats.beta.isf(0.025, 7, 2)
    assert share == 0.75 and (low, high) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"boundary": BOUNDARY, "domain": None}, "must have a domain"),
        ({"reach": "always", "domain": None, "counterexample": {"a": 1}}, "must have a domain"),
    ],
)
def test_what_belongs_to_a_domain_needs_one(options, words):
    with pytest.raises(ValueError, match=words):
        planted(**options)


def test_a_boundary_is_a_formula_in_at_most_two_quantities():
    with pytest.raises(ValueError, match="one or 2 quantities"):
        Boundary("x", {"a": 1.0, "b": 1.0, "c": 1.0}, 0.0, 100, 0.1)
    with pytest.raises(ValueError, match="the domain has no 'colour'; it has mean_degree, blocks"):
        Boundary("x", {"colour": 1.0}, 0.0, 100, 0.1).inside(DOMAIN, {"mean_degree": 10.0, "blocks": 2})
