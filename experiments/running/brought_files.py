"""Which file does a task of a cluster write that belongs where the command runs? It is brought in pieces, whole or not at all.

A parameter of the cell names the file, as it is called where the command runs, and the trial writes it at `made_at(name)`: under
that very name, or on a worker of a cluster in the worker's own folder. The worker says how long the file is and the SHA-256 of
its content (`Made`). The command asks for piece after piece, writes each into a draft beside the file's place (`Bringing`), and
lets the draft take the place when its hash is right. Of a worker that is lost in the middle nothing is left.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from experiments.running.files import Draft
from experiments.running.sent_files import PIECE


@dataclass(frozen=True)
class Made:
    """A file that a task has written: its name in the folder of that task, its bytes, and their SHA-256."""

    name: str
    size: int
    digest: str


class Bringing:
    """A file on its way to its `path`: its pieces are asked for in order, and may come in any."""

    def __init__(self, made: Made, path: Path) -> None:
        self.made, self.path = made, path
        self._draft = Draft(path)
        self._offsets = iter(range(0, max(made.size, 1), PIECE))
        self._missing = -(-max(made.size, 1) // PIECE)

    def next_offset(self) -> int | None:
        """Return where the next piece begins that has not been asked for; None when all have."""
        return next(self._offsets, None)

    def take(self, offset: int, content: bytes) -> bool:
        """Write a piece, and return whether it was the last one that was missing.

        Raises
        ------
        OSError
            if it cannot be written.
        """
        self._draft.file.seek(offset)
        self._draft.file.write(content)
        self._missing -= 1
        return not self._missing

    def finish(self) -> bool:
        """Let the file take its place if its content is what was made, and return whether it is; else nothing is left of it."""
        if digest_of_draft(self._draft) != self.made.digest:
            self.drop()
            return False
        self._draft.take_place()
        return True

    def drop(self) -> None:
        """Leave nothing of the file."""
        self._draft.drop()


def digest_of_draft(draft: Draft) -> str:
    """Return the SHA-256 of what is written so far."""
    draft.file.flush()
    draft.file.seek(0)
    return hashlib.file_digest(draft.file, "sha256").hexdigest()


def made_at(name: str) -> Path:
    """Return where a task writes the file of this name: there, or on a worker of a cluster in the folder of the task.

    >>> made_at("edges/part.parquet").as_posix()
    'edges/part.parquet'
    """
    folder = _MADE.get()
    return Path(name) if folder is None else folder / Path(name).name


@contextmanager
def making_in(folder: Path) -> Iterator[None]:
    """Inside this block tasks write their files into a new `folder`; where the block fails, nothing is left of it."""
    folder.mkdir(parents=True, mode=0o700)
    token = _MADE.set(folder)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        _MADE.reset(token)


def made_in(folder: Path) -> Made | None:
    """Return the one file that a task has written into its `folder`, None where there is none."""
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Made(path.name, path.stat().st_size, digest)
    return None


def piece_of(path: Path, offset: int) -> bytes:
    """Return the bytes of a piece of a file that begins at `offset`."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        file.seek(offset)
        return file.read(PIECE)


_MADE: ContextVar[Path | None] = ContextVar("folder of made files", default=None)
