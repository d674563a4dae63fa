"""A table depends on the study and the seed alone: not on workers, order, crashes, or what else was run."""

import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import Study, TooManyFailures, export, product, run, run_all
from experiments.running.seeds import generator
from experiments.running.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import demo, results  # noqa: E402


@pytest.mark.parametrize("options", [{"workers": 2}, {"workers": 2, "task_timeout": 60.0}])
def test_processes_give_the_table_of_one_process(options, tmp_path):
    alone = run(demo(), store=tmp_path / "alone")
    together = run(demo(), store=tmp_path / "together", **options)
    pd.testing.assert_frame_equal(alone, together, check_exact=True)
    assert results(tmp_path / "alone") == results(tmp_path / "together")
    export(tmp_path / "alone")
    export(tmp_path / "together")
    assert (tmp_path / "alone/results.parquet").read_bytes() == (
        tmp_path / "together/results.parquet"
    ).read_bytes()


def test_methods_meet_the_same_graph_and_replicates_do_not():
    table = run(demo())
    same = table.groupby(["n", "replicate"])["graph"].nunique()
    assert (same == 1).all()
    assert table.groupby("n")["graph"].nunique().tolist() == [2, 2]
    assert table["method_draw"].nunique() == len(table)


def test_order_of_the_grid_changes_no_number():
    forward, backward = run(demo()), run(demo(n=(4, 3), method=("b", "a")))
    merged = forward.merge(backward, on=["n", "method", "replicate"], suffixes=("", "_other"))
    assert len(merged) == len(forward)
    assert (merged["graph"] == merged["graph_other"]).all() and (merged["key"] == merged["key_other"]).all()


def test_adding_cells_replicates_and_studies_leaves_old_rows_byte_identical(tmp_path):
    run(demo(), store=tmp_path)
    before = results(tmp_path)
    run_all([demo(n=(3, 4, 5), replicates=3), demo(name="another")], store=tmp_path)
    after = results(tmp_path)
    assert set(before) < set(after)
    assert len(after) == 3 * 2 * 3 + 2 * 2 * 2


def test_an_unchanged_study_runs_nothing_and_a_changed_version_runs_again(tmp_path):
    log = tmp_path / "log"
    study = Study("log", product(path=[str(log)], k=[1, 2]), trials.leave_a_line, version=1, roles={})
    run(study, store=tmp_path / "s")
    run(study, store=tmp_path / "s")
    assert len(log.read_text().splitlines()) == 2
    newer = Study("log", product(path=[str(log)], k=[1, 2]), trials.leave_a_line, version=2, roles={})
    run(newer, store=tmp_path / "s")
    assert len(log.read_text().splitlines()) == 4
    assert len(results(tmp_path / "s")) == 4  # rows of the older version stay readable


def test_a_failing_trial_keeps_all_other_rows_and_says_how_to_replay_it(tmp_path):
    study = Study("fails", product(k=[0, 1, 2]), trials.fail_on_one, replicates=2, roles={"r": ()})
    for options in ({}, {"workers": 2}):
        table = run(study, store=tmp_path / str(len(options)), **options)
        assert table["error"].notna().tolist() == [False, False, True, True, False, False]
        assert table["error"][2] == "RuntimeError: one is not wanted"
        with Store(tmp_path / str(len(options)), create=False) as store:
            assert "fail_on_one" in store.get(table["key"][2])[-1]


def test_failures_run_again_when_asked_with_the_same_numbers_and_results_never_give_way(tmp_path):
    switch = tmp_path / "switch"
    study = Study(
        "switch", product(path=[str(switch)]), trials.fail_without_file, replicates=2, roles={"r": ()}
    )
    assert run(study, store=tmp_path / "s")["error"].notna().all()
    switch.touch()
    assert run(study, store=tmp_path / "s")["error"].notna().all()
    healed = run(study, store=tmp_path / "s", retry_failed=True)
    assert healed["error"].isna().all()
    assert healed["x"].tolist() == [float(generator(0, "switch", 1, "r", {}, k).random()) for k in (0, 1)]
    switch.unlink()
    pd.testing.assert_frame_equal(run(study, store=tmp_path / "s", retry_failed=True), healed)


def test_too_many_failures_stop_the_run_and_keep_what_finished(tmp_path):
    study = Study("fails", product(k=[0, 1, 2]), trials.fail_on_one, replicates=2, roles={"r": ()})
    with pytest.raises(TooManyFailures, match="2 trials failed, more than the 1 allowed"):
        run(study, store=tmp_path, max_failures=1)
    assert len(results(tmp_path)) == 4


def test_environment_of_the_caller_is_left_alone():
    before = dict(os.environ)
    run(demo(n=(3,)), workers=2)
    assert dict(os.environ) == before


@pytest.mark.parametrize(("asked", "lines"), [(True, 3), (False, 0), (None, 0)])
def test_a_run_shows_progress_on_request(asked, lines, monkeypatch, capsys):
    monkeypatch.setattr("simulate.progress.SECONDS", 0.0)
    run(Study("doubling", product(n=[1, 2]), _double), progress=asked)
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == lines
    assert all(line.startswith("doubling: ") and " of 2 tasks done" in line for line in said.err.splitlines())


def _double(cell, rngs):
    return {"twice": 2 * cell["n"]}
