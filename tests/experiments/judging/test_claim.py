"""A claim's arms, studies and rows: what each size, seed and matrix changes, and what the control decides."""

from dataclasses import replace

import pandas as pd
import pytest
from planted_claims import DOMAIN, above, below, met, planted

from experiments import Arm, run_all
from experiments.judging.claim import POINTS, REPLICATES, SIZES, at, named
from experiments.judging.criterion import Criterion
from experiments.judging.domain import Choice, Domain
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.judging.verdict import judge

WITH_MATRIX = Domain((Choice("matrix", ("davis", "films"), "matrix", ""), *DOMAIN.parameters))


def on_matrices(points, names):
    cells = [{"matrix": name, "points": len(points)} for name in names]
    return Arm("claim", cells, met), Arm("control", cells[:1], below)


def at_one_configuration(size):
    return Arm("claim", [{"size": size}], met), Arm("control", [{"size": size}], below)


def test_sizes_points_and_replicates():
    assert [at(size, quick=1, default=2, thorough=3) for size in SIZES] == [1, 2, 3]
    assert dict(POINTS) == {"quick": 8, "default": 16, "thorough": 64} and REPLICATES == 10
    claim = planted()
    assert claim.replicates == dict.fromkeys(SIZES, 10) and claim.version == 1 and claim.reach == "typically"
    assert not (claim.headline or claim.dated or claim.matrices or claim.extra or claim.finding)


@pytest.mark.parametrize(
    ("matrices", "usual", "name"),
    [
        ((), (), "C1-quick"),
        (("a",), ("a",), "C1-quick"),
        (("a", "b"), ("a",), "C1-quick-a+b"),
        ((), ("a",), "C1-quick-"),
    ],
)
def test_draws_are_named_by_the_matrices_that_are_not_the_usual_ones(matrices, usual, name):
    assert named("C1", "quick", matrices, usual) == name


def test_an_arm_is_called_by_its_name_or_its_vote():
    assert (
        Arm("control", [], met).called == "control" and Arm("control", [], met, name="hard").called == "hard"
    )


def test_a_study_has_the_draws_of_its_claim_whatever_the_size_where_there_is_a_domain():
    quick, default = (planted().studies_at(size) for size in ("quick", "default"))
    assert [study.name for study in quick] == ["Z1-quick-claim", "Z1-quick-control"]
    assert {study.draws for study in (*quick, *default)} == {"Z1"}
    assert [len(study.grid) for study in (*quick, *default)] == [8, 4, 16, 4]
    assert all(study.replicates == 10 and study.version == 1 for study in quick)
    assert replace(planted(), version=3).studies_at("quick")[0].version == 3
    single = replace(planted(domain=None), arms=at_one_configuration)
    assert [study.draws for study in single.studies_at("default")] == ["Z1-default"] * 2
    assert single.points_at("quick") == [] and single.digest() == single.rule.digest()


def test_two_arms_of_one_name_are_refused():
    twice = planted()
    twice = replace(twice, arms=lambda points: (Arm("claim", points, met), Arm("claim", points, below)))
    with pytest.raises(
        ValueError, match=r"the arms of claim Z1 must have different names; got \['claim', 'claim'\]"
    ):
        twice.studies_at("quick")


def test_the_arms_of_a_counterexample_are_those_that_vote_for_the_claim():
    point = {"mean_degree": 10.5, "blocks": 30}
    arms = planted(counterexample=point, reach="always").arms_at("quick")
    assert [(arm.vote, arm.called, len(arm.cells)) for arm in arms] == [
        ("claim", "claim", 8),
        ("control", "control", 4),
        ("counterexample", "counterexample-claim", 1),
    ]
    assert arms[-1].cells == [point]
    assert [arm.vote for arm in planted().arms_on([point])] == ["claim"]


