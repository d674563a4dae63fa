"""A table depends on the study and the seed alone: not on workers, order, crashes, or what else was run."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import Study, product, run, run_all, zipped
from experiments.running.export import export, read_rows
from experiments.running.runner import TooManyFailures
from experiments.running.seeds import generator
from experiments.running.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402


def demo(n=(3, 4), method=("a", "b"), replicates=2, version=1, name="demo"):
    return Study(
        name,
        product(n=list(n), method=list(method)),
        trials.draw,
        replicates=replicates,
        version=version,
        roles={"graph": ("n",), "method": ("method", "n")},
    )


def results(folder):
    with Store(folder, create=False) as store:
        return list(store.rows())


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


@pytest.mark.parametrize(
    ("trial", "words"),
    [
        (trials.give_nan, "column 'x' must be finite; got nan"),
        (trials.give_a_list, "column 'x' must be a scalar; got list"),
        (trials.give_nothing, "must return a dict of scalars; got NoneType"),
        (trials.repeat_a_parameter, "must not repeat a parameter"),
    ],
)
def test_rows_that_are_no_rows_are_failures(trial, words):
    assert words in run(Study("odd", product(k=[1]), trial, roles={}))["error"][0]


@pytest.mark.parametrize("code", [0, 3])
def test_a_trial_that_exits_costs_its_own_task_only(code):
    study = Study("exits", product(k=[0, 1, 2, 3], code=[code]), trials.exit_on_one, roles={})
    table = run(study, workers=2)
    assert table["error"].notna().tolist() == [False, True, False, False]
    assert f"ended with exit code {code}" in table["error"][1]


def test_a_trial_that_never_returns_is_killed_after_its_time():
    study = Study("hangs", product(k=[0, 1, 2]), trials.hang_on_one, roles={})
    table = run(study, task_timeout=2.0)
    assert table["error"].notna().tolist() == [False, True, False]
    assert "TimeoutError" in table["error"][1]


def test_too_many_failures_stop_the_run_and_keep_what_finished(tmp_path):
    study = Study("fails", product(k=[0, 1, 2]), trials.fail_on_one, replicates=2, roles={"r": ()})
    with pytest.raises(TooManyFailures, match="2 trials failed, more than the 1 allowed"):
        run(study, store=tmp_path, max_failures=1)
    assert len(results(tmp_path)) == 4


def test_blas_has_one_thread_inside_a_trial_and_its_own_number_afterwards():
    from threadpoolctl import threadpool_info

    before = [pool["num_threads"] for pool in threadpool_info()]
    assert run(Study("threads", product(k=[1]), trials.count_threads, roles={}))["threads"][0] == 1
    assert [pool["num_threads"] for pool in threadpool_info()][: len(before)] == before


def test_the_global_generator_of_numpy_stays_where_it_was():
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    run(demo())
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.slow
def test_dask_gives_the_table_of_one_process_on_a_running_scheduler_and_on_a_local_cluster(
    tmp_path, monkeypatch
):
    from distributed import LocalCluster

    monkeypatch.setenv("PYTHONPATH", str(HERE))
    alone = run(demo())
    pd.testing.assert_frame_equal(alone, run(demo(), dask="local:2", store=tmp_path), check_exact=True)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        pd.testing.assert_frame_equal(alone, run(demo(), dask=cluster.scheduler_address), check_exact=True)
        study = Study("fails", product(k=[0, 1, 2]), trials.fail_on_one, roles={"r": ()})
        assert run(study, dask=cluster.scheduler_address)["error"].notna().tolist() == [False, True, False]


def test_a_folder_of_another_seed_or_another_kind_is_refused(tmp_path):
    run(demo(), store=tmp_path / "s", seed=1)
    with pytest.raises(ValueError, match="holds the results of seed 1; got seed 2"):
        run(demo(), store=tmp_path / "s", seed=2)
    (tmp_path / "plain").write_text("x")
    with pytest.raises(ValueError, match="must be a folder; it is a file"):
        run(demo(), store=tmp_path / "plain")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/ledger.json").write_text("{}")
    with pytest.raises(ValueError, match="it holds .'ledger.json'. and no"):
        run(demo(), store=tmp_path / "taken")
    (tmp_path / "free").mkdir()
    (tmp_path / "free/notes.txt").write_text("mine")
    assert len(run(demo(), store=tmp_path / "free")) == 8


def test_a_folder_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="Not a directory"):
        run(demo(), store=tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Study("s", [], trials.draw), "at least one cell"),
        (
            lambda: Study("s", product(n=[1]), trials.draw, roles={"g": ("nn",)}),
            "'nn', which is no.*did you mean 'n'",
        ),
        (lambda: Study("s", [{"n": 1}, {"m": 1}], trials.draw), "same parameters"),
        (lambda: Study("s", [{"n": 1}, {"n": 1}], trials.draw), "same cell twice"),
        (lambda: Study("s", [{"n": [1]}], trials.draw), "must be str, int"),
        (
            lambda: Study("s", product(n=[1]), trials.draw, replicates=0),
            "replicates must be an integer of at least 1",
        ),
        (lambda: zipped(a=[1, 2], b=[1]), "one length"),
        (lambda: run_all([demo(), demo()]), "different names"),
        (lambda: run(demo(), workers=0), "workers must be an integer of at least 1; got 0"),
        (lambda: run(demo(), seed=-1), "seed must be"),
        (lambda: run(demo(), task_timeout=0), "task_timeout must be"),
    ],
)
def test_bad_studies_are_refused_before_anything_runs(build, words):
    with pytest.raises((ValueError, TypeError), match=words):
        build()


def test_generators_are_keyed_by_everything_they_may_depend_on_and_nothing_else():
    base = (0, "s", 1, "graph", {"n": 1}, 0)
    first = generator(*base).random()
    for k, other in enumerate([1, "t", 2, "method", {"n": 2}, 1]):
        changed = (*base[:k], other, *base[k + 1 :])
        assert generator(*changed).random() != first
    assert generator(0, "s", 1, "graph", {"n": 1}, 0).random() == first


def test_read_rows_gives_the_newest_version_only(tmp_path):
    run(demo(), store=tmp_path)
    run(demo(version=2), store=tmp_path)
    rows = read_rows(tmp_path, "demo")
    assert len(rows) == 8
    assert set(rows["key"]) == set(run(demo(version=2))["key"])


def test_environment_of_the_caller_is_left_alone():
    before = dict(os.environ)
    run(demo(n=(3,)), workers=2)
    assert dict(os.environ) == before


def test_an_unguarded_script_is_told_so_and_ends(tmp_path):
    (tmp_path / "script.py").write_text(
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        "import runner_trials as trials\n"
        "from experiments import Study, product, run\n"
        "run(Study('s', product(k=[0, 2, 3]), trials.fail_on_one, roles={}), workers=2)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "worker processes cannot start" in done.stderr and done.stderr.count("Traceback") == 1
