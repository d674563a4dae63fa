"""How does an analysis run in parts, here or on the workers of a cluster, and what is kept of one that is interrupted?

A part is a task: a trial and a cell of scalars. Arrays that it needs are given once and named by the SHA-256 of their content.
Here the trial sees the very arrays; a worker of a cluster gets them as a file, once, before the first task that names them. A
trial returns a row of scalars, so arrays among its results are packed into text. With a folder to keep them in, the rows of
finished parts are written as they come, and the same analysis of the same arrays takes them from there. Every part runs on one
thread: its last bits depend neither on the machine's cores nor on where it runs.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.running.code_identity import DIGITS, suite_code
from experiments.running.files import write_whole
from experiments.running.folder_locks import at_work, remove_unless_used
from experiments.running.one_task import one_thread
from experiments.running.output_places import require_output_folder
from experiments.running.runner import run
from experiments.running.seeds import canonical
from experiments.running.sent_files import FilesToSend, here
from experiments.running.store import Store
from experiments.running.study import Study, Trial
from experiments.running.waiting import WAIT_SECONDS

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Where:
    """Where parts run: `dask` is the address of a scheduler, or None for this process, one after the other.

    `keep` is a folder in which finished parts are kept, None to keep nothing; `wait` as in `running.run_all`; `say` is told how
    many are finished.
    """

    dask: str | None = None
    keep: str | os.PathLike[str] | None = None
    wait: float = WAIT_SECONDS
    say: Callable[[str], None] = lambda step: None


class Parts:
    """The parts of one analysis: give arrays, add cells, and ask for the rows, in a `with` block.

    Here a part runs when it is added, and only the arrays given last are held; on a cluster all run when the rows are asked for.

    Raises
    ------
    ValueError
        with the words of a trial that raised one; otherwise what `running.run_all` raises.

    Examples
    --------
    >>> def total(cell, rngs):
    ...     return {"total": float(given(cell["content"])["x"].sum() * cell["times"])}
    >>> with Parts("demo", total, Where()) as parts:
    ...     content = parts.give({"x": np.arange(4)})
    ...     for times in (1, 10):
    ...         parts.add({"content": content, "times": times})
    ...     parts.rows()
    [{'total': 6.0}, {'total': 60.0}]
    """

    def __init__(self, name: str, trial: Trial, where: Where) -> None:
        self.name, self.trial, self.where = name, trial, where
        self._cells: list[dict[str, Any]] = []
        self._rows: list[dict[str, Any]] = []
        self._named: dict[str, Path] = {}
        self._stack = ExitStack()
        self._keeps = False  # nobody removes what is kept, until the block ends
        self._made_above = where.keep is not None and not Path(where.keep).parent.exists()

    def __enter__(self) -> Parts:
        if self.where.dask is not None:
            folder = tempfile.TemporaryDirectory(prefix="spikeproof-")
            self._folder = Path(self._stack.enter_context(folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _HELD.clear()
        self._stack.close()
        if isinstance(error, ValueError) and self.where.keep is not None:
            self._drop_if_empty(Path(self.where.keep))

    def _drop_if_empty(self, keep: Path) -> None:
        """Leave nothing of what was refused before any part was finished: no folder that was not there either."""
        if not keep.is_dir() or keep.is_symlink() or _any_finished(keep):
            return
        if remove_unless_used(keep) and self._made_above:
            with suppress(OSError):  # something else is in it
                keep.parent.rmdir()

    def give(self, arrays: Arrays) -> str:
        """Make arrays known to the parts, and return the name under which `given` finds them."""
        if self.where.dask is None and self.where.keep is None:
            content = "held"  # nobody asks what it was
        else:
            content = _digest(arrays)
        if self.where.dask is None:
            _HELD.clear()
            _HELD[content] = arrays
        elif content not in self._named:
            path = self._folder / f"{content}.npz"
            self._named[content] = write_whole(path, lambda file: np.savez(file, **arrays))
        return content

    def add(self, cell: Mapping[str, Any]) -> None:
        """Add a part; its parameter "content" names the arrays that it needs."""
        if self.where.dask is not None:
            self._cells.append(dict(cell))
        elif self.where.keep is not None:
            self._rows += self._run([dict(cell)])
        else:
            with one_thread():
                self._rows.append(dict(self.trial(cell, {})))

    def rows(self) -> list[dict[str, Any]]:
        """Return the row of each part, in the order in which they were added."""
        if self._cells:
            distinct = {canonical(cell): cell for cell in self._cells}
            found = dict(zip(distinct, self._run(list(distinct.values()))))
            self._rows = [found[canonical(cell)] for cell in self._cells]
        return self._rows

    def _run(self, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
        where = self.where
        if where.keep is not None and not self._keeps:
            require_output_folder(where.keep)
            self._stack.enter_context(at_work(where.keep, where.wait))
            self._keeps = True
        files = FilesToSend(
            {name: (path, [path]) for name, path in self._named.items()}, lambda cell: [cell["content"]]
        )
        table = run(
            Study(self.name, cells, self.trial),
            dask=where.dask,
            files=files,
            store=where.keep,
            wait=where.wait,
            retry_failed=True,
            progress=lambda done, total, failed: where.say(f"{done} of {total} parts"),
        )
        for error in table["error"]:
            if error is not None:
                raise _as_raised(str(error))
        found = table.drop(columns=[*cells[0], "replicate", "error", "key"])
        return [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]


def _as_raised(error: str) -> Exception:
    """The error of a part from its text: a `ValueError` is the input's, what was tried several times the machine's."""
    kind, _, words = error.partition(": ")
    if kind == "ValueError":
        return ValueError(words)
    return OSError(f"a part has no result ({words})") if "(tried " in words else RuntimeError(error)


def folder_of_parts(out: Path, name: str) -> Path:
    """Return the folder below `out` in which an unfinished analysis keeps its parts: those of other sources are not taken.

    Raises
    ------
    ValueError
        if it is a link, which may lead anywhere.
    """
    folder = out / f".{name}-{suite_code()}"
    if folder.is_symlink():
        raise ValueError(f"{folder} must be a folder; it is a link to {os.readlink(folder)}")
    return folder


def drop_parts(out: Path, name: str) -> None:
    """Remove what unfinished analyses have kept below `out`, also those of other sources, but for those still at work."""
    for folder in out.glob(f".{name}-{'[0-9a-f]' * DIGITS}"):
        remove_unless_used(folder)


def given(content: str) -> Arrays:
    """Return the arrays that were given under this name, in a part."""
    return _HELD[content] if content in _HELD else _sent(here(content))


def packed(**arrays: NDArray[Any]) -> str:
    """Return arrays as text for a row.

    >>> unpacked(packed(x=np.arange(3)))["x"].tolist()
    [0, 1, 2]
    """
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return base64.b64encode(file.getvalue()).decode()


def unpacked(text: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of `packed`."""
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


@lru_cache(maxsize=1)
def _sent(path: str) -> Arrays:
    with np.load(path, allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def _any_finished(keep: Path) -> bool:
    try:
        with Store(keep, create=False) as store:
            return any(row[6] is not None for row in store.rows())
    except (ValueError, OSError):  # whoever runs it again is told what is wrong with it
        return True


def _digest(arrays: Arrays) -> str:
    digest = hashlib.sha256()
    for name, value in arrays.items():
        digest.update(f"{name}\0{value.dtype.str}\0{value.shape}\0".encode())
        digest.update(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


HERE = Where()
_HELD: dict[str, Arrays] = {}
