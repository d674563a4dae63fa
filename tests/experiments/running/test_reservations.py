"""Coordinators that share a store, or are killed in the middle of a run."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.running.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
from runner_trials import coordinate, results  # noqa: E402


def test_a_task_belongs_to_the_first_coordinator_until_it_is_released_or_stale(tmp_path, monkeypatch):
    with Store(tmp_path) as first, Store(tmp_path) as second:
        assert first.reservations.reserve(["a", "b"]) == ["a", "b"]
        assert second.reservations.reserve(["a", "b", "c"]) == ["c"]
        first.reservations.release("b")
        assert second.reservations.reserve(["a", "b"]) == ["b"]
        monkeypatch.setattr("experiments.running.reservations.STALE_SECONDS", -1.0)
        assert second.reservations.reserve(["a"]) == ["a"]


def test_the_reservations_of_a_process_that_has_ended_are_free(tmp_path):
    code = (
        "import os, sys; from experiments.running.store import Store\n"
        "Store(sys.argv[1]).reservations.reserve(['a']); os._exit(0)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0
    with Store(tmp_path) as store:
        assert store.reservations.reserve(["a"]) == ["a"]


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(10))
def test_killed_at_any_moment_and_run_again(moment, tmp_path):
    """kill -9 of the coordinator: nothing finished is lost or run twice; only what was in flight (two) is."""
    log = tmp_path / "log"
    process = coordinate(tmp_path / "s", log)
    deadline = time.monotonic() + 60
    while (
        time.monotonic() < deadline
        and (len(log.read_text().splitlines()) if log.exists() else 0) <= 2 * moment
    ):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(1.5)  # orphaned workers notice within half a second and end
    assert coordinate(tmp_path / "s", log).wait(120) == 0
    lines = log.read_text().splitlines()
    assert set(lines) == {str(k) for k in range(24)}
    assert len(lines) <= 24 + 2
    clean = tmp_path / "clean"
    assert coordinate(clean, tmp_path / "other").wait(120) == 0
    strip = [(row[5], row[6]) for row in results(tmp_path / "s")]
    assert sorted(strip) == sorted((row[5], row[6]) for row in results(clean))


@pytest.mark.slow
def test_two_coordinators_share_one_store(tmp_path):
    log = tmp_path / "log"
    both = [coordinate(tmp_path / "s", log) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    lines = log.read_text().splitlines()
    assert sorted(lines, key=int) == [str(k) for k in range(24)]
    assert len(results(tmp_path / "s")) == 24
