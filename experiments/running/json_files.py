"""How is a JSON file of a results folder read? Within bounds, since the folder may come from somebody else.

A regular file of at most `LONGEST_JSON` bytes, which must hold one object; a pipe that stands under its name is not waited for.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

LONGEST_JSON = 1 << 26


def read_object(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Raises
    ------
    ValueError
        for what is no regular file, is too long, nested too deeply, no JSON, or no object; it says what was found.
    OSError
        if there is no such file, or it cannot be read.

    Examples
    --------
    >>> read_object("/dev/null")
    Traceback (most recent call last):
    ...
    ValueError: it is no regular file
    """
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("it is no regular file")
    if found.st_size > LONGEST_JSON:
        raise ValueError(f"it has {found.st_size:,} bytes, more than {LONGEST_JSON:,}")
    try:
        read = json.loads(Path(path).read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None
    except ValueError:
        raise ValueError("it is no JSON") from None
    if not isinstance(read, dict):
        raise ValueError("it holds no JSON object")
    return read


def misfit(value: Any, shape: Any, name: str) -> str:
    """Return where `value` is not of `shape`, in words; empty where it is.

    A shape is a type, a dict of shapes by key, or a list of one shape for all entries.

    >>> misfit({"seed": "1"}, {"seed": int}, ""), misfit({"seed": 1}, {"seed": int}, "")
    ("'seed' is '1'", '')
    """
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{name!r} is {short(value)}"
        missing = next((key for key in shape if key not in value), None)
        if missing:
            return f"{missing!r} is missing"
        return next((found for key in shape if (found := misfit(value[key], shape[key], key))), "")
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{name!r} is {short(value)}"
        return next((found for one in value if (found := misfit(one, shape[0], name))), "")
    fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
    return "" if fits else f"{name!r} is {short(value)}"


def short(value: Any) -> str:
    """Return a value from outside as the beginning of its Python text.

    >>> len(short("x" * 1000))
    60
    """
    return repr(value)[:60]
