"""Files that are there whole or not at all, also where two runs write them at once or one is killed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

UNFINISHED = ".unfinished"


def write_whole(path: str | os.PathLike[str], content: str | bytes | Callable[[IO[bytes]], object]) -> Path:
    """Write text (UTF-8), bytes, or what `content(file)` writes, and return the path.

    It is written beside `path` under a name of this process, which takes the place of `path` once it is complete.

    Raises
    ------
    OSError
        if it cannot be written; `path` is what it was.

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
