"""Options of reading as the single values that a cell can hold: JSON text, and back."""

from __future__ import annotations

import json
from typing import Any


def options_of(text: str) -> dict[str, Any]:
    """Return the options of reading from a cell; JSON knows no tuples.

    >>> options_of('{"columns":["user","song"]}')
    {'columns': ('user', 'song')}
    """
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(text).items()
    }
