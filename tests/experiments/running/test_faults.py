"""An odd end of one trial is one failed row; what the machine did is no result, and is tried again."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import Study, export, product, run
from experiments.running.faults import ATTEMPTS
from experiments.running.runner import MachineFault
from experiments.running.store import Store

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402

ODD = {
    "exit": "SystemExit: 0",
    "generator": "GeneratorExit: ",
    "interrupt": "KeyboardInterrupt: ",
    "mute": "Mute, whose text cannot be made (RuntimeError)",
    "half a character": "ValueError: no file bad\\udcff.txt",
    "half a value": "column 'x' must be text that UTF-8 can hold; got 'bad\\udcff'",
    "digits": "column 'x' must be an integer of at most 600 digits",
    "columns": "two are called '1'",
    "long": "(1,000,012 characters)",
}


@pytest.mark.parametrize("workers", [1, 2])
def test_one_odd_row_is_one_failed_row(workers, tmp_path):
    study = Study("odd", product(case=["none", *ODD]), trials.end_oddly, roles={})
    table = run(study, workers=workers, store=tmp_path)
    assert table["error"][0] is None and table["x"][0] == 1.0
    for words, error in zip(ODD.values(), table["error"][1:]):
        assert words in error
    export(tmp_path, csv=True)
    assert len(pd.read_csv(tmp_path / "results.csv")) == 1 + len(ODD)


def test_the_error_of_a_result_is_none(tmp_path):
    table = run(Study("fails", product(k=[0, 1, 2]), trials.fail_on_one, roles={}))
    assert table["error"][0] is None and table["error"][2] is None


def test_a_full_disk_leaves_the_row_missing_and_the_same_run_tries_again(tmp_path):
    switch = tmp_path / "there is space"
    study = Study("full", product(k=[0, 1, 2], path=[str(switch)]), trials.fail_by_the_machine, roles={})
    with pytest.raises(
        MachineFault, match="1 tasks have no row, .*No space left.* tries them again, 3 times"
    ):
        run(study, store=tmp_path / "s")
    with Store(tmp_path / "s", create=False) as store:
        assert store.unfinished() == (1, "OSError: [Errno 28] No space left on device")
    switch.touch()
    table = run(study, store=tmp_path / "s")
    assert table["error"].isna().all() and len(table) == 3
    with Store(tmp_path / "s", create=False) as store:
        assert store.unfinished() == (0, "")


def test_after_three_times_it_is_a_failure_with_its_reason(tmp_path):
    study = Study(
        "full", product(k=[0, 1], path=[str(tmp_path / "never")]), trials.fail_by_the_machine, roles={}
    )
    for _ in range(ATTEMPTS - 1):
        with pytest.raises(MachineFault):
            run(study, store=tmp_path / "s")
    stored = run(study, store=tmp_path / "s")
    alone = run(study)  # without a store there is no other run: all attempts are made in this one
    for table in (stored, alone):
        assert table["error"].notna().tolist() == [False, True]
        assert "No space left on device (tried 3 times)" in table["error"][1]


FORKING = """
import sys
sys.path.insert(0, sys.argv[1])
import runner_trials as trials
from experiments import Study, product, run
table = run(Study("forks", product(k=list(range(4))), trials.fork_on_one, roles={}))
print(table["me"].tolist())
"""


def test_a_process_that_a_trial_forks_ends_with_the_trial(tmp_path):
    command = [sys.executable, "-c", FORKING, str(HERE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout == "[0, 1, 2, 3]\n"
