"""A worker that ends, hangs or is killed costs its own task only; what workers inherit from the coordinator that starts them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import Study, product, run

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import coordinate, results  # noqa: E402


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


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_task_costs_that_task_only(tmp_path):
    """Every worker found alive is killed once; the tasks they held are failures, all others have rows."""
    log = tmp_path / "log"
    process = coordinate(tmp_path / "s", log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (log.exists() and len(log.read_text().splitlines()) > 4):
        time.sleep(0.02)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    killed = 0
    for child in map(int, children.stdout.split()):
        name = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"spawn_main" in name:
            os.kill(child, signal.SIGKILL)
            killed += 1
    assert process.wait(120) == 0
    rows = results(tmp_path / "s")
    failed = [row for row in rows if row[7] is not None]
    assert killed >= 1 and len(rows) == 24
    assert 1 <= len(failed) <= killed
    assert all("ended with exit code -9" in row[7] for row in failed)


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
        timeout=60,
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
    table = run(Study("deaf", product(k=list(range(12))), trials.deaf_to_ctrl_c), workers=2)
    print(table["process"].nunique(), table["deaf"].all())
"""


def test_workers_do_not_hear_ctrl_c_from_their_first_moment_on():
    """What is blocked is inherited. A coordinator of its own, since it is the first worker of all that could hear."""
    said = subprocess.run(
        [sys.executable, "-c", LISTENING, str(HERE)], capture_output=True, text=True, timeout=120, check=True
    )
    assert said.stdout.split() == ["2", "True"]
