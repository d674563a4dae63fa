"""How is a file written? Whole or not at all, through no link, over nothing that is not ours, under a name that no data chose.

A reader finds the old file or the new one, never a part, even if a run is killed or two write at once. The new content is
written beside its place as a draft with a random name, which must not exist yet, and then takes the place; a link that lies
there is replaced, not followed. The mode of a file that is replaced is kept.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from experiments.running.folder_locks import alone
from experiments.running.output_places import taken
from experiments.running.waiting import WAIT_SECONDS

UNFINISHED = ".unfinished"
Content = str | bytes | Callable[[IO[bytes]], object]
_EXCLUSIVE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_whole(path: str | os.PathLike[str], content: Content) -> Path:
    """Write text (UTF-8), bytes, or what `content(file)` writes, and return the path.

    Raises
    ------
    OSError
        if it cannot be written; `path` then keeps its old content.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_whole(Path(folder) / "a.txt", "whole")
    ...     [(file.name, file.read_text()) for file in Path(folder).iterdir()]
    [('a.txt', 'whole')]
    """
    path = Path(path)
    with _draft(path, content) as draft:
        draft.take_place()
    return path


def write_together(
    files: Mapping[Path, Content], *, wait: float = WAIT_SECONDS, kept: bool = False
) -> list[Path]:
    """Write files of one folder that belong together, and return their paths: of two commands at once, all are of the later one.

    Parameters
    ----------
    wait, kept
        as `seconds` and `kept` of `folder_locks.alone`.

    Raises
    ------
    OSError
        if one cannot be written, or another command writes there for longer than `wait`; all then keep their old content, unless
        a disk fails while they take their places.
    """
    with _drafts(files) as drafts, alone(drafts[0].path.parent, wait, kept=kept):
        for draft in drafts:
            draft.take_place()
    return list(files)


def write_new(files: Mapping[Path, Content], *, overwrite: bool = False) -> list[Path]:
    """Write all of `files` and return their paths, or none of them where one would replace a file with other content.

    A file that holds the very same bytes already is left as it is, so that a command can be repeated. With `overwrite` files
    are replaced. Of two commands at once, the second finds what the first has written.

    Raises
    ------
    ValueError
        if a path exists and is no file with the same content.
    OSError
        if one cannot be written.
    """
    if not files:
        return []
    with _drafts(files) as drafts, alone(drafts[0].path.parent, kept=False):
        other = [draft for draft in drafts if not _is_same(draft.path, draft.place)]
        for draft in other:
            if os.path.lexists(draft.path) and not overwrite:
                raise ValueError(taken(draft.path))
        for draft in other:
            draft.take_place()
    return list(files)


def file_name(text: str, ending: str = "") -> str:
    """Return a name for a file about `text`, which comes from data: ASCII letters, digits, `-` and `_`, at most 60 characters.

    >>> file_name("x/../../victim logo", ".svg")
    'x-victim-logo.svg'
    """
    return (re.sub("[^A-Za-z0-9_]+", "-", text)[:60].strip("-") or "unnamed") + ending


def claim_file(name: str, ending: str) -> str:
    """Return a name for a file about the claim of that id, which no other claim's file has.

    >>> claim_file("B3", "1.svg"), claim_file("gap>2", "1.svg")
    ('B3-1.svg', 'gap-2-37cceb-1.svg')
    """
    plain = file_name(name)
    if plain != name:
        plain = f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return f"{plain}-{ending}"


def is_draft(name: str) -> bool:
    """Tell whether a file of this name is a draft, which a run that was killed may have left.

    >>> is_draft(".0123456789abcdef.unfinished"), is_draft("thesis.unfinished")
    (True, False)
    """
    return re.fullmatch(rf"\.[0-9a-f]{{16}}{re.escape(UNFINISHED)}", name) is not None


class Draft:
    """A new file beside `path`, open as `file`, which then takes the place of `path` or is dropped.

    Raises
    ------
    OSError
        if it cannot be made; it names the `path` that was asked for.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = path.with_name(f".{secrets.token_hex(8)}{UNFINISHED}")
        self.file = os.fdopen(_opened(self.place, path), "w+b")
        if (mode := _mode(path)) is not None:
            os.fchmod(self.file.fileno(), mode)

    def take_place(self) -> None:
        """Let the draft be the file at `path`. Raises `OSError`, which names the `path`."""
        self.file.close()
        try:
            self.place.replace(self.path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from None

    def drop(self) -> None:
        """Remove what is left of the draft."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self.place.unlink()


@contextmanager
def _draft(path: Path, content: Content) -> Iterator[Draft]:
    """Write `content` to a new file beside `path`; whatever is left of it afterwards is removed."""
    draft = Draft(path)
    try:
        if callable(content):
            content(draft.file)
        else:
            draft.file.write(content.encode() if isinstance(content, str) else content)
        draft.file.close()
        yield draft
    finally:
        draft.drop()


@contextmanager
def _drafts(files: Mapping[Path, Content]) -> Iterator[list[Draft]]:
    """Write a draft of each file."""
    with ExitStack() as stack:
        yield [stack.enter_context(_draft(path, content)) for path, content in files.items()]


def _opened(draft: Path, path: Path) -> int:
    """Open a new file; an error names the `path` that was asked for."""
    try:
        return os.open(draft, _EXCLUSIVE, 0o666)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _mode(path: Path) -> int | None:
    """Return the permissions of the file at `path`, None where there is none that they could be kept of."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return stat.S_IMODE(found.st_mode) & 0o777 if stat.S_ISREG(found.st_mode) else None


def _is_same(path: Path, draft: Path) -> bool:
    if not (path.is_file() and not path.is_symlink() and path.stat().st_size == draft.stat().st_size):
        return False
    with path.open("rb") as one, draft.open("rb") as other:
        return all(block == other.read(len(block)) for block in iter(lambda: one.read(1 << 20), b""))
