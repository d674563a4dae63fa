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
