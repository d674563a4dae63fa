"""Which files travel between command and workers of a cluster? Those that tasks name go out, those that they write come back.

A worker that lacks files which its next chunk names says which of them it has from before; the others are sent, and it is asked
again whether all are there as they should be (`sent_files`). A file that a task has written stays with its worker until the last
of its pieces is here (`brought_files`). Two pieces a worker are on their way at once, in each direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from experiments.running.brought_files import Bringing
from experiments.running.cluster_workers import BROUGHT, DROPPED, FILES, PIECES, Brought, Worker
from experiments.running.dask_worker import drop_made, missing_of_sent, piece_of_made, take_sent
from experiments.running.one_task import Outcome, Work
from experiments.running.sent_files import FilesToSend

PIECES_PER_WORKER = 2  # on their way at once


class ClusterFiles:
    """The files of one `run`; `submit(address, what, function, *arguments)` asks a worker and returns the key of the question."""

    def __init__(self, run: str, files: FilesToSend, submit: Callable[..., str]) -> None:
        self.run, self.files, self._submit = run, files, submit

    def lacking(self, worker: Worker, works: Iterable[Work]) -> set[str]:
        """Return the names of files that these tasks need and the worker is not known to have."""
        return self.files.needed(work.task.cell for work in works) - worker.has

    def send(self, address: str, worker: Worker) -> None:
        """Send a worker the next pieces of the files that it waits for."""
        if not worker.waits:
            return
        while (
            worker.pieces is not None
            and worker.sending < PIECES_PER_WORKER
            and (piece := next(worker.pieces, None)) is not None
        ):
            worker.sending += 1
            self._submit(address, PIECES, take_sent, piece)
        if not worker.sending:
            worker.sending += 1
            digests = self.files.digests_of(self.lacking(worker, worker.waits))
            self._submit(address, FILES, missing_of_sent, digests)

    def note_sent(self, worker: Worker, what: str, error: Any, missing: list[str] | None) -> str:
        """Take a worker's answer about files sent to it; return why it cannot take them, or nothing."""
        worker.sending -= 1
        if error is not None:
            return str(error)
        if what != FILES or not worker.waits:
            return ""
        if not missing:
            worker.has |= self.lacking(worker, worker.waits)
            worker.pieces = None
        elif worker.pieces is None:  # it was asked before anything was sent
            worker.pieces = self.files.pieces(missing)
        else:
            return ", ".join(missing)
        return ""

    def begin(self, worker: Worker, work: Work, found: Outcome, path: Path) -> None:
        """Begin to bring the file that a task has written to its `path`."""
        assert found.made is not None
        worker.made[work.task.key] = Brought(work, found, Bringing(found.made, path))

    def bring(self, address: str, worker: Worker) -> None:
        """Ask a worker for the next pieces of the files that it has written."""
        for key, brought in worker.made.items():
            name = brought.file.made.name
            while worker.asked < PIECES_PER_WORKER and (offset := brought.file.next_offset()) is not None:
                worker.asked += 1
                asked = self._submit(address, BROUGHT, piece_of_made, self.run, key, name, offset)
                brought.offsets[asked] = offset

    def note_piece(
        self, address: str, worker: Worker, error: Any, asked: str, piece: bytes
    ) -> tuple[Brought, str] | None:
        """Take a piece of a file; when none is missing any more return what was brought, with why it is not whole, or nothing."""
        worker.asked -= 1
        key, brought = next(((k, b) for k, b in worker.made.items() if asked in b.offsets), ("", None))
        if brought is None:
            return None  # of a file that was given up
        offset = brought.offsets.pop(asked)
        if error is None and not brought.file.take(offset, piece):
            return None
        del worker.made[key]
        self._submit(address, DROPPED, drop_made, self.run, key)
        if error is None and brought.file.finish():
            return brought, ""
        brought.file.drop()
        return brought, f"its file could not be brought: {error or 'what came is not what was written'}"
