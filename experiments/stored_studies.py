"""Which trial made a stored row? A row names its study; this file finds the code of that study, so that a task can be run again.

A store holds four kinds of studies: arms of claims, comparisons of real matrices, exhibits, and sweeps of registered trials. The
first three are known by their names, the fourth by the names of its parameters.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from experiments.claims import study_named
from experiments.given_claims import Given, chosen_claims
from experiments.judging.claim import Claim
from experiments.matrices.limits import require_regular
from experiments.matrices.loading import asking
from experiments.real.compared import PREFIX
from experiments.real.compared import study_named as comparison_named
from experiments.running.one_task import Outcome
from experiments.running.replay import Stored, replay_task
from experiments.running.store import Store
from experiments.running.study import Cell, Study
from experiments.studies.exhibits import STUDY, exhibits
from experiments.studies.given_trials import chosen_trials
from experiments.studies.optional_parameters import has_parameters
from experiments.studies.trials import TRIALS, Registered


def replay(
    folder: str | os.PathLike[str],
    key: str,
    *,
    open_files: bool = False,
    opening: Callable[[Path], None] | None = None,
    claims: Given | Iterable[Given] = (),
    trials: Iterable[str] = (),
) -> tuple[Stored, Outcome]:
    """Run the task `key` of the store in `folder` again and return what is stored and what came out now.

    Nothing is written. A store may come from anybody and name any file of this machine, so a task that reads a file (a data set
    of the catalogue is none) runs only with `open_files`, and then opens regular files only; `opening(path)` is called before.
    A task of a claim of your own needs the file or module with it in `claims`, as `verify` takes them, and one of a sweep with a
    trial of your own that in `trials`, as `read_study` takes them: what a store names is never imported. For a study of a
    script, use `experiments.running.replay.replay_task` and give it the study.

    Raises
    ------
    ValueError
        if the store holds no such key, if neither this package nor `claims` has a study of that name, or has another version of
        it; for a task that reads a file, which is named, without `open_files`, or one that is no regular file.

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
    refused = []

    def allow(path: Path) -> None:
        if not open_files:
            refused.append(
                f"the task {key} reads {path}, which its store names; a store may come from anybody and name any file: "
                "replay it with --open-files (from Python open_files=True) if that file may be opened"
            )
            raise ValueError(refused[0])
        try:
            require_regular(path)
        except (ValueError, OSError) as error:
            refused.append(str(error))
            raise
        if opening is not None:
            opening(path)

    theirs = chosen_claims(claims) if claims else []
    offers = chosen_trials(trials)

    def study(name: str, cell: Cell) -> Study | None:
        return stored_study(name, cell, theirs) or _sweep(Path(folder), name, cell, offers)

    with asking(allow):
        stored, again = replay_task(folder, key, study)
    if refused:
        raise ValueError(refused[0])
    return stored, again


def stored_study(name: str, cell: Cell, claims: Sequence[Claim] = ()) -> Study | None:
    """Return the study of this package, or of these `claims`, that has a stored row's name, its grid that row's cell; or None.

    >>> stored_study("compare-twin", {"matrix": "davis", "source": "twin"}).name
    'compare-twin'
    """
    if arm := study_named(name, claims):
        return replace(arm, grid=[cell])
    if name.startswith(f"{PREFIX}-"):
        return comparison_named(name, [cell])
    if name == STUDY:
        return replace(exhibits(()), grid=[cell])
    for registered in TRIALS.values():
        if has_parameters(registered, cell):
            return Study(name, [cell], registered.trial, version=registered.version, roles=registered.roles)
    return None


def _sweep(folder: Path, name: str, cell: Cell, offers: Mapping[str, Registered]) -> Study | None:
    """Return the study of a sweep whose trial is among the given ones: its store says the name of the function."""
    with Store(folder, create=False) as store:
        _, function = store.origin(name)
    for offer, registered in offers.items():
        if function in (offer, getattr(registered.trial, "__qualname__", offer)):
            return Study(name, [cell], registered.trial, version=registered.version, roles=registered.roles)
    return None
