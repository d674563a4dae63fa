"""Rows of other sources are never continued in silence, and a worker of other sources is refused."""

import sys
from itertools import islice
from pathlib import Path

import pytest

from experiments import run
from experiments.running import code_identity
from experiments.running.code_identity import OtherCode, code_of, require_code, suite_code
from experiments.running.export import provenance_words
from experiments.running.one_task import execute, work_of
from experiments.running.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import runner_trials as trials  # noqa: E402
from runner_trials import demo, results  # noqa: E402


def test_a_trial_of_ones_own_adds_its_modules_hash_and_one_of_a_notebook_that_of_its_code():
    own = code_of(trials.draw)
    assert own.startswith(f"{suite_code()}+") and own == code_of(trials.give_nan)
    first, second, other = ({} for _ in range(3))
    for space, text in ((first, "x"), (second, "x"), (other, "y")):
        exec(
            f"def trial(cell, rngs):\n    return {{'{text}' : 1 in {{2, 3}}}}", {"__name__": "nowhere"}, space
        )
    assert code_of(first["trial"]) == code_of(second["trial"]) != code_of(other["trial"])


def test_other_sources_are_told_before_a_trial_runs():
    require_code(trials.draw, code_of(trials.draw))
    for expected in ("0" * 12, f"{suite_code()}+{'0' * 12}"):
        with pytest.raises(OtherCode, match="its sources have the hash"):
            require_code(trials.draw, expected)


@pytest.fixture
def changed(monkeypatch):
    """Make this process one that has imported other sources."""

    def change():
        monkeypatch.setattr(code_identity, "suite_code", lambda: "f" * 12)

    return change


def test_rows_of_other_sources_are_refused_with_two_ways_out(tmp_path, changed):
    run(demo(), store=tmp_path)
    before = results(tmp_path)
    changed()
    with pytest.raises(
        ValueError, match="rows of demo that other sources .*another folder, or --accept-other-version"
    ):
        run(demo(replicates=3), store=tmp_path)
    assert results(tmp_path) == before and "accepted" not in provenance_words(tmp_path)
    run(demo(replicates=3), store=tmp_path, accept_other_version=True)
    with Store(tmp_path, create=False) as store:
        assert len(store.provenance()["codes"]) == 2 and store.provenance()["mixed"]
    assert "Rows of other sources were accepted beside those" in provenance_words(tmp_path)
    assert set(before) < set(results(tmp_path))


def test_two_runs_of_other_sources_that_begin_at_one_moment_do_not_mix_their_rows(tmp_path, changed):
    with Store(tmp_path, seed=0) as first, Store(tmp_path, seed=0) as second:
        study = demo()
        for store in (first, second):
            store.require_code({"demo": code_of(study.trial)})  # neither has rows yet
        one, other = islice(study.tasks(0), 2)
        first.write(one, execute(work_of(study, one)))
        changed()
        with pytest.raises(ValueError, match="rows of demo that other sources have made"):
            second.write(other, execute(work_of(study, other)))
    assert len(results(tmp_path)) == 1


def test_another_study_in_the_same_folder_is_no_continuation(tmp_path, changed):
    run(demo(), store=tmp_path)
    changed()
    assert len(run(demo(name="another"), store=tmp_path)) == 8
