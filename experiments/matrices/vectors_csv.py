"""Vectors in CSV or TSV: a row per item, a column of names and columns of numbers.

The header and the first row tell the columns. The numbers are those of the text, to the last bit.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished
from experiments.matrices.reading import BadInput, BadRows, lines, shown
from experiments.matrices.vector_columns import Column, chosen_columns, holds_vectors

Row = tuple[int, list[str]]


def read_vector_table(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of a CSV or TSV; memory is that of the array in float64, and names.

    Raises
    ------
    BadInput
        for columns that cannot be told or are not there, a row of another length, and what is no number.
    """
    bad = BadRows(options.skip_bad_rows)
    columns, rows = _columns(path, options, _rows(path, options, bad))
    chosen = chosen_columns(path, columns, options)
    is_list = columns[chosen.vectors[0]].kind == "list"
    width = 0 if is_list else len(chosen.vectors)
    names: list[str] = []
    numbers = array("d")
    for line, row in rows:
        try:
            if len(row) != len(columns):
                raise BadInput(path, f"{len(columns)} fields", f"{len(row)}", line=line)
            if is_list:
                found = _listed(path, line, row[chosen.vectors[0]], chosen.vectors[0], width)
            else:
                found = _numbers(path, line, row, chosen.vectors)
        except BadInput as error:
            bad.meet(error)
            continue
        width = width or len(found)
        numbers.extend(found)
        names.append("" if chosen.names is None else row[chosen.names])
    vectors = np.frombuffer(numbers, dtype=np.float64).reshape(len(names), width)
    known = None if chosen.names is None else names
    return finished(path, vectors, known, (chosen.note, *bad.notes()), options)


def text_columns_of_csv(path: Path, options: VectorReading) -> dict[str, list[str]]:
    """Return the columns of a table with a header, by name, as text.

    Raises
    ------
    BadInput
        for a row of another length than the header, or two columns of one name.
    """
    bad = BadRows(options.skip_bad_rows)
    columns, rows = _columns(path, options, _rows(path, options, bad))
    found: list[list[str]] = [[] for _ in columns]
    for line, row in rows:
        if len(row) != len(columns):
            bad.meet(BadInput(path, f"{len(columns)} fields", f"{len(row)}", line=line))
            continue
        for values, field in zip(found, row):
            values.append(field.strip())
    return {column.name: values for column, values in zip(columns, found)}


def is_vector_table(path: Path, options: VectorReading) -> bool:
    """Whether the header and the first row of a table tell that it holds vectors."""
    if not options.header:
        return False
    try:
        return holds_vectors(columns_of_table(path, options))
    except (BadInput, OSError, LookupError):
        return False


def columns_of_table(path: Path, options: VectorReading) -> list[Column]:
    """Return the columns of a table, as the header and the first row tell them.

    Raises
    ------
    BadInput
        for what is no table with a row.
    """
    return _columns(path, options, _rows(path, options, BadRows()))[0]


def _columns(path: Path, options: VectorReading, rows: Iterator[Row]) -> tuple[list[Column], Iterator[Row]]:
    """The columns by the header and the first row, and the rows below the header."""
    header = next(rows, None) if options.header else None
    first = next(rows, None)
    if first is None or len(first[1]) < 2:
        found = (
            "none"
            if first is None
            else f"{len(first[1])} column(s) between {_separator(path, options)!r}: {shown(first[1])}"
        )
        raise BadInput(path, "rows of a name and its numbers", found)
    names = header[1] if header else [str(k + 1) for k in range(len(first[1]))]
    if header and all(map(_is_number, names)) and not _counts(names):
        found = f"numbers: {shown(','.join(names))}; if there is no header, say so (--no-header)"
        raise BadInput(path, "a header that names the columns", found, line=header[0])
    if len(first[1]) == len(names) + 1:
        names = ["", *names]  # R names no column for the names of rows
    if len(set(names)) < len(names):
        twice = next(name for k, name in enumerate(names) if name in names[:k])
        raise BadInput(path, "columns of different names", f"{shown(twice)} twice", line=1)
    kinds = [_kind(field) for field in first[1]] + ["text"] * (len(names) - len(first[1]))
    return [Column(name, kind) for name, kind in zip(names, kinds)], chain([first], rows)


def _rows(path: Path, options: VectorReading, bad: BadRows) -> Iterator[Row]:
    line = 0

    def text() -> Iterator[str]:
        nonlocal line
        for number, row in lines(path, encoding=options.encoding, bad=bad):
            line = number
            yield row + "\n"

    reader = csv.reader(text(), delimiter=_separator(path, options), strict=True, skipinitialspace=True)
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


def _separator(path: Path, options: VectorReading) -> str:
    """The separator that is given, or that the name and the first line of the file tell."""
    if options.separator is not None:
        given = {"\\t": "\t", "tab": "\t", "space": " "}.get(options.separator, options.separator)
        if len(given) != 1 or given in '\r\n"':
            raise BadInput(path, "a separator of one character (or tab, space)", shown(given))
        return given
    usual = "\t" if path.name.lower().removesuffix(".gz").endswith((".tsv", ".tab")) else ","
    first = "".join(line for _, line in islice(lines(path, encoding=options.encoding), 1))
    others = [mark for mark in (";", "\t", "|", ",") if first.count(mark)]
    return usual if usual in first or len(others) != 1 else others[0]


def _numbers(path: Path, line: int, row: list[str], places: tuple[int, ...]) -> list[float]:
    try:
        found = [float(row[place]) for place in places]
    except ValueError:
        found = []
    if not found or any("_" in row[place] for place in places):
        place = next(place for place in places if not _is_number(row[place]))
        raise BadInput(path, "a number", shown(row[place]), line=line, column=place + 1)
    return found


def _listed(path: Path, line: int, field: str, place: int, width: int) -> list[float]:
    """The numbers of a list in one field, as pandas and JSON write it; `width` of them, or any number where that is 0."""
    parts = field.strip()[1:-1].replace(",", " ").split()
    if not parts or not all(map(_is_number, parts)) or (width and len(parts) != width):
        expected = f"a list of {width or 'some'} numbers"
        raise BadInput(path, expected, shown(field), line=line, column=place + 1)
    return list(map(float, parts))


def _counts(names: list[str]) -> bool:
    """Whether names are 0, 1, 2, ... or 1, 2, 3, ..., as pandas and R number columns."""
    return all(name.isdigit() for name in names) and [int(name) for name in names] in (
        list(range(len(names))),
        list(range(1, len(names) + 1)),
    )


def _kind(field: str) -> str:
    inner = field.strip()
    if inner.startswith("[") and inner.endswith("]"):
        parts = inner[1:-1].replace(",", " ").split()
        return "list" if parts and all(map(_is_number, parts)) else "text"
    if not _is_number(field):
        return "text"
    return "integer" if field.strip().lstrip("-+").isdigit() else "number"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
