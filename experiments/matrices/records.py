"""Which fields does each row of a delimited file have? Lines are split at the separator; quotation marks may hold it.

A quoted field may go on over several lines, which ends where its quotation mark does. A mark that never closes, or whose
field would swallow whole rows, is a lone mark: its line alone is bad, and the lines after it are rows again. Blanks around a
field are no part of it. With a blank as the separator, any number of blanks and tabs separates.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from experiments.matrices.reading import BadInput, BadRows, lines, shown

MOST_LINES = 200  # of one quoted field
csv.field_size_limit(1 << 27)


class Record(NamedTuple):
    """`line` where a row begins (from 1), its `fields` without blanks around them, and its `text`."""

    line: int
    fields: list[str]
    text: str


class _Open(ValueError):
    """A quotation mark is not closed."""


def records(path: Path, encoding: str, separator: str, bad: BadRows) -> Iterator[Record]:
    """Yield the rows of a file that are not blank; rows that cannot be split are errors, or skipped and counted.

    Raises
    ------
    BadInput
        for a lone quotation mark, or text behind a closed one, unless `bad` skips rows.
    """
    source = lines(path, encoding=encoding, bad=bad)
    waiting: deque[tuple[int, str]] = deque()
    width = 0
    while True:
        number, text = waiting.popleft() if waiting else next(source, (0, ""))
        if not number:
            return
        if not text.strip():
            continue
        try:
            record = Record(number, fields_of(text, separator), text)
        except _Open:
            ahead = list(chain(waiting, _some(source, MOST_LINES - len(waiting))))
            found, used = _over_lines(number, text, ahead, separator, width)
            waiting = deque(ahead[used:])
            if found is None:
                expected = "quotation marks in pairs (a mark inside a quoted field is doubled)"
                bad.meet(BadInput(path, expected, shown(text), line=number))
                continue
            record = found
        except csv.Error as error:
            bad.meet(BadInput(path, "quoted or plain fields", f"{shown(text)} ({error})", line=number))
            continue
        width = width or len(record.fields)
        yield record


def fields_of(text: str, separator: str) -> list[str]:
    """Return the fields of a line.

    >>> fields_of('1, "Hello, World" ', ",")
    ['1', 'Hello, World']
    """
    if separator == " ":
        text = text.strip(" \t")
    if '"' not in text or len(separator) > 1:
        parts = re.split("[ \t]+", text) if separator == " " else text.split(separator)
        return [part.strip() for part in parts]
    if separator != " ":
        # a blank after a closed quotation mark is none of the field's
        text = text.rstrip()
    try:
        row = next(csv.reader([text], delimiter=separator, strict=True, skipinitialspace=separator != " "))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise _Open from None
        raise
    return [part.strip() for part in row]


def _some(source: Iterator[tuple[int, str]], most: int) -> Iterator[tuple[int, str]]:
    for _ in range(most):
        found = next(source, None)
        if found is None:
            return
        yield found


def _over_lines(
    number: int, text: str, ahead: list[tuple[int, str]], separator: str, width: int
) -> tuple[Record | None, int]:
    """Return the row whose quoted field goes on over the lines ahead, and how many of them it takes; None for a lone mark."""
    for used, (_, more) in enumerate(ahead, start=1):
        text += "\n" + more
        if '"' not in more:
            # a line with as many fields as a row is one
            if width and len(fields_of(more, separator)) == width:
                break
            continue
        try:
            return Record(number, fields_of(text, separator), text), used
        except _Open:
            continue
        except csv.Error:
            break
    return None, 0
