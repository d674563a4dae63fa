"""Which files does a worker of a cluster need that lie only where the command runs? They are sent to it, once.

A task names a matrix by its path, which means nothing on another machine. So a run says which files its tasks name
(`FilesToSend`). A worker gets those that it lacks piece by piece before the first task that needs them, keeps them in its own
folder under the hash of their content, and says so only when the hash is right. While tasks of this run are executed there,
`here` gives the path of the copy for the path that a task names; two runs that send different files of one name do not disturb
each other.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PIECE = 1 << 22  # bytes that are sent at once
FOLDER = "spikeproof-files"


@dataclass(frozen=True)
class Piece:
    """A piece of a file: into which file of the worker's folder it goes, where in it, and its bytes."""

    place: str
    offset: int
    content: bytes


class FilesToSend:
    """The files behind the names that tasks use; each is read once to be hashed, and once for each worker.

    Parameters
    ----------
    named
        for each name, as it stands in the cells of a study, the file or folder that it means here, and the files that may be
        opened for it, all in one folder.
    needed
        which of the names a task with a given cell needs; None: all of them.

    Attributes
    ----------
    digests : for each place in a worker's folder the SHA-256 of its file.
    roots : for each name its file or folder, within a worker's folder.
    """

    def __init__(
        self,
        named: Mapping[str, tuple[Path, Sequence[Path]]],
        needed: Callable[[Mapping[str, Any]], Iterable[str]] | None = None,
    ) -> None:
        self._needed, self._places = needed, dict[str, list[str]]()
        self.digests: dict[str, str] = {}
        self.roots: dict[str, str] = {}
        self._paths: dict[str, Path] = {}
        for name, (root, files) in named.items():
            hashed = [(path, _digest(path)) for path in files]
            content = "".join(f"{path.name}\0{digest}\0" for path, digest in hashed)
            key = hashlib.sha256(content.encode()).hexdigest()[:32]
            folder = f"{key}/{root.name}" if root.is_dir() else f"{key}/files"
            self.roots[name] = folder if root.is_dir() else f"{folder}/{root.name}"
            for path, digest in hashed:
                self.digests[f"{folder}/{path.name}"] = digest
                self._paths[f"{folder}/{path.name}"] = path
            self._places[name] = [f"{folder}/{path.name}" for path, _ in hashed]

    def needed(self, cells: Iterable[Mapping[str, Any]]) -> set[str]:
        """Return the names that tasks of these cells need."""
        if self._needed is None:
            return set(self.roots)
        return {name for cell in cells for name in self._needed(cell)} & self.roots.keys()

    def digests_of(self, names: Iterable[str]) -> dict[str, str]:
        """Return `digests` of the files behind some names."""
        return {place: self.digests[place] for name in names for place in self._places[name]}

    def pieces(self, places: Iterable[str]) -> Iterator[Piece]:
        """Yield the files of some places in pieces of four megabytes; an empty file is one empty piece."""
        for place in places:
            with self._paths[place].open("rb") as file:
                offset = 0
                while (content := file.read(PIECE)) or not offset:
                    yield Piece(place, offset, content)
                    offset += max(len(content), 1)


def take_piece(folder: Path, piece: Piece) -> None:
    """Write a piece into the worker's `folder`."""
    path = _inside(folder, piece.place)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.seek(piece.offset)
        file.write(piece.content)


def missing_files(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """Return the places whose file is not in the worker's `folder`, or has another content."""
    found = []
    for place, digest in digests.items():
        path = _inside(folder, place)
        if not path.is_file() or _digest(path) != digest:
            found.append(place)
    return found


@contextmanager
def standing_for(folder: Path, roots: Mapping[str, str]) -> Iterator[None]:
    """Inside this block `here` gives the copies in a worker's `folder`."""
    token = _HERE.set({name: str(_inside(folder, place)) for name, place in roots.items()})
    try:
        yield
    finally:
        _HERE.reset(token)


def here(name: str) -> str:
    """Return the path of the copy that was sent for a name, or the name itself where none was.

    >>> here("log.csv")
    'log.csv'
    """
    return (_HERE.get() or {}).get(name, name)


_HERE: ContextVar[Mapping[str, str] | None] = ContextVar("sent files", default=None)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inside(folder: Path, place: str) -> Path:
    path = folder.joinpath(*place.split("/"))
    if ".." in path.parts or not path.is_relative_to(folder):
        raise ValueError(f"a file that is sent must lie in the folder of the worker; got {place!r}")
    return path
