"""Judging: statuses, the files written, the baseline; on claims made for the purpose, so that each case is certain."""

import pandas as pd
import pytest

from experiments import Arm, Claim, Criterion, Estimand, Rule, Study, verify
from experiments import claims as registry_module
from experiments.claims import select
from experiments.judging.ledger import compare_with_baseline, read, read_whole


def judged(cell, rngs):
    if cell["size"] == "quick":
        raise RuntimeError("planted")
    return {"x": 1.0 + 0.01 * float(rngs["r"].random())}


def control(cell, rngs):
    return {"x": cell["control"] + 0.01 * float(rngs["r"].random())}


def make(opposite=5.0, threshold=2.0, condition=""):
    def arms(size):
        return (
            Arm("claim", [{"size": size}], judged, {"r": ("size",)}),
            Arm("control", [{"size": size, "control": opposite}], control, {"r": ("size", "control")}),
        )

    x = Estimand("x", "the planted number", "edges")
    rule = Rule((Criterion(x, "<=", threshold, "x is small", "planted", "x is large", condition),))
    return Claim(
        id="Z1",
        title="Planted",
        statement="Planted.",
        source="here",
        expected="holds",
        arms=arms,
        replicates={"quick": 4, "default": 4, "thorough": 4},
        estimates=lambda rows: rows.set_index("replicate")[["x"]],
        rule=rule,
        control="planted",
        measurements=lambda rows: pd.DataFrame(
            {
                Estimand("d", "x, claim less control", "edges"): rows[rows["vote"] == "claim"]["x"].to_numpy()
                - rows[rows["vote"] == "control"]["x"].to_numpy(),
                "nothing": None,
            }
        ),
    )


@pytest.fixture
def planted(monkeypatch):
    def plant(**options):
        claim = make(**options)
        monkeypatch.setattr("experiments.verification.chosen_claims", lambda given: [claim])
        monkeypatch.setattr(
            "experiments.verification.exhibits", lambda names: Study("none", [{"a": 1}], no_exhibit)
        )
        return claim

    return plant


def no_exhibit(cell, rngs):
    return {"exhibit": "{}"}


def test_a_claim_whose_control_comes_out_the_other_way_is_ok(planted, tmp_path):
    planted()
    ledger = verify(out=tmp_path)
    assert [(entry.verdict, entry.status) for entry in ledger.entries] == [("holds", "ok")]
    assert ledger.exit_code == 0
    stored = read(tmp_path / "ledger.json")
    assert stored["claims"][0]["id"] == "Z1" and stored["claims"][0]["control"]["verdict"] == "refuted"
    assert (tmp_path / "results.parquet").exists() and (tmp_path / "store.sqlite").exists()


def test_measurements_stand_beside_the_verdict_with_intervals(planted, tmp_path):
    planted()
    verify(out=tmp_path)
    (found,) = read(tmp_path / "ledger.json")["claims"][0]["measurements"]
    assert found["name"] == "x, claim less control" and found["replicates"] == 4
    assert found["found"].startswith("-4") and found["found"].endswith(" edges)")
    assert -4.02 < found["low"] < found["estimate"] < found["high"] < -3.98


def test_a_control_that_agrees_with_the_claim_breaks_it(planted):
    planted(opposite=1.0)
    ledger = verify()
    assert [(entry.verdict, entry.status) for entry in ledger.entries] == [("holds", "broken")]
    assert ledger.exit_code == 1


def test_an_undecided_control_leaves_the_claim_undecided(planted):
    planted(opposite=1.995, threshold=2.0)
    ledger = verify()
    assert [(entry.verdict, entry.status) for entry in ledger.entries] == [("inconclusive", "ok")]
    assert ledger.exit_code == 0


def test_a_failed_trial_fails_the_claim_and_names_the_replay(planted, tmp_path):
    planted()
    ledger = verify(size="quick", out=tmp_path)
    (entry,) = ledger.entries
    assert (entry.verdict, entry.status) == ("inconclusive", "failed")
    assert "RuntimeError: planted" in entry.failures[0] and "spikeproof replay" in entry.failures[0]
    assert ledger.exit_code == 1


def test_ledger_json_is_the_same_bytes_for_any_number_of_workers_and_again(planted, tmp_path):
    planted()
    for name, workers in (("a", 1), ("b", 1), ("a", 1)):
        verify(out=tmp_path / name, workers=workers)
    assert (tmp_path / "a/ledger.json").read_bytes() == (tmp_path / "b/ledger.json").read_bytes()


def test_the_baseline_notices_another_verdict_and_another_rule(planted, tmp_path):
    planted()
    baseline = verify(out=tmp_path).as_json()
    assert compare_with_baseline(verify(), baseline) == []
    planted(threshold=0.5, opposite=0.0)
    differences = compare_with_baseline(verify(), baseline)
    assert differences == ["Z1 was holds, is refuted", "Z1 is judged by another rule than the baseline's"]


def test_a_baseline_of_version_0_1_is_compared_by_its_verdicts_alone(planted):
    planted()
    old = {"spikeproof": "0.1.0", "claims": [{"id": "Z1", "verdict": "holds", "rule_hash": "0" * 12}]}
    assert compare_with_baseline(verify(), old) == []
    old["claims"][0]["verdict"] = "refuted"
    assert compare_with_baseline(verify(), old) == ["Z1 was refuted, is holds"]


def test_a_ledger_of_version_0_1_is_refused_where_more_than_verdicts_is_told(tmp_path):
    path = tmp_path / "ledger.json"
    path.write_text('{"spikeproof": "0.1.0", "claims": [{"id": "Z1", "verdict": "holds"}]}')
    assert read(path)["claims"][0]["id"] == "Z1"
    with pytest.raises(
        ValueError, match=r"format 3; spikeproof 0\.1\.0 wrote another one: run `spikeproof verify` again"
    ):
        read_whole(path)


@pytest.mark.parametrize("text", ["", "[]", '{"claims": 3}', '{"claims": [{"id": "A1"}]}', '{"claims": []}'])
def test_a_baseline_that_is_no_ledger_is_refused(text, tmp_path):
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(ValueError, match=r"b\.json"):
        read(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"claims": ["A9"]}, "got 'A9'.*did you mean '[AC]"),
        ({"claims": ["Q"]}, "claim must be an id or a section letter"),
        ({"size": "huge"}, "size must be one of 'quick'"),
        ({"seed": -1}, "seed must be an integer from 0 to"),
        ({"workers": 0}, "workers must be an integer of at least 1; got 0"),
        ({"matrices": ["filmsactors"]}, "did you mean 'films-actors'"),
    ],
)
def test_bad_arguments_are_refused_by_name_before_anything_runs(arguments, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        verify(**arguments, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_sections_and_ids_select():
    everything = [claim.id for claim in select()]
    assert everything == sorted(everything)
    assert [claim.id for claim in select(["B"])] == [key for key in everything if key[0] == "B"]
    assert [claim.id for claim in select(["b1", "A1", "B"])] == [
        k for k in everything if k[0] == "B" or k == "A1"
    ]
    assert registry_module.__doc__
