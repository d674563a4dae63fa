"""Coordinators that share a store, or are killed in the middle of a run; how long a reservation is theirs."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.running import reservations
from experiments.running.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
from runner_trials import MINUTES, coordinate, lines_of, results, wait_until, workers_of  # noqa: E402


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
    wait_until(lambda: len(lines_of(log)) > 2 * moment)
    workers = workers_of(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(map(_runs, workers)))
    assert coordinate(tmp_path / "s", log).wait(MINUTES) == 0
    lines = log.read_text().splitlines()
    assert set(lines) == {str(k) for k in range(24)}
    assert len(lines) <= 24 + 2
    clean = tmp_path / "clean"
    assert coordinate(clean, tmp_path / "other").wait(MINUTES) == 0
    strip = [(row[5], row[6]) for row in results(tmp_path / "s")]
    assert sorted(strip) == sorted((row[5], row[6]) for row in results(clean))


@pytest.mark.slow
def test_two_coordinators_share_one_store(tmp_path):
    log = tmp_path / "log"
    both = [coordinate(tmp_path / "s", log) for _ in range(2)]
    assert [process.wait(MINUTES) for process in both] == [0, 0]
    lines = log.read_text().splitlines()
    assert sorted(lines, key=int) == [str(k) for k in range(24)]
    assert len(results(tmp_path / "s")) == 24


def _runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def beat_of(store, key):
    with sqlite3.connect(store.path) as connection:
        return connection.execute("SELECT beat FROM claims WHERE key = ?", (key,)).fetchone()[0]


def test_reservations_are_renewed_while_the_coordinator_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(reservations, "BEAT_SECONDS", 0.02)
    with Store(tmp_path, seed=0) as store:
        assert store.reservations.reserve(["task"]) == ["task"]
        first = beat_of(store, "task")
        with store.reservations.renewed():
            wait_until(lambda: beat_of(store, "task") > first)
        last = beat_of(store, "task")
        time.sleep(0.1)
        assert beat_of(store, "task") == last


@pytest.mark.parametrize("ahead", [-3600.0, 0.0, 3600.0])
def test_a_reservation_of_another_host_goes_stale_by_our_clock_alone(ahead, tmp_path, monkeypatch):
    """Whatever the other clock shows: it is silent when its beat stays the same while ours goes on."""
    moments = iter([0.0, 200.0, 400.0, 600.0, 900.0])

    def beat(store, moment):
        with sqlite3.connect(store.path) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO claims VALUES ('task', 'another host:1:x', ?)", (moment,)
            )

    with Store(tmp_path, seed=0) as store:
        monkeypatch.setattr(reservations.time, "monotonic", lambda: next(moments))
        beat(store, 5000.0 + ahead)
        assert store.reservations.reserve(["task"]) == []  # seen first at 0
        assert store.reservations.reserve(["task"]) == []  # 200 s silent
        beat(store, 5005.0 + ahead)
        assert store.reservations.reserve(["task"]) == []  # heard again at 400
        assert store.reservations.reserve(["task"]) == []  # 200 s silent
        assert "process 1 on another host" in store.reservations.holders()
        assert store.reservations.reserve(["task"]) == ["task"]  # 500 s silent
