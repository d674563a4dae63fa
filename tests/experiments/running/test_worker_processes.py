"""A worker that ends, hangs or is killed costs its own task only; what workers inherit from the coordinator that starts them."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from experiments import Study, product, run
from experiments.running import worker_processes
from experiments.running.runner import MachineFault

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import MINUTES, coordinate, lines_of, results, wait_until, workers_of  # noqa: E402


@pytest.mark.parametrize("code", [0, 3])
def test_a_trial_that_exits_costs_its_own_task_only(code):
    study = Study("exits", product(k=[0, 1, 2, 3], code=[code]), trials.exit_on_one, roles={})
    table = run(study, workers=2)
    assert table["error"].notna().tolist() == [False, True, False, False]
    assert f"ended with exit code {code}" in table["error"][1]


def test_a_task_whose_worker_is_killed_from_outside_is_left_to_the_next_run(tmp_path):
    """That is no result of the trial: no row, until the third run."""
    study = Study("killed", product(k=[0, 1, 2]), trials.kill_itself_on_one, roles={})
    for _ in range(2):
        with pytest.raises(MachineFault, match="1 tasks have no row, .*ended from outside by signal 9"):
            run(study, workers=2, store=tmp_path / "s")
        assert [row[7] for row in results(tmp_path / "s")] == [None, None]
    table = run(study, workers=2, store=tmp_path / "s")
    assert table["error"].notna().tolist() == [False, True, False]
    assert "ended from outside by signal 9 (tried 3 times)" in table["error"][1]


def test_a_trial_whose_process_is_killed_three_times_is_a_failure_with_its_reason():
    """Without a store there is no other run: all attempts are made in this one."""
    study = Study("killed", product(k=[0, 1, 2]), trials.kill_itself_on_one, roles={})
    table = run(study, workers=2)
    assert table["error"].notna().tolist() == [False, True, False]
    assert "ended from outside by signal 9 (tried 3 times)" in table["error"][1]


def test_only_the_process_that_was_given_a_task_answers_for_it():
    """A trial forks, and both processes return from it; with one worker, every later task would get the answer before it."""
    table = run(Study("forks", product(k=list(range(6))), trials.fork_on_one, roles={}), task_timeout=60.0)
    assert table["error"].isna().all() and table["me"].tolist() == table["k"].tolist()


def test_sources_that_change_under_a_run_are_told(module):
    trial = module("changed_later", "")
    assert run(Study("before", product(k=[0]), trial, roles={}))["x"].tolist() == [1.0]
    path = Path(sys.modules["changed_later"].__file__)
    path.write_text(path.read_text().replace("1.0", "2.0"))
    with pytest.raises(ValueError, match="was changed after this process had imported it"):
        run(Study("after", product(k=[0, 1]), trial, roles={}), workers=2)


def test_a_trial_that_never_returns_is_killed_after_its_time():
    study = Study("hangs", product(k=[0, 1, 2]), trials.hang_on_one, roles={})
    table = run(study, task_timeout=2.0)
    assert table["error"].notna().tolist() == [False, True, False]
    assert "TimeoutError: the task took more than 2 s" in table["error"][1]


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module of trials that a worker imports; this process, which imported it before, found it quick to import."""

    def write(name, while_imported):
        path = tmp_path / f"{name}.py"
        path.write_text("def trial(cell, rngs):\n    return {'x': 1.0}\n")
        monkeypatch.syspath_prepend(tmp_path)
        trial = __import__(name).trial
        path.write_text(f"import time\n{while_imported}\n{path.read_text()}")
        return trial

    return write


def test_the_time_in_which_the_module_of_a_trial_is_imported_is_not_the_trials(module):
    trial = module("slow_to_import", "time.sleep(4)")
    table = run(Study("imports", product(k=[0, 1, 2, 3]), trial, roles={}), workers=2, task_timeout=2.0)
    assert table["error"].isna().all() and table["x"].tolist() == [1.0] * 4


def test_a_module_that_is_never_imported_is_given_up(module, monkeypatch):
    monkeypatch.setattr(worker_processes, "LOADING_SECONDS", 2.0)
    trial = module("never_imported", "while True:\n    time.sleep(1)")
    table = run(Study("imports", product(k=[0]), trial, roles={}), task_timeout=1.0)
    assert "the task was not loaded within 2 s" in table["error"][0]


@pytest.mark.slow
def test_tasks_of_workers_killed_from_outside_run_in_the_next_run(tmp_path):
    """Both workers are killed while they hold a task: that is no result of the trial, and the same run again makes its row."""
    log = tmp_path / "log"
    process = coordinate(tmp_path / "s", log, trial="held_line")
    wait_until(lambda: len(lines_of(log)) == 2)
    workers = workers_of(process)
    assert len(workers) == 2
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    Path(f"{log}.released").touch()
    assert process.wait(MINUTES) == 1  # MachineFault
    assert len(results(tmp_path / "s")) == 22
    assert coordinate(tmp_path / "s", log, trial="held_line").wait(MINUTES) == 0
    rows = results(tmp_path / "s")
    assert len(rows) == 24 and all(row[7] is None for row in rows)
    assert len(lines_of(log)) == 24 + 2


def test_an_unguarded_script_is_told_so_and_ends(tmp_path):
    (tmp_path / "script.py").write_text(
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        "import runner_trials as trials\n"
        "from experiments import Study, product, run\n"
        "run(Study('s', product(k=[0, 2, 3]), trials.fail_on_one, roles={}), workers=2)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2])}
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=MINUTES,
        check=False,
    )
    assert done.returncode == 1
    assert "worker processes cannot start" in done.stderr and done.stderr.count("Traceback") == 1


LISTENING = """
import sys
sys.path.insert(0, sys.argv[1])
import runner_trials as trials
from experiments import Study, product, run
if __name__ == "__main__":
    table = run(Study("deaf", product(k=list(range(12)), path=[sys.argv[2]]), trials.deaf_to_ctrl_c), workers=2)
    print(table["process"].nunique(), table["deaf"].all())
"""


def test_workers_do_not_hear_ctrl_c_from_their_first_moment_on(tmp_path):
    """What is blocked is inherited. A coordinator of its own, since it is the first worker of all that could hear."""
    command = [sys.executable, "-c", LISTENING, str(HERE), str(tmp_path / "log")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=MINUTES, check=True)
    assert said.stdout.split() == ["2", "True"]


def test_a_worker_whose_answer_nobody_waits_for_ends_without_a_word():
    """After Ctrl-C the coordinator closes its end of the pipe while a trial may still run."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    worker = spawn.Process(target=worker_processes._serve, args=(theirs, os.getpid(), None))
    worker.start()
    theirs.close()
    kind, *_ = ours.recv()
    assert kind == worker_processes.READY
    ours.send(("a task", b"what cannot be opened is answered at once"))
    ours.close()
    worker.join()
    assert worker.exitcode == 0  # a traceback would make it 1
