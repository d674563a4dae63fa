"""Pairs in CSV, TSV or any other separator, quoted fields too; one pair per row: context, item, perhaps a time.

The first row names the columns unless told otherwise. A large file is read by columns where its dialect
allows, else row by row; only the pairs and one copy of each name are kept. Identifiers are names: any text,
of any size.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import PairCollector
from experiments.matrices.columns import (
    NotByColumns,
    by_columns,
    columns_of,
    names_and_codes,
    numbers_in,
    one_character,
    require_plain_quotes,
    text_blocks,
)
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, lines, shown
from experiments.matrices.real_matrix import RealMatrix
from simulate.validation import did_you_mean

SEPARATORS = (",", "\t", ";", "|", " ")
SECONDS_ABOVE = 1e8  # as days since 1970 no date of ours is so late: such numbers are Unix seconds
csv.field_size_limit(1 << 27)


def read_delimited(path: Path, options: Reading, separator: str = ",") -> RealMatrix:
    """Return the interactions of a delimited file.

    Raises
    ------
    BadInput
        for an unknown column, a wrong separator, a missing or unexpected header, a row that is too short, an
        empty field, a time that is no number, or text in another encoding; rows can be skipped, the header
        cannot.
    """
    separator = options.separator or separator
    if len(separator) != 1:
        raise ValueError(f"separator must be one character; got {separator!r}")
    bad = BadRows(options.skip_bad_rows)
    rows = _rows(path, options, separator, bad)
    number, first = next(rows, (0, []))
    if not number:
        raise BadInput(path, "rows of pairs", "none")
    wanted = _positions(path, number, first, options, separator)
    collector = by_columns(lambda: _by_columns(path, options, separator, len(first), wanted))
    if collector is None:
        collector = PairCollector()
        for line, row in rows if options.header else chain([(number, first)], rows):
            try:
                collector.add(*_pair(path, line, row, wanted, separator))
            except BadInput as error:
                bad.meet(error)
    notes = bad.notes()
    if options.header and first[wanted[0]] in collector.contexts and first[wanted[1]] in collector.items:
        notes += (
            f"line {number} was taken as the header, but its names occur below it too; if it is a pair, say so (--no-header)",
        )
    return collector.finish(path.name, notes=notes)


def _by_columns(path: Path, options: Reading, separator: str, width: int, wanted: list[int]) -> PairCollector:
    collector, end = PairCollector(), one_character(separator)
    header = options.header
    for block in text_blocks(path, options.encoding):
        require_plain_quotes(block, end)
        columns = columns_of(block, width, wanted, end, quote=True)
        if header and len(columns[0]):
            columns, header = [column.slice(1) for column in columns], False
        (contexts, _), (items, _) = sides = [names_and_codes(column) for column in columns[:2]]
        if not all(name.strip() for names in (contexts, items) for name in names):
            raise NotByColumns
        collector.add_columns(sides[0], sides[1], *map(_days_of, columns[2:]))
    return collector


def _days_of(column: Any) -> NDArray[np.float64]:
    numbers = numbers_in(column)
    if numbers is not None:
        return np.where(np.abs(numbers) < SECONDS_ABOVE, numbers, numbers / 86_400)
    texts, codes = names_and_codes(column)
    days = [_days(text) for text in texts]
    if None in days:
        raise NotByColumns
    return np.array(days, dtype=np.float64)[codes]


def _rows(path: Path, options: Reading, separator: str, bad: BadRows) -> Iterator[tuple[int, list[str]]]:
    line = 0

    def text() -> Iterator[str]:
        nonlocal line
        for number, row in lines(path, encoding=options.encoding, bad=bad):
            line = number
            yield row + "\n"

    reader = csv.reader(text(), delimiter=separator, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.meet(BadInput(path, "rows of quoted or plain fields", str(error), line=line))
            continue
        if row:
            yield line, row


def _positions(path: Path, line: int, row: list[str], options: Reading, separator: str) -> list[int]:
    if len(row) < 2:
        better = max(SEPARATORS, key=row[0].count)
        hint = f"; the separator may be {better!r} (--separator)" if row[0].count(better) else ""
        found = f"{len(row)}: {shown(row[0])}{hint}"
        raise BadInput(path, f"at least 2 columns between {separator!r}", found, line=line, column=1)
    if options.header and all(_is_number(name) for name in row):
        found = f"numbers: {shown(separator.join(row))}; if there is no header, say so (--no-header)"
        raise BadInput(path, "a header that names the columns", found, line=line, column=1)
    if options.columns is None:
        return [0, 1]
    if len(options.columns) not in (2, 3):
        raise ValueError(f"columns must name context, item and perhaps time; got {options.columns}")
    positions = []
    for name in options.columns:
        if options.header and name in row:
            positions.append(row.index(name))
        elif name.isdigit() and 1 <= int(name) <= len(row):
            positions.append(int(name) - 1)
        else:
            known = row if options.header else [str(k + 1) for k in range(len(row))]
            expected = f"a column {name!r}{did_you_mean(name, known)}"
            raise BadInput(path, expected, f"columns {', '.join(map(shown, known[:20]))}", line=line)
    return positions


def _pair(
    path: Path, line: int, row: list[str], wanted: list[int], separator: str
) -> tuple[str, str, float | None]:
    if len(row) <= max(wanted):
        expected = f"at least {max(wanted) + 1} fields between {separator!r}"
        raise BadInput(
            path, expected, f"{len(row)}: {shown(separator.join(row))}", line=line, column=len(row)
        )
    context, item = row[wanted[0]], row[wanted[1]]
    for what, value, position in (("context", context, wanted[0]), ("item", item, wanted[1])):
        if not value.strip():
            raise BadInput(path, f"a name of the {what}", shown(value), line=line, column=position + 1)
    if len(wanted) < 3:
        return context, item, None
    time = _days(row[wanted[2]])
    if time is None:
        expected = "a time: days since 1970, Unix seconds, or a date such as 2024-05-31"
        raise BadInput(path, expected, shown(row[wanted[2]]), line=line, column=wanted[2] + 1)
    return context, item, time


def _days(text: str) -> float | None:
    """Days since 1970-01-01 of a number of them, of Unix seconds, or of an ISO date."""
    if _is_number(text):
        return float(text) if abs(float(text)) < SECONDS_ABOVE else float(text) / 86_400
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / 86_400


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
