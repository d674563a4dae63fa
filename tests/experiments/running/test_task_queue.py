"""Taking a task costs the same however many wait; tasks that others hold are passed over and looked at again."""

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from experiments import Study, product
from experiments.running import task_queue
from experiments.running.one_task import execute, work_of
from experiments.running.store import Store
from experiments.running.task_queue import TaskQueue

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import runner_trials as trials  # noqa: E402
from runner_trials import demo  # noqa: E402


@pytest.mark.parametrize("stored", [False, True])
def test_what_is_looked_at_to_take_a_task_does_not_grow_with_those_that_wait(stored, tmp_path, monkeypatch):
    made = []

    def counted(study, task):
        made.append(task.key)
        return work_of(study, task)

    monkeypatch.setattr(task_queue, "work_of", counted)
    study = Study("many", product(k=list(range(20_000))), trials.give_nan, roles={})
    with Store(tmp_path) if stored else nullcontext() as store:
        queue = TaskQueue([study], 0, store)
        taken = [queue.take().task.cell["k"] for _ in range(50)]
        assert taken == list(range(50)) and len(queue) == 20_000 - 50
        assert len(made) <= 50 + task_queue.MOST_AHEAD


def test_tasks_of_another_coordinator_are_passed_over_and_counted_when_it_has_finished_them(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(task_queue, "BETWEEN_LOOKS", 0.0)
    study = demo()
    keys = [task.key for task in study.tasks(0)]
    with Store(tmp_path, seed=0) as other, Store(tmp_path, seed=0) as store:
        assert other.reservations.reserve(keys[:3]) == keys[:3]
        queue = TaskQueue([study], 0, store)
        ours = [queue.take().task.key for _ in range(5)]
        assert ours == keys[3:] and queue.take() is None and len(queue) == 3
        first = next(study.tasks(0))
        other.write(first, execute(work_of(study, first)))
        other.reservations.release(keys[1])
        assert queue.take().task.key == keys[1]
        assert (len(queue), queue.done) == (1, 1)
