"""Claims, judgements, ledgers and maps in a notebook: what a reader looks for, and names that stay names."""

import pandas as pd
import pytest
from matplotlib.figure import Figure
from planted_claims import BLOCKS, SIGNAL, planted

from experiments import Choice, Claim, Criterion, Domain, Estimand, Ledger, Range, Rule
from experiments.judging.boundary import Boundary
from experiments.judging.claim_map import ClaimMap
from experiments.judging.family import RivalOutcome, judge_family
from experiments.judging.ledger import Entry
from experiments.judging.verdict import Judgement, judge

EVIL = "<script>alert(1)</script> $\\frac{ \x1b[2J"
QUOTED = "&lt;script&gt;alert(1)&lt;/script&gt; $\\frac{ \\x1b[2J"
EDGE = Boundary("signal is strong", {"signal": 1.0}, -2.3, 100, 0.02)


def rows_of(points, value):
    """Ten replicates at each point."""
    columns = [{**point, "replicate": k, "x": value(point, k)} for point in points for k in range(10)]
    return pd.DataFrame(columns).assign(vote="claim")


def told(claim, value=lambda point, k: SIGNAL.function(point) - 10 + 0.01 * k):
    points = claim.judged_points(rows_of(claim.points_at("quick"), value))
    return judge_family(
        claim.rule, points, claim.domain, boundary=claim.boundary, rivals=[RivalOutcome("chance", 3)]
    )


def axis():
    return Figure().subplots()


def drawn(axis):
    axis.figure.canvas.draw()
    return axis


def entry(claim, judgement, status="ok"):
    return Entry(claim, (), status, judgement, None, 10)


def test_a_claim_shows_what_it_asks_and_where_numbers_come_from():
    claim = planted(boundary=EDGE)
    assert repr(claim) == "Claim(Z1: Planted; forecast holds; 1 criterion; a domain of 2 parameters)"
    frame = claim.to_frame()
    assert frame["part"].tolist() == ["parameter", "parameter", "criterion"]
    assert frame["asked"].tolist() == ["mean degree 10 to 1,000", "communities 2 to 30", "at least 0 edges"]
    card = claim._repr_html_()
    assert all(
        word in card
        for word in ("signal is strong", "communities 2 to 30", "at least 0 edges", claim.digest())
    )
    on = drawn(claim.plot(axis()))
    assert on.get_xlabel() == "degree over communities" and "16 points" in on.get_title(loc="left")
    assert len(on.collections[0].get_offsets()) == 16


@pytest.mark.parametrize("domain", [None, Domain((Choice("law", ("a", "b"), "law", ""), BLOCKS))])
def test_a_claim_without_two_numbers_says_that_it_has_no_picture(domain):
    with pytest.raises(ValueError, match="claim Z1 must have a domain with two quantities that are numbers"):
        planted(domain=domain).plot(axis())
    assert "<table>" in planted(domain=domain)._repr_html_() and len(planted(domain=domain).to_frame()) >= 1


def test_a_judgement_shows_each_criterion_beside_what_it_needs():
    judgement = told(planted(boundary=EDGE))
    family = judgement.family
    words = f"{family.met} met, {family.failed} failed"
    assert repr(judgement) == f"Judgement(qualified; criteria: 1 failed; points: {words})"
    assert repr(family) == f"Family(8 points: {words})"
    (row,) = judgement.to_frame().to_dict("records")
    assert (row["criterion"], row["outcome"], row["needs"]) == (
        "x is not negative",
        "failed",
        "at least 0 edges",
    )
    card = judgement._repr_html_()
    assert all(word in card for word in ("signal is strong", "✗ failed", "chance: fails at 3 points"))
    on = drawn(judgement.plot(axis()))
    heights = sorted(x for line in on.lines[:6:3] for x in line.get_ydata())
    assert heights == sorted(point.judgement.findings[0].estimate for point in family.points)
    assert on.get_ylabel() == "the planted number (edges)" and "least favourable first" in on.get_xlabel()


def test_a_judgement_at_one_configuration_is_one_mark_in_its_unit():
    share = Estimand("x", "rows on a ray", "%")
    rule = Rule((Criterion(share, ">=", 0.5, "most rows lie on rays", "planted", "few do"),))
    judgement = judge(rule, pd.DataFrame({"x": [0.9, 0.92, 0.91]}))
    on = drawn(judgement.plot(axis()))
    assert on.lines[0].get_ydata().tolist() == [91.0] and on.lines[-1].get_ydata()[0] == 50.0
    assert on.get_ylabel() == "rows on a ray (%)" and on.get_xlabel() == "one configuration"
    assert judgement == judge(rule, pd.DataFrame({"x": [0.9, 0.92, 0.91]}))  # compared by what it holds


