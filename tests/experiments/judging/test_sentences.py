"""A verdict in words, case by case: what decides it, which of many it is, and what the points of a domain say."""

import math
from dataclasses import replace

import pytest
from planted_claims import DOMAIN

from experiments.judging.boundary import Boundary
from experiments.judging.criterion import Criterion
from experiments.judging.estimand import Estimand
from experiments.judging.family import Family, JudgedPoint, RivalOutcome
from experiments.judging.sentences import family_told, found, joined, lowered, outcome, verdict_sentence
from experiments.judging.verdict import Finding, Judgement

SHARE = Criterion(
    Estimand("own", "rows on a ray", "%"), ">=", 0.5, "most are", "planted", "few rows are on rays"
)
COUNT = Criterion(
    Estimand("n", "peaks", "peaks"), "<=", 9.0, "few", "planted", "peaks are many", "n is small", "max"
)
MET = Finding(SHARE, 0.75, 0.7, 0.8, 0.01, 12, True)
FAILED = replace(MET, estimate=0.25, low=0.2, high=0.3, met=False)
OPEN = replace(MET, estimate=0.5, low=0.4, high=0.6, met=None)
MANY = Finding(COUNT, 12.0, 12.0, 12.0, 0.0, 40, False)
BOUNDARY = Boundary("the graph is dense", {"signal": 2.0}, -2 * math.log(10), 100, 0.02)


def said(verdict, *findings, conditions=(), family=None):
    return verdict_sentence("Rows lie on rays.", Judgement(verdict, conditions, findings, family))


def family(*outcomes, **options):
    words = {True: "holds", False: "refuted", None: "inconclusive"}
    points = [
        JudgedPoint({"mean_degree": 500.0, "blocks": 5}, Judgement(words[met], (), (MET,)))
        for met in outcomes
    ]
    return Family(DOMAIN, tuple(points), **options)


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (MET, "75 % (70 to 80 %)"),
        (replace(MET, cells=3, cell="far"), "75 % (70 to 80 %) at far, the least favourable of 3"),
        (MANY, "12 peaks, the largest of 40"),
        (replace(MANY, cells=8), "12 peaks, the largest of 40 at each of 8 points"),
        (replace(MANY, criterion=replace(COUNT, statistic="min")), "12 peaks, the smallest of 40"),
    ],
)
def test_what_was_found_says_which_of_many_it_is(finding, words):
    assert found(finding) == words


def test_outcomes():
    assert [outcome(finding) for finding in (MET, FAILED, OPEN)] == ["met", "failed", "undecided"]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            said("holds", MET),
            "Holds. The claim: rows lie on rays. Rows on a ray: 75 % (70 to 80 %); the claim needs at least 50 %.",
        ),
        (
            said("holds", MET, MET),
            "Holds. The claim: rows lie on rays. Rows on a ray: 75 % (70 to 80 %); the claim needs at least 50 %. "
            "The other criterion is met too.",
        ),
        (
            said("holds", MET, MET, MET),
            "Holds. The claim: rows lie on rays. Rows on a ray: 75 % (70 to 80 %); the claim needs at least 50 %. "
            "The other 2 criteria are met too.",
        ),
        (
            said("refuted", MET, FAILED, MANY),
            "Refuted. The claim: rows lie on rays. Few rows are on rays (rows on a ray: 25 % (20 to 30 %); the claim needs at "
            "least 50 %).",
        ),
        (
            said("qualified", MET, MANY, conditions=("n is small",)),
            "Qualified. The claim: rows lie on rays. True only if n is small. Peaks are many (peaks: 12 peaks, the largest "
            "of 40; the claim needs at most 9 peaks).",
        ),
        (
            said("inconclusive", MET, OPEN),
            "Inconclusive. The claim: rows lie on rays. Rows on a ray: 50 % (40 to 60 %); the claim needs at least 50 %, and the "
            "estimate is too near to that to decide (12 replicates).",
        ),
        (
            said("inconclusive", MET),
            "Inconclusive. The claim: rows lie on rays. Its control is undecided, so the rule cannot be trusted to see the "
            "opposite.",
        ),
        (
            verdict_sentence("Rows lie on rays.", None),
            "Inconclusive. The claim: rows lie on rays. A trial failed, so there is nothing to judge.",
        ),
    ],
)
def test_a_verdict_at_one_point_is_told_by_what_decides_it(sentence, words):
    assert sentence == words


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (family(*[None] * 4), "None of 4 points of its domain is decided."),
        (
            family(*[True] * 16),
            "It is met at all 16 points drawn from its domain: it could fail in at most 17 %.",
        ),
        (
            family(*[True] * 15, None),
            "It is met at 15 of 16 points drawn from its domain, undecided at 1: it could fail in at most 18 %.",
        ),
        (
            family(*[False] * 16),
            "It fails at all 16 points drawn from its domain: it could be true in at most 17 %.",
        ),
        (
            family(*[False] * 14, None, None),
            "It fails at 14 of 16 points drawn from its domain, undecided at 2: it could be true in at most 19 %.",
        ),
        (
            family(True, True, True, False, None),
            "It is met at 3 and fails at 1 of 5 points drawn from its domain, undecided at 1: true in 75 % of it (19 % to 99 %).",
        ),
        (
            family(True, True, False, boundary=BOUNDARY, right=2),
            "It is met at 2 and fails at 1 of 3 points drawn from its domain: true in 67 % of it (9 % to 99 %). That condition "
            "tells 2 of 3 points rightly, where guessing the commoner outcome everywhere would tell 2.",
        ),
        (
            family(True, True, boundary=BOUNDARY, right=2),
            "It is met at all 2 points drawn from its domain: it could fail in at most 78 %.",
        ),
    ],
)
def test_what_the_points_of_a_domain_say(of, words):
    assert family_told(of) == words


