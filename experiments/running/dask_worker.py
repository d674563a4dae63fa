"""What does a worker of a Dask cluster do when it is asked? It says its sources, keeps files, and runs chunks of tasks.

Its own folder holds the files that it was sent, and those that its tasks have written until the command has brought them.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.running.brought_files import made_in, making_in, piece_of
from experiments.running.code_identity import OtherCode, suite_code
from experiments.running.faults import told_error
from experiments.running.one_task import Outcome, Work, execute
from experiments.running.sent_files import FOLDER, Piece, missing_files, standing_for, take_piece

MADE = "spikeproof-made"
_one_trial = threading.Lock()  # a trial has its process to itself, also in a worker of several threads


def sources_of_worker() -> str:
    """Return the hash of the sources that this worker imports."""
    return suite_code()


def take_sent(piece: Piece) -> None:
    """Keep a piece of a file in the folder of this worker."""
    take_piece(_folder_of_worker(), piece)


def missing_of_sent(digests: dict[str, str]) -> list[str]:
    """Return which files this worker lacks."""
    return missing_files(_folder_of_worker(), digests)


def _folder_of_worker() -> Path:
    from distributed import get_worker

    return Path(get_worker().local_directory) / FOLDER


def piece_of_made(run: str, key: str, name: str, offset: int) -> bytes:
    """Return a piece of the file that the task `key` of a run has written here."""
    return piece_of(_folder_of_task(run, key) / name, offset)


def drop_made(run: str, key: str) -> None:
    """Remove what the task `key` of a run has written here."""
    shutil.rmtree(_folder_of_task(run, key), ignore_errors=True)


def _folder_of_task(run: str, key: str) -> Path:
    from distributed import get_worker

    return Path(get_worker().local_directory) / MADE / run / key


def execute_sent(
    sent: list[tuple[str, bytes]], roots: dict[str, str], run: str | None = None
) -> list[tuple[str, Any]]:
    """Run pickled works and return, for each key, its outcome, the error of a work that cannot be opened, or why it is refused.

    They are opened here: a trial that this worker cannot import fails its own task, and stops no worker. With the name of a `run`
    each task writes a file, which is kept here.
    """
    from distributed.protocol.pickle import loads

    results: list[tuple[str, Any]] = []
    for key, work in sent:
        try:
            opened: Work = loads(work)
        except Exception as caught:
            results.append((key, told_error(caught)))
            continue
        try:
            results.append((key, _execute(opened, roots, run)))
        except OtherCode as refused:
            results.append((key, str(refused)))
    return results


def _execute(work: Work, roots: Mapping[str, str], run: str | None) -> Outcome:
    """Run a task with the files that were sent; with the name of a `run` it leaves the file that it writes, if it succeeds."""
    with _one_trial, ExitStack() as stack:
        if roots:
            stack.enter_context(standing_for(_folder_of_worker(), roots))
        if run is None:
            return execute(work)
        drop_made(run, work.task.key)  # of a worker that was thought to be lost, and came back
        folder = _folder_of_task(run, work.task.key)
        with making_in(folder):
            found = execute(work)
            if found.error is None:
                return replace(found, made=made_in(folder))
        drop_made(run, work.task.key)
        return found


# a worker imports these functions by name: through the root, which finds our rooms also beside folders of the same names
for _asked in (sources_of_worker, take_sent, missing_of_sent, execute_sent, piece_of_made, drop_made):
    _asked.__module__ = f"spikeproof.{__name__}"
