"""Does a task give its stored row again? It runs once more, in this process, with the same parameters and generators."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from experiments.running.code_identity import given_with
from experiments.running.one_task import Outcome, execute, work_of
from experiments.running.store import Store
from experiments.running.study import Cell, Study, Task
from simulate.validation import did_you_mean


@dataclass(frozen=True)
class Stored:
    """A stored task with its row, or the error with which it failed, and the hash of the sources that made it."""

    task: Task
    row: dict[str, Any] | None
    error: str | None
    code: str


def require_key(key: object, folder: object) -> None:
    """Raise `ValueError` unless `key`, which the store in `folder` holds, is of the kind that tasks have.

    >>> require_key("0123456789abcdef", "results")
    """
    if not isinstance(key, str) or not re.fullmatch("[0-9a-f]{16}", key):
        raise ValueError(
            f"the store in {folder} must be ours; it holds the key {key!r}, which no task of ours has"
        )


def replay_task(
    folder: str | os.PathLike[str], key: str, studies: Callable[[str, Cell], Study | None]
) -> tuple[Stored, Outcome]:
    """Run the task `key` of the store in `folder` again and return what is stored and what came out now; nothing is written.

    Parameters
    ----------
    folder
        the folder of a run.
    key
        the key of a task, as tables and failures name it.
    studies
        `studies(name, cell)` returns the study of that name, its grid this one cell, or None for a name that it does not know.

    Raises
    ------
    ValueError
        if the store holds no such key, or `studies` knows no study of that name or another version of it.

    Examples
    --------
    >>> import tempfile
    >>> from experiments.running.runner import run
    >>> study = Study("draw", [{"n": 5}], lambda cell, rngs: {"x": rngs["draw"].random(cell["n"]).sum()}, roles={"draw": ("n",)})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     key = run(study, store=folder)["key"][0]
    ...     stored, again = replay_task(folder, key, lambda name, cell: study)
    >>> stored.row == again.row
    True
    """
    with Store(folder, create=False) as store:
        found, code = store.get(key), store.code(key)
        origin = store.origin(str(found[0]))[0] if found else ""
        if found is None:
            keys = [row[0] for row in store.rows()]
            raise ValueError(
                f"key must be one of the {len(keys):,} tasks of {folder}; got {key!r}{did_you_mean(key, keys)}"
            )
    name, version, seed, cell, replicate, row, error, _ = found
    task = Task(str(name), int(version), int(seed), json.loads(cell), int(replicate), key)
    study = studies(task.study, task.cell)
    if origin and (study is None or given_with(study.trial) is None):
        raise ValueError(
            f"the study {task.study!r} is of {origin!r}, which a store only names and never lets run: if you have that file or "
            "module and trust it, name it again, for a claim with --claims, for a trial of a sweep with --trials"
        )
    if study is None:
        raise ValueError(
            f"the study {task.study!r} is known to no claim, comparison or registered trial, so its trial is in a script; "
            "replay it there with experiments.running.replay.replay_task"
        )
    if study.version != task.version:
        raise ValueError(
            f"task {key} was run by version {task.version} of the study {task.study!r}, and this is version {study.version}; "
            "replay it with the version of spikeproof that ran it, or run the study again"
        )
    return Stored(task, json.loads(row) if row else None, error, code), execute(work_of(study, task))
