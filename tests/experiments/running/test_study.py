"""Studies and options that cannot be run are refused before anything runs."""

import sys
from pathlib import Path

import pytest

from experiments import Study, product, run, run_all, zipped

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import demo  # noqa: E402


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
        (lambda: run(demo(), task_timeout=1, dask="local:2"), "task_timeout must be None with dask"),
    ],
)
def test_bad_studies_are_refused_before_anything_runs(build, words):
    with pytest.raises((ValueError, TypeError), match=words):
        build()
