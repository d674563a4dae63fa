"""How does a study become a table? Its tasks run in this process, on worker processes or on a Dask cluster, with one result.

Only what the store does not hold yet is run. A failed trial is a row with its error; it is never drawn again with other
numbers, and never counts as a result.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing, nullcontext
from typing import Any

import pandas as pd

from experiments.running.one_task import Outcome, Work, work_of
from experiments.running.progress import Progress, shown
from experiments.running.seeds import MOST_SEED
from experiments.running.store import Store
from experiments.running.study import Study
from simulate.optional import require_extra
from simulate.validation import require_integer, require_number


class TooManyFailures(RuntimeError):
    """More trials failed than `max_failures` allows; everything finished is kept."""


def run(study: Study, **options: Any) -> pd.DataFrame:
    """Run one study and return its table; the options are those of `run_all`.

    Examples
    --------
    >>> from experiments.running.study import Study, product
    >>> def trial(cell, rngs):
    ...     return {"twice": 2 * cell["n"]}
    >>> run(Study("doubling", product(n=[1, 2]), trial))[["n", "replicate", "twice"]].values.tolist()
    [[1, 0, 2], [2, 0, 4]]
    """
    return run_all([study], **options)[study.name]


def run_all(
    studies: Sequence[Study],
    *,
    seed: int = 0,
    workers: int = 1,
    dask: str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
    retry_failed: bool = False,
    max_failures: int | None = None,
    task_timeout: float | None = None,
) -> dict[str, pd.DataFrame]:
    """Run `studies` and return a table for each, by name: one row per task, in the order of the grid.

    Columns are the cell's parameters, `replicate`, the trial's columns, `error` (None for a result) and `key`. Time grows with
    the trials that are not stored yet, memory with the rows.

    Parameters
    ----------
    studies
        what to run; their names must differ.
    seed
        an integer of at least 0 from which every generator is seeded.
    workers
        1 runs in this process, a larger number on that many worker processes. The table is the same.
    dask
        address of a running scheduler, or "local:N" for a local cluster of N processes; replaces `workers`.
    store
        a folder that keeps rows as they finish, so that the same call later runs only what is missing.
    progress
        True shows a bar on a terminal, and elsewhere a line every half minute on standard error; a function is called with
        (done, total, failed) after every task.
    retry_failed
        run tasks again whose stored row is a failure.
    max_failures
        stop with `TooManyFailures` when more trials than this have failed.
    task_timeout
        seconds, from the start of its trial, after which a task is killed and counts as failed; tasks then run in worker
        processes of this machine, also with `workers=1`.

    Raises
    ------
    ValueError, TypeError
        for options out of range, two studies of one name, a folder of another seed, a scheduler that does not answer.
    TooManyFailures
        if more than `max_failures` trials fail; everything finished is kept.
    ModuleNotFoundError
        for `dask` without Dask (extra `cluster`).
    OSError
        if the store cannot be written; what finished before is kept.
    """
    require_integer(seed, "seed", least=0, most=MOST_SEED)
    require_integer(workers, "workers", least=1)
    if task_timeout is not None:
        require_number(task_timeout, "task_timeout", above=0)
        if dask is not None:
            raise ValueError(
                f"task_timeout must be None with dask, whose workers are not ours to kill; got {task_timeout}"
            )
    if max_failures is not None:
        require_integer(max_failures, "max_failures", least=0)
    if dask is not None:
        require_extra("cluster", "running on a Dask cluster")
    if len({study.name for study in studies}) < len(studies):
        raise ValueError(
            f"studies that run together must have different names; got {[s.name for s in studies]}"
        )
    works = {task.key: work_of(study, task) for study in studies for task in study.tasks(seed)}
    memory: dict[str, Outcome] = {}
    with Store(store, seed=seed) if store is not None else nullcontext() as kept:
        queue = _Queue(works, kept, retry_failed)
        engine = _engine(queue, workers, dask, task_timeout)
        what = studies[0].name if len(studies) == 1 else f"{len(studies)} studies"
        renewed = kept.reservations.renewed() if kept is not None else nullcontext()
        with renewed, closing(engine), shown(progress, what) as told:
            _drain(engine, queue, kept, memory, told, max_failures)
        return {study.name: _table(study, seed, kept, memory) for study in studies}


class _Queue:
    """The works that are still to run; each is taken when this coordinator has reserved it.

    Taking never waits: a work that another coordinator has reserved is passed over, so that our own outcomes are collected.
    """

    def __init__(self, works: dict[str, Work], store: Store | None, retry_failed: bool) -> None:
        self.total, self.store = len(works), store
        finished: dict[str, bool] = {}
        if store is not None:
            for name, seed in {(work.task.study, work.task.seed) for work in works.values()}:
                finished |= store.finished(name, seed)
        stored = {key: fine for key, fine in finished.items() if key in works}
        kept = {key for key, fine in stored.items() if fine or not retry_failed}
        self.failed = sum(not stored[key] for key in kept)
        self.done = len(kept)
        self.missing = {key: work for key, work in works.items() if key not in kept}
        self.retrying = {key for key in stored if key not in kept}

    def __len__(self) -> int:
        return len(self.missing)

    def take(self) -> Work | None:
        """Return a work that is now ours, or None if nothing is missing or others have reserved all of it."""
        for key in list(self.missing):
            work = self.missing.pop(key)
            if self.store is None:
                return work
            if not self.store.reservations.reserve([key]):
                self.missing[key] = work  # at the end of the dict: look again after the others
                continue
            if self._finished_meanwhile(work):
                self.store.reservations.release(key)
                continue
            return work
        return None

    def _finished_meanwhile(self, work: Work) -> bool:
        assert self.store is not None
        found = self.store.get(work.task.key)
        if found is None or (work.task.key in self.retrying and found[6] is not None):
            return False
        self.done += 1
        self.failed += found[6] is not None
        return True


def _engine(queue: _Queue, workers: int, dask: str | None, timeout: float | None) -> Any:
    from experiments.running.worker_processes import in_this_process, run_on_workers

    if dask is not None:
        from experiments.running.dask_cluster import run_on_cluster

        return run_on_cluster(queue, dask)
    if workers == 1 and timeout is None:
        return in_this_process(queue)
    return run_on_workers(queue, min(workers, max(1, len(queue))), timeout)


def _drain(
    engine: Any,
    queue: _Queue,
    store: Store | None,
    memory: dict[str, Outcome],
    progress: Progress | None,
    max_failures: int | None,
) -> None:
    failures = 0
    if progress:
        progress(queue.done, queue.total, queue.failed)
    for arrived in engine:
        if arrived is not None:
            work, outcome = arrived
            if store is not None:
                store.write(work.task, outcome)
            else:
                memory[work.task.key] = outcome
            queue.done += 1
            failures += outcome.error is not None
            queue.failed += outcome.error is not None
        if progress:
            progress(queue.done, queue.total, queue.failed)
        if max_failures is not None and failures > max_failures:
            raise TooManyFailures(
                f"{failures} trials failed, more than the {max_failures} allowed; everything finished is kept"
            )


def _table(study: Study, seed: int, store: Store | None, memory: dict[str, Outcome]) -> pd.DataFrame:
    stored: dict[str, tuple[dict[str, Any] | None, str | None]] = {}
    if store is not None:
        for key, *_, row, error in store.rows(study.name, seed):
            stored[key] = (json.loads(row) if row else None, error)
    else:
        stored = {key: (dict(o.row) if o.row is not None else None, o.error) for key, o in memory.items()}
    records = []
    for task in study.tasks(seed):
        if task.key in stored:
            row, error = stored[task.key]
            records.append(
                {**task.cell, "replicate": task.replicate, **(row or {}), "error": error, "key": task.key}
            )
    columns = [*study.grid[0], "replicate"]
    table = (
        pd.DataFrame.from_records(records) if records else pd.DataFrame(columns=[*columns, "error", "key"])
    )
    middle = [name for name in table.columns if name not in {*columns, "error", "key"}]
    return table[[*columns, *middle, "error", "key"]]
