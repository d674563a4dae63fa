"""Atomic file writes: a reader finds the old file or the new one, never a part, even if a run is killed or two write at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

UNFINISHED = ".unfinished"


def write_whole(path: str | os.PathLike[str], content: str | bytes | Callable[[IO[bytes]], object]) -> Path:
    """Write text (UTF-8), bytes, or what `content(file)` writes, and return the path.

    A draft is written beside `path`, under a name that holds this process's number, and replaces `path` once it is complete.

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
    draft = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with draft.open("wb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content.encode() if isinstance(content, str) else content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