def test_a_verdict_on_a_domain_is_told_with_its_rival_its_condition_and_its_doubts():
    passed, refused = RivalOutcome("a constant", 0), RivalOutcome("half the edges", 3)
    held = said("holds", MET, family=family(*[True] * 8, rivals=(refused, RivalOutcome("chance", 5))))
    assert held.endswith(
        "the claim needs at least 50 %. The nearest rival, half the edges, fails at 3 points."
    )
    assert "rival" not in said("holds", MET, family=family(*[True] * 8))
    mixed = family(True, False, True, False, boundary=BOUNDARY, right=4)
    told = said("qualified", FAILED, FAILED, conditions=("the graph is dense",), family=mixed)
    assert told.startswith(
        "Qualified. The claim: rows lie on rays. True only if the graph is dense. It is met at 2"
    )
    assert told.count("Few rows are on rays") == 1
    assert said("refuted", FAILED, FAILED, family=family(*[False] * 8)).count("Few rows are on rays") == 1
    open_ = said("inconclusive", MET, family=family(*[True] * 8, rivals=(passed, refused)))
    assert open_.endswith("The rule cannot refuse a constant.") and "half the edges" not in open_
    assert "cannot refuse" not in said("inconclusive", MET, family=family(True, False, rivals=(passed,)))
    open_ = said("inconclusive", MET, family=family(True, False))
    assert open_.endswith("No boundary is known that tells where it is true.")
    assert "No boundary" not in said(
        "inconclusive", MET, family=family(True, False, boundary=BOUNDARY, right=1)
    )
    assert "No boundary" not in said("inconclusive", MET, family=family(True, True, None))
    undecided = said(
        "inconclusive", MET, conditions=("the control is undecided",), family=family(*[True] * 8)
    )
    assert undecided.endswith("Its control is undecided, so the rule cannot be trusted to see the opposite.")


@pytest.mark.parametrize(("met", "told"), [(2, False), (3, True)])
def test_a_counterexample_is_told_where_the_points_alone_do_not_refute(met, told):
    """Of 16 decided points two are one in eight: with three met ones the counterexample is what refutes."""
    again = JudgedPoint({"mean_degree": 10.5, "blocks": 30}, Judgement("refuted", (), (FAILED,)))
    of = family(*[True] * met, *[False] * (16 - met), counterexample=again)
    sentence = said("refuted", FAILED, family=of)
    assert ("A counterexample fails again: mean degree 10.5, communities 30." in sentence) == told


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("A row is loud.", "a row is loud."),
        ("Spk falls.", "Spk falls."),
        ("Theorem 3.4 holds.", "Theorem 3.4 holds."),
        ("Leiden finds them.", "Leiden finds them."),
        ("PPMI helps.", "PPMI helps."),
        ("U helps.", "U helps."),
        ("Rows lie.", "rows lie."),
        ("", ""),
    ],
)
def test_a_sentence_inside_another_keeps_the_capital_of_a_name(sentence, words):
    assert lowered(sentence) == words


def test_conditions_are_joined_so_that_commas_do_no_harm():
    assert joined(()) == "" and joined(("a, b", "c")) == "a, b; and if c"
