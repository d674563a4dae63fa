"""One stored task again: the same parameters, seed and generators, in this process."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import Any

from experiments.running.execution import execute, work_of
from experiments.running.store import Outcome, Store
from experiments.running.study import Study, Task
from simulate.validation import did_you_mean


@dataclass(frozen=True)
class Stored:
    """A stored task with its row or its error."""

    task: Task
    row: dict[str, Any] | None
    error: str | None


def replay_task(folder: str | os.PathLike[str], key: str) -> tuple[Stored, Outcome]:
    """Run the task `key` of the store in `folder` again and return what is stored and what came out now.

    The study is found by its name: a claim's, a comparison's, the exhibits', or a registered trial's by the stored parameters.

    Raises
    ------
    ValueError
        if the store holds no such key, or no study of this version has that name.
    """
    with Store(folder, create=False) as store:
        found = store.get(key)
        if found is None:
            keys = [row[0] for row in store.rows()]
            raise ValueError(
                f"key must be one of the {len(keys):,} tasks of {folder}; got {key!r}{did_you_mean(key, keys)}"
            )
    name, version, seed, cell, replicate, row, error, _ = found
    study = _study(str(name), json.loads(cell), int(version))
    task = Task(str(name), int(version), int(seed), json.loads(cell), int(replicate), key)
    return Stored(task, json.loads(row) if row else None, error), execute(work_of(study, task))


def _study(name: str, cell: dict[str, Any], version: int) -> Study:
    from experiments.claims import study_named
    from experiments.real.comparison import PREFIX, ROLES
    from experiments.real.comparison import trial as compare_trial
    from experiments.studies.exhibits import STUDY, exhibit_trial
    from experiments.studies.trials import TRIALS

    if found := study_named(name):
        return replace(found, grid=[cell], version=version)
    if name.startswith(f"{PREFIX}-"):
        return Study(name, [cell], compare_trial, version=version, roles=ROLES)
    if name == STUDY:
        return Study(
            name,
            [cell],
            exhibit_trial,
            version=version,
            roles=dict.fromkeys(("data", "show"), ("source", "null")),
        )
    for registered in TRIALS.values():
        if set(registered.defaults) == set(cell):
            return Study(name, [cell], registered.trial, version=version, roles=registered.roles)
    raise ValueError(
        f"no claim and no registered trial of this version has run the study {name!r}; replay it from its script"
    )
