"""How does text from data go into a CSV that people open in a spreadsheet? So that no cell is taken for a formula.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end. Such a text gets an apostrophe before it, and
so does a text that begins with an apostrophe: a cell's first apostrophe is never part of the text, which can be told again.
Numbers, which may begin with a sign, are written as they are. Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

# full-width signs are taken for formulas by spreadsheets of some languages
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]")
PART = 1 << 18  # rows of which the text is held at a time
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")


def cell_of_text(text: str) -> str:
    """Return `text` as a cell that no spreadsheet runs.

    >>> [cell_of_text(text) for text in ("=1+1", "-2.5", "-cmd", "a=b", "'tis")]
    ["'=1+1", '-2.5', "'-cmd", 'a=b', "''tis"]
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def text_of_cell(cell: str) -> str:
    """Return the text of a cell that `cell_of_text` made.

    >>> [text_of_cell(cell_of_text(text)) for text in ("=1+1", "-2.5", "'tis", "a")]
    ['=1+1', '-2.5', "'tis", 'a']
    """
    return cell.removeprefix("'")


def csv_of(table: pd.DataFrame) -> str:
    """Return `table` as CSV in which no cell is a formula; a lone carriage return in a text is read back as one.

    >>> csv_of(pd.DataFrame({"item": ["=x"], "norm": [-1.0]}))
    "item,norm\\n'=x,-1.0\\n"
    """
    return "".join(csv_in_parts(table))


def csv_in_parts(table: pd.DataFrame) -> Iterator[str]:
    """Yield what `csv_of` returns in parts, so that the text of a long table is never held whole.

    >>> "".join(csv_in_parts(pd.DataFrame({"item": ["=x"], "norm": [-1.0]})))
    "item,norm\\n'=x,-1.0\\n"
    """
    safe = as_cells(table)
    texts = [
        name for place, name in enumerate(safe) if not pd.api.types.is_numeric_dtype(safe.dtypes.iloc[place])
    ]
    # pandas puts no quotes around a text with a carriage return, which readers take for the end of a row
    split = any("\r" in str(name) for name in safe) or any(
        isinstance(value, str) and "\r" in value for name in texts for value in safe[name]
    )
    quoting = csv.QUOTE_NONNUMERIC if split else csv.QUOTE_MINIMAL
    for start in range(0, max(len(safe), 1), PART):
        yield str(safe.iloc[start : start + PART].to_csv(index=False, header=not start, quoting=quoting))


def as_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with every text in it, names of columns included, as a cell that no spreadsheet runs."""
    safe = table.rename(columns=_safe)
    for place, kind in enumerate(table.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            safe.isetitem(place, table.iloc[:, place].map(_safe))
    return safe


def _safe(value: Any) -> Any:
    return cell_of_text(value) if isinstance(value, str) else value