def test_one_replicate_has_no_interval_and_is_drawn_all_the_same():
    rule = planted().rule
    drawn(judge(rule, pd.DataFrame({"x": [2.0]})).plot(axis()))
    with pytest.raises(ValueError, match="needs a criterion to be drawn"):
        Judgement("inconclusive", (), ()).plot(axis())


def test_a_ledger_is_a_table_of_verdicts():
    claim, point = planted(boundary=EDGE), planted(domain=None)
    single = judge(point.rule, pd.DataFrame({"x": [1.0, 1.01, 1.02]}))
    entries = (entry(claim, told(claim)), entry(point, single), entry(claim, None, "failed"))
    ledger = Ledger(entries, 0, "quick", {})
    assert (
        repr(ledger)
        == "Ledger(3 claims, size quick, seed 0;\n  holds Z1;\n  qualified Z1;\n  inconclusive Z1)"
    )
    frame = ledger.to_frame()
    assert frame["verdict"].tolist() == ["qualified", "holds", "inconclusive"]
    assert frame["true_only_if"].tolist() == ["signal is strong", "", ""]
    assert frame["met"].isna().tolist() == [False, True, True] and str(frame["met"].dtype) == "Int64"
    card = ledger._repr_html_()
    assert all(word in card for word in ("qualified (forecast: holds)", " of 8", "a trial failed"))
    on = drawn(ledger.plot(axis()))
    assert [text.get_text() for text in on.get_yticklabels()] == [
        "Z1 qualified",
        "Z1 holds",
        "Z1 inconclusive",
    ]
    assert on.lines[2].get_xdata()[0] == 100.0 and on.lines[2].get_markerfacecolor() == "none"
    assert "met at" in entries[0]._repr_html_() and "a trial failed" in entries[2]._repr_html_().lower()


def test_a_ledger_of_many_claims_stays_short():
    claim = planted()
    ledger = Ledger(tuple(entry(claim, None, "failed") for _ in range(3000)), 0, "quick", {})
    assert len(repr(ledger)) < 300 and "2960 more" in repr(ledger)
    assert len(ledger._repr_html_()) < 40_000 and "2,950 more rows" in ledger._repr_html_()
    assert repr(Ledger((), 0, "quick", {})) == "Ledger(0 claims, size quick, seed 0)"
    drawn(Ledger((), 0, "quick", {}).plot(axis()))


def test_a_map_shows_where_a_claim_is_met():
    claim = planted()
    points = told(claim).family.points
    found = ClaimMap(claim, points, EDGE, 0.4, {"signal": 1.0})
    met = sum(point.met is True for point in points)
    assert repr(found) == f"ClaimMap(Z1 at 8 points of its domain: {met} met, {8 - met} failed)"
    frame = found.to_frame()
    assert (frame["outcome"] == "met").tolist() == [point.met for point in points]
    assert frame["signal"].tolist() == [SIGNAL.function(point.point) for point in points]
    assert list(frame) == ["mean_degree", "blocks", "signal", "outcome", "x >= 0"]
    on = drawn(found.plot(axis()))
    assert {text.get_text() for text in on.get_legend().get_texts()} >= {"met", "failed", "fitted boundary"}
    assert "2.3" in found._repr_html_()


def test_hostile_names_stay_names_everywhere():
    domain = Domain((Range("mean_degree", 10, 1000, EVIL, EVIL), BLOCKS), EVIL)
    base = planted()
    rule = Rule((Criterion(Estimand("x", EVIL, EVIL), ">=", 0.0, EVIL, EVIL, EVIL),))
    words = dict.fromkeys(("title", "statement", "source", "control", "finding"), EVIL)
    words["id"] = "<script>$_{"  # as far as an id may go
    claim = Claim(
        **words, expected="holds", arms=base.arms, estimates=base.estimates, rule=rule, domain=domain
    )
    judgement = told(claim, below_everywhere)
    ledger = Ledger((entry(claim, judgement), entry(claim, None, "failed")), 0, "quick", {}, (EVIL,))
    mapped = ClaimMap(claim, judgement.family.points, None, 0.0, {EVIL: 1.0})
    for shown in (claim, judgement, ledger, ledger.entries[0], mapped):
        card = shown._repr_html_()
        assert QUOTED in card and "<script" not in card and "\x1b" not in card
        assert "\x1b" not in repr(shown)
    for shown in (claim, judgement, ledger, mapped):
        drawn(shown.plot(axis()))  # half a formula would raise
        assert len(shown.to_frame())


def below_everywhere(point, k):
    return -1.0 + 0.01 * k
