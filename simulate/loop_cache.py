"""Where are compiled loops kept between runs? In the user's own folder, one for each version of a loop's sources, or nowhere.

numba's cache holds pickles, which are programs: whoever can write there decides what runs. So the folder must belong to the
user, mode 0700, below folders that nobody else can change; where there is no such place, loops are compiled in every run. numba
itself looks whether the file of a loop has changed, but not whether a loop that it calls has, so the folder's name holds a hash
of both.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

NAME = "spikeproof"


def cache_root() -> Path | None:
    """Return the user's folder for caches of this project, made where it is missing; None where none is safe or can be made.

    It is `spikeproof` in the folder that XDG_CACHE_HOME names by an absolute path, otherwise in `.cache` of the home folder.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(named if os.path.isabs(named) else os.path.expanduser("~/.cache"))
    if not base.is_absolute():
        return None  # no home is known
    folder = base / NAME
    try:
        base.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder if is_private(folder) else None
    except OSError:
        return None


def is_private(folder: Path) -> bool:
    """Tell whether `folder` is the user's own, closed to all others, and below folders that nobody else can change.

    A folder above may be sticky, as `/tmp` is, and may be writable for the user's own primary group.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:  # mode 0700
    ...     folder = Path(name)
    ...     closed = is_private(folder)
    ...     folder.chmod(0o755)
    ...     closed, is_private(folder)
    (True, False)
    """
    own = folder.lstat()
    if not stat.S_ISDIR(own.st_mode) or own.st_uid != os.geteuid() or stat.S_IMODE(own.st_mode) & 0o077:
        return False
    return all(_is_safe_above(above.stat()) for above in folder.resolve().parents)


def _is_safe_above(found: os.stat_result) -> bool:
    if found.st_uid not in (0, os.geteuid()):
        return False
    others = found.st_mode & stat.S_IWOTH
    group = found.st_mode & stat.S_IWGRP and found.st_gid not in (0, os.getegid())
    return bool(found.st_mode & stat.S_ISVTX) or not (others or group)


def folder_for(sources: str, named: str = "") -> Path | None:
    """Return the folder for the loop with this hash of its sources: in `named` (numba's own setting), or in `cache_root()`."""
    root = Path(named) if named else cache_root()
    return None if root is None else root / f"loops-{sources}"


def hash_of_sources(function: Callable[..., Any], called: Iterable[str] = ()) -> str:
    """Return a hash of what numba compiles: the file of `function`, the constants it names, the hashes of the loops it calls.

    >>> hash_of_sources(is_private) == hash_of_sources(is_private) != hash_of_sources(is_private, ["another loop"])
    True
    """
    known = hashlib.sha256(Path(function.__code__.co_filename).read_bytes())
    for name in sorted(function.__code__.co_names):
        value = function.__globals__.get(name)
        if isinstance(value, bool | int | float | complex | str | bytes | tuple):
            known.update(f"{name}={value!r};".encode())
    for other in called:
        known.update(other.encode())
    return known.hexdigest()[:16]
