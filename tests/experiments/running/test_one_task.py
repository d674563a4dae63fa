"""A trial gives a row of scalars on one thread; anything else it does becomes an error of its own task."""

import sys
from pathlib import Path

import numpy as np
import pytest

from experiments import Study, product, run

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import demo  # noqa: E402


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
