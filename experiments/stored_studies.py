"""Which trial made a stored row? A row names its study; this file finds the code of that study, so that a task can be run again.

A store holds four kinds of studies: arms of claims, comparisons of real matrices, exhibits, and sweeps of registered trials. The
first three are known by their names, the fourth by the names of its parameters.
"""

from __future__ import annotations

import os
from dataclasses import replace

from experiments.claims import study_named
from experiments.real.comparison import PREFIX, ROLES, VERSION
from experiments.real.comparison import trial as comparison_trial
from experiments.running.one_task import Outcome
from experiments.running.replay import Stored, replay_task
from experiments.running.study import Cell, Study
from experiments.studies.exhibits import STUDY, exhibits
from experiments.studies.trials import TRIALS


def replay(folder: str | os.PathLike[str], key: str) -> tuple[Stored, Outcome]:
    """Run the task `key` of the store in `folder` again and return what is stored and what came out now.

    Nothing is written. For a study of your own, which this package does not know, use `experiments.running.replay.replay_task`
    and give it the study.

    Raises
    ------
    ValueError
        if the store holds no such key, if this package has no study of that name, or has another version of it.

    Examples
    --------
    >>> import tempfile
    >>> from experiments import run
    >>> from experiments.studies.study_file import read_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = run(read_study("noise", ["n=60", "mean_degree=9", "noise=0.1", "replicates=1"]), store=folder)
    ...     stored, again = replay(folder, table["key"][0])
    >>> stored.row == again.row
    True
    """
    return replay_task(folder, key, stored_study)


def stored_study(name: str, cell: Cell) -> Study | None:
    """Return the study of this package that has a stored row's name, with that row's cell as its grid, or None.

    >>> stored_study("compare-twin", {"matrix": "davis", "source": "twin"}).version == VERSION
    True
    """
    if arm := study_named(name):
        return replace(arm, grid=[cell])
    if name.startswith(f"{PREFIX}-"):
        return Study(name, [cell], comparison_trial, version=VERSION, roles=ROLES)
    if name == STUDY:
        return replace(exhibits(()), grid=[cell])
    for registered in TRIALS.values():
        if set(registered.defaults) == set(cell):
            return Study(name, [cell], registered.trial, version=registered.version, roles=registered.roles)
    return None
