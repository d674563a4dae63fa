"""Waiting is told after ten seconds, and ends."""

import sys
import warnings
from pathlib import Path

import pytest

from experiments import run
from experiments.running import waiting
from experiments.running.store import Store
from experiments.running.waiting import Waiting

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from runner_trials import demo  # noqa: E402


def test_it_is_told_once_after_ten_seconds_and_given_up_after_its_time():
    now = [0.0]
    wait = Waiting(60.0, lambda: now[0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for now[0] in (0.0, 9.0):
            wait("a worker")
        wait.over()
        for now[0] in (15.0, 24.0):
            wait("a worker")
    now[0] = 26.0
    with pytest.warns(UserWarning, match="waiting for a worker; waiting at most 60 s"):
        wait("a worker")
    now[0] = 76.0
    with pytest.raises(TimeoutError, match="waited 61 s for a worker; what had finished is kept"):
        wait("a worker")


def test_a_run_says_for_whom_it_waits_and_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting, "TELL_SECONDS", 0.0)
    study = demo()
    with Store(tmp_path, seed=0) as other:
        other.reservations.reserve([next(study.tasks(0)).key])
        with (
            pytest.warns(UserWarning, match=r"waiting for 1 tasks that process \d+ on .* has reserved"),
            pytest.raises(TimeoutError, match="the same run continues it"),
        ):
            run(study, store=tmp_path, wait=0.3)
    assert len(run(study, store=tmp_path)) == 8
