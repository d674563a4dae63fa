"""What a trial finds in its process does not depend on the trials before it, in process and on workers."""

import decimal
import gc
import os
import random
import signal
import socket
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import Study, product, run

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402

CELLS = product(k=list(range(4)))


def surroundings():
    """What a trial could leave changed in this process."""
    return (
        os.getcwd(),
        dict(os.environ),
        list(warnings.filters),
        sys.getrecursionlimit(),
        np.geterr(),
        random.getstate(),
    )


def test_every_trial_finds_its_process_as_the_first_one_did():
    before = surroundings()
    forward = run(Study("leaves", CELLS, trials.leave_things, roles={}))
    backward = run(Study("leaves", CELLS[::-1], trials.leave_things, roles={}))
    pd.testing.assert_frame_equal(forward, backward[::-1].reset_index(drop=True), check_exact=True)
    for what in ("folder", "filters", "depth", "errors", "path"):
        assert forward[what].nunique() == 1, what
    assert forward["variable"].isna().all()
    assert forward["numpy"].nunique() == forward["python"].nunique() == 4  # each from its own key
    assert before == surroundings()


def change_everything(cell, rngs):
    """Change what Python lets a trial change for the whole process."""
    os.umask(0o777)
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    np.set_printoptions(precision=1, suppress=True)
    decimal.getcontext().prec = 3
    socket.setdefaulttimeout(0.001)
    sys.setswitchinterval(0.5)
    gc.disable()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    return {}


def settings():
    mask = os.umask(0o077)
    os.umask(mask)
    return (
        mask,
        time.tzname,
        np.get_printoptions(),
        decimal.getcontext().prec,
        socket.getdefaulttimeout(),
        sys.getswitchinterval(),
        gc.isenabled(),
        signal.getsignal(signal.SIGUSR1),
    )


def test_settings_of_the_process_are_put_back():
    before = settings()
    assert run(Study("changes", CELLS[:1], change_everything, roles={}))["error"].isna().all()
    assert settings() == before


def test_global_generators_are_the_same_on_workers():
    study = Study("leaves", CELLS, trials.leave_things, roles={})
    alone, together = run(study), run(study, workers=2)
    columns = [
        "k",
        "folder",
        "variable",
        "depth",
        "errors",
        "path",
        "numpy",
        "python",
    ]  # pytest has filters of its own
    pd.testing.assert_frame_equal(alone[columns], together[columns], check_exact=True)


def test_a_thread_that_goes_on_is_told():
    with pytest.warns(UserWarning, match="a trial of threads left in its process .*1 running threads .left"):
        table = run(Study("threads", product(k=[0, 1]), trials.leave_a_thread, roles={}))
    assert table["error"].isna().all()
