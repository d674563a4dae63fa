"""A stored task runs again with the trial that its caller finds for it, and never with another version's."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from experiments import replay, run
from experiments.running.code_identity import code_of
from experiments.running.replay import replay_task

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from runner_trials import demo, results  # noqa: E402


def test_a_task_gives_its_row_again_and_the_store_stays_as_it_is(tmp_path):
    key = run(demo(), store=tmp_path)["key"][3]
    before, asked = results(tmp_path), []

    def studies(name, cell):
        asked.append((name, dict(cell)))
        return demo()

    stored, again = replay_task(tmp_path, key, studies)
    assert asked == [("demo", dict(stored.task.cell))]
    assert stored.row == again.row and again.key == key and again.error is None
    assert stored.code == again.code == code_of(demo().trial)
    assert results(tmp_path) == before


def test_what_the_caller_does_not_know_or_has_in_another_version_is_refused(tmp_path):
    key = run(demo(), store=tmp_path)["key"][0]
    with pytest.raises(
        ValueError, match="the study 'demo' is known to no claim, comparison or registered trial"
    ):
        replay(tmp_path, key)
    words = f"task {key} was run by version 1 of the study 'demo', and this is version 2; replay it with"
    with pytest.raises(ValueError, match=re.escape(words)):
        replay_task(tmp_path, key, lambda name, cell: replace(demo(), version=2))
    with pytest.raises(ValueError, match=f"key must be one of the 8 tasks of .*did you mean '{key}'"):
        replay_task(tmp_path, key[:-1] + "-", lambda name, cell: demo())