def test_matrices_replace_the_values_of_a_choice_or_are_given_to_the_arms():
    inside = planted(domain=WITH_MATRIX)
    assert inside.domain_with(("mine",)).parameters[0].values == ("mine",)
    assert inside.domain_with(()) is inside.domain is inside.domain_with(None)
    assert {point["matrix"] for point in inside.points_at("default", ("mine",))} == {"mine"}
    beside = replace(planted(), arms=on_matrices, matrices=("davis",))
    assert [cell["matrix"] for cell in beside.arms_at("quick")[0].cells] == ["davis"]
    assert [cell["matrix"] for cell in beside.arms_at("quick", ("a", "b"))[0].cells] == ["a", "b"]
    assert beside.studies_at("quick", ("a", "b"))[0].name == "Z1-quick-a+b-claim"
    assert beside.studies_at("quick", ("a", "b"))[0].draws == "Z1"


def test_rows_say_where_they_come_from():
    claim = planted(met)
    rows = claim.rows(run_all(claim.studies_at("quick")), "quick")
    assert rows.groupby("vote").size().to_dict() == {"claim": 80, "control": 40}
    assert set(zip(rows["study"], rows["arm"])) == {
        ("Z1-quick-claim", "claim"),
        ("Z1-quick-control", "control"),
    }
    assert claim.measure(rows) == ()
    shown = replace(claim, measurements=lambda rows: pd.DataFrame({"x": rows["x"]})).measure(rows)
    assert [(one.name, one.mean.replicates) for one in shown] == [("x", 120)]


def test_an_undecided_control_leaves_a_claim_on_a_domain_undecided_and_says_so():
    claim = planted(met, opposite=above)  # a control that is met at some of its points and fails at others
    judged, control = claim.judge(claim.rows(run_all(claim.studies_at("quick")), "quick"))
    assert (judged.verdict, control.verdict) == ("inconclusive", "inconclusive")
    assert judged.conditions == ("the control is undecided",) and judged.family.met == 8
    open_, _ = planted(above, opposite=below).judge(claim.rows(run_all(claim.studies_at("quick")), "quick"))
    assert open_.conditions == ("the control is undecided",)


def test_a_condition_of_a_criterion_beside_a_domain_is_refused():
    criterion = Criterion(Estimand("x", "x"), ">=", 0.0, "", "", "", condition="x is large")
    claim = planted()
    with pytest.raises(
        ValueError, match="claim Z1 has a domain, so the condition under which it is true is its boundary"
    ):
        replace(claim, rule=replace(claim.rule, criteria=(criterion,)))


def test_a_figure_draws_nothing_more_than_it_is_asked_for():
    figure = Figure("line", "x", "y", "x", "y", "a finding")
    assert not (figure.identity or figure.log or figure.lines or figure.verticals or figure.points)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rule": ()}, "the rule of claim Z1 must be a Rule; got tuple"),
        ({"domain": "graphs"}, "the domain of claim Z1 must be a Domain; got str 'graphs'"),
        ({"boundary": "n > 3"}, "the boundary of claim Z1 must be a Boundary; got str"),
        ({"rivals": ("chance",)}, "each of the rivals of claim Z1 must be a Rival; got str 'chance'"),
        (
            {"figures": Figure("line", "n", "x", "n", "x", "")},
            r"the figures of claim Z1 must be a tuple of Figure; .*\(one,\)",
        ),
        ({"arms": ()}, r"arms of claim Z1 must be a function; got \(\)"),
        ({"estimates": None}, "estimates of claim Z1 must be a function; got None"),
    ],
)
def test_a_part_of_another_kind_is_refused_where_the_claim_is_written(wrong, said):
    with pytest.raises(TypeError, match=said):
        replace(planted(), **wrong)


def test_functions_that_forget_to_return_are_named():
    with pytest.raises(
        TypeError, match="what arms of claim Z1 returns must be a tuple of Arm; got NoneType None"
    ):
        replace(planted(), arms=lambda points: None).studies_at("quick")
    with pytest.raises(TypeError, match="what estimates returns must be a DataFrame; got NoneType None"):
        judge(planted().rule, None)
    with pytest.raises(TypeError, match="rows of the rival 'chance' must be a function; got 'none'"):
        Rival("chance", "none")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "scater"}, r"the kind of a figure must be one of .*'scater' \(did you mean 'scatter'\?\)"),
        ({"log": "z"}, "the logarithmic axes of a figure must be one of '', 'x', 'y', 'xy'; got 'z'"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_refused_before_the_run(wrong, said):
    with pytest.raises(ValueError, match=said):
        replace(Figure("line", "n", "x", "n", "x", ""), **wrong)
