"""What may a trial return? A dict of named scalars that every table can hold: JSON, CSV and Parquet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

RESERVED = ("study", "replicate", "error", "key")
MOST_BITS = 2000  # about 600 digits: Python makes text of no more than 640 where it is asked to be strict


def checked_row(row: Any, cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with numpy's scalars as Python's.

    Raises
    ------
    TypeError, ValueError
        for what is no dict, a column that repeats a parameter or another column, and a value that is no finite scalar, no text
        that UTF-8 can hold, or an integer of more than 600 digits.

    Examples
    --------
    >>> checked_row({"x": np.float64(0.5)}, {"n": 3})
    {'x': 0.5}
    """
    if not isinstance(row, dict):
        raise TypeError(f"a trial must return a dict of scalars; got {type(row).__name__}")
    clean: dict[str, Any] = {}
    for given, value in row.items():
        name = str(given)
        if name in cell or name in RESERVED:
            raise ValueError(
                f"a trial's column must not repeat a parameter or one of {RESERVED}; got {name!r}"
            )
        if name in clean:
            raise ValueError(f"a trial's columns must have different names; two are called {name!r}")
        _require_text(name, "the name of a column")
        clean[name] = _scalar(name, value)
    return clean


def _scalar(name: str, value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, str | int | float | bool | type(None)):
        raise TypeError(f"column {name!r} must be a scalar; got {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"column {name!r} must be finite; got {value}. Return None where there is no value")
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise ValueError(
            f"column {name!r} must be an integer of at most 600 digits; got {value.bit_length()} bits"
        )
    if isinstance(value, str):
        _require_text(value, f"column {name!r}")
    return value


def _require_text(text: str, what: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{what} must be text that UTF-8 can hold; got {text[:60]!a}") from None
