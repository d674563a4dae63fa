"""What does a worker of a Dask cluster do when it is asked? It says its sources, keeps files, and runs chunks of tasks."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from experiments.running.code_identity import OtherCode, suite_code
from experiments.running.faults import told_error
from experiments.running.one_task import Work, execute
from experiments.running.sent_files import FOLDER, Piece, missing_files, standing_for, take_piece

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


def execute_sent(sent: list[tuple[str, bytes]], roots: dict[str, str]) -> list[tuple[str, Any]]:
    """Run pickled works and return, for each key, its outcome, the error of a work that cannot be opened, or why it is refused.

    They are opened here: a trial that this worker cannot import fails its own task, and stops no worker.
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
            with _one_trial, standing_for(_folder_of_worker(), roots) if roots else nullcontext():
                results.append((key, execute(opened)))
        except OtherCode as refused:
            results.append((key, str(refused)))
    return results


# a worker imports these functions by name: through the root, which finds our rooms also beside folders of the same names
for _asked in (sources_of_worker, take_sent, missing_of_sent, execute_sent):
    _asked.__module__ = f"spikeproof.{__name__}"
