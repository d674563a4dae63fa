"""How does a study become a table? Its tasks run in this process, on worker processes or on a Dask cluster, with one result.

Only what the store does not hold yet is run. A failed trial is a row with its error; it is never drawn again with other
numbers, and never counts as a result.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from typing import Any

import pandas as pd

from experiments.running.code_identity import code_of, function_of, given_with
from experiments.running.faults import ATTEMPTS
from experiments.running.seeds import MOST_SEED
from experiments.running.sendable_trials import require_sendable
from experiments.running.sent_files import FilesToSend
from experiments.running.store import Store
from experiments.running.study import Study
from experiments.running.table import Columns
from experiments.running.task_queue import TaskQueue
from experiments.running.waiting import WAIT_SECONDS, Waiting
from simulate.optional import require_extra
from simulate.progress import Progress, shown
from simulate.validation import require_integer, require_number

Found = tuple[Mapping[str, Any] | None, str | None]  # a row, or the error of a failure
Rows = dict[str, Found]


class MachineFault(OSError):
    """Tasks have no row for a reason that is none of their trial's; `keys` names them, and everything else is kept."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.keys = tuple(reasons)
        first = next(iter(reasons.values()), "")
        super().__init__(
            f"{len(reasons):,} tasks have no row, since the machine failed them ({first}); everything else is kept, and the same "
            f"run tries them again, {ATTEMPTS} times in all"
        )


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
    files: FilesToSend | None = None,
    makes: str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
    retry_failed: bool = False,
    max_failures: int | None = None,
    task_timeout: float | None = None,
    wait: float = WAIT_SECONDS,
    accept_other_version: bool = False,
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
    files
        what tasks name by a path of this machine, sent once to each worker of a cluster; other workers open the paths.
    makes
        the parameter of cells that names the one file which a task writes at `brought_files.made_at(name)`. From a worker of a
        cluster it is brought here, whole or not at all, before its row counts.
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
    wait
        seconds to wait for workers of a cluster, or for other runs that share the store, while nothing else can be done.
    accept_other_version
        keep stored rows of these studies that other sources have made; the provenance of each new row says so.

    Raises
    ------
    ValueError, TypeError
        for options out of range, two studies of one name, a trial that workers cannot find by its name, a folder of another seed,
        rows of other sources in the folder, workers of other sources, a scheduler that does not answer.
    TooManyFailures
        if more than `max_failures` trials fail; everything finished is kept.
    ModuleNotFoundError
        for `dask` without Dask (extra `cluster`).
    OSError
        if the store cannot be written, nothing happened for `wait` seconds, or tasks have no row because of the machine
        (`MachineFault`: no memory, a full disk); what finished before is kept, and the same call tries them again.
    """
    require_integer(seed, "seed", least=0, most=MOST_SEED)
    require_integer(workers, "workers", least=1)
    require_number(wait, "wait", least=0)
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
    if dask is not None or workers > 1 or task_timeout is not None:
        for study in studies:
            require_sendable(study, by_value=dask is not None)
    rows: Rows = {}
    with Store(store, seed=seed) if store is not None else nullcontext() as kept:
        if kept is not None:
            kept.require_code({study.name: code_of(study.trial) for study in studies}, accept_other_version)
            kept.note_origins(
                {
                    study.name: (module.called, function_of(study.trial).__qualname__)
                    for study in studies
                    if (module := given_with(study.trial))
                }
            )
        outlasts = kept is not None or makes is not None
        queue = TaskQueue(studies, seed, kept, retry_failed, Waiting(wait, kept=outlasts), outlasts)
        engine = _engine(queue, workers, dask, task_timeout, files, makes)
        what = studies[0].name if len(studies) == 1 else f"{len(studies)} studies"
        renewed = kept.reservations.renewed() if kept is not None else nullcontext()
        with renewed, closing(engine), shown(progress, what) as told:
            _drain(engine, queue, kept, rows, told, max_failures)
        if queue.unfinished:
            raise MachineFault(queue.unfinished)
        find = rows.get if kept is None else kept.result
        return {study.name: _table(study, seed, find) for study in studies}


def _engine(
    queue: TaskQueue,
    workers: int,
    dask: str | None,
    timeout: float | None,
    files: FilesToSend | None,
    makes: str | None,
) -> Any:
    from experiments.running.worker_processes import in_this_process, run_on_workers

    if dask is not None:
        from experiments.running.dask_cluster import run_on_cluster

        return run_on_cluster(queue, dask, files, makes)
    if workers == 1 and timeout is None:
        return in_this_process(queue)
    return run_on_workers(queue, min(workers, max(1, len(queue))), timeout)


def _drain(
    engine: Any,
    queue: TaskQueue,
    store: Store | None,
    rows: Rows,
    progress: Progress | None,
    max_failures: int | None,
) -> None:
    failures, left = 0, set[str]()
    if progress:
        progress(queue.done, queue.total, queue.failed)
    for arrived in engine:
        if arrived is not None:
            work, outcome = arrived
            if outcome.fault is not None:
                outcome = queue.after_fault(work, outcome)
                if outcome is None:
                    continue
            if outcome.left and work.task.study not in left:
                left.add(work.task.study)
                warnings.warn(
                    f"a trial of {work.task.study} left in its process what cannot be put back: {'; '.join(outcome.left)}; "
                    "later rows may depend on it",
                    stacklevel=3,
                )
            if store is not None:
                store.write(work.task, outcome)
            else:
                rows[work.task.key] = (outcome.row, outcome.error)
            failed = outcome.error is not None
            queue.arrived(failed)
            failures += failed
        if progress:
            progress(queue.done, queue.total, queue.failed)
        if max_failures is not None and failures > max_failures:
            raise TooManyFailures(
                f"{failures} trials failed, more than the {max_failures} allowed; everything finished is kept"
            )


def _table(study: Study, seed: int, find: Callable[[str], Found | None]) -> pd.DataFrame:
    columns = Columns(list(study.grid[0]))
    for task in study.tasks(seed):
        if (found := find(task.key)) is not None:
            columns.add(task.cell, task.replicate, *found, task.key)
    return columns.frame()
