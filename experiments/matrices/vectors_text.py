"""Word vectors in text: each line a name and its numbers, as word2vec, GloVe and fastText write them (.vec, .txt).

The first line of word2vec and fastText declares how many vectors there are and of how many numbers; GloVe has no such line. A
name may hold blanks (GloVe's do), since the numbers are counted from the end of the line.
"""

from __future__ import annotations

from array import array
from itertools import chain, islice
from pathlib import Path

import numpy as np

from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished
from experiments.matrices.reading import BadInput, BadRows, lines, shown

FEWEST = 10  # numbers after a name by which vectors without a first line are told from an edge list


def read_word_vectors(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of a text file; memory is that of the array in float64, and names.

    Raises
    ------
    BadInput
        for a line of another length, what is no number, or another number of vectors than declared.
    """
    bad = BadRows(options.skip_bad_rows)
    rows = lines(path, encoding=options.encoding, bad=bad)
    first = next(rows, None)
    if first is None:
        raise BadInput(path, "lines of a name and its numbers", "none")
    end = options.separator or ("\t" if "\t" in first[1] else " ")
    declared = _declared(first[1])
    fields = first[1].strip(" \t\r" + end).split(end)
    width = declared[1] if declared else _numbers_at_end(fields)
    if width < 1:
        raise BadInput(path, "a name and its numbers", shown(first[1]), line=first[0])
    # a first field with decimals is no name: numpy.savetxt writes such lines
    named = bool(declared) or not _is_number(fields[0]) or fields[0].lstrip("+-").isdigit()
    width += not named
    names: list[str] = []
    numbers = array("d")
    count = 0
    for number, line in rows if declared else chain([first], rows):
        if not line.strip():
            continue
        count += 1
        try:
            name, values = _row(path, number, line if named else end + line.lstrip(), end, width)
        except BadInput as error:
            bad.meet(error)
            continue
        names.append(name)
        numbers.extend(values)
    if declared and declared[0] != count:
        found = f"{count:,}; the file may be cut short" if count < declared[0] else f"{count:,}"
        raise BadInput(path, f"{declared[0]:,} vectors, as the first line says", found)
    vectors = np.frombuffer(numbers, dtype=np.float64).reshape(len(names), width)
    said = "names = the first field of each line" if named else "all fields are numbers: rows have no names"
    return finished(path, vectors, names if named else None, (said, *bad.notes()), options)


def is_word_vectors(path: Path, options: VectorReading) -> bool:
    """Whether the first lines of a .txt file are vectors with names, rather than an edge list or a table.

    They are if the first line declares n and f and the next has a name and f numbers, f at least 3, or if the first line
    has a name that is no number and at least ten numbers.
    """
    try:
        found = [line for _, line in islice(lines(path, encoding=options.encoding), 2)]
    except (BadInput, OSError, LookupError):
        return False
    if len(found) < 2:
        return False
    declared = _declared(found[0])
    if declared:
        return declared[1] >= 3 and _is_row(found[1], declared[1])
    fields = found[0].split()
    return _numbers_at_end(fields) >= FEWEST and not _is_number(fields[0])


def _declared(line: str) -> tuple[int, int] | None:
    fields = line.split()
    if len(fields) == 2 and all(field.isascii() and field.isdigit() and len(field) < 12 for field in fields):
        return int(fields[0]), int(fields[1])
    return None


def _numbers_at_end(fields: list[str]) -> int:
    """How many fields after the first are numbers, counted from the end."""
    others = (k for k, field in enumerate(reversed(fields[1:])) if not _is_number(field))
    return next(others, len(fields) - 1)


def _row(path: Path, number: int, line: str, end: str, width: int) -> tuple[str, list[float]]:
    fields = line.rstrip(" \t\r" + end).rsplit(end, width)
    if len(fields) != width + 1:
        expected = f"a name and {width} numbers"
        raise BadInput(path, expected, f"{len(fields) - 1} of them: {shown(line)}", line=number)
    try:
        values = list(map(float, fields[1:]))
    except ValueError:
        values = []
    if not values or "_" in "".join(fields[1:]):
        place = next(k for k, field in enumerate(fields) if k and not _is_number(field))
        raise BadInput(path, "a number", shown(fields[place]), line=number, column=place + 1)
    return fields[0], values


def _is_row(line: str, width: int) -> bool:
    fields = line.rstrip().rsplit(None, width)
    return len(fields) == width + 1 and all(map(_is_number, fields[1:]))


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf") and "_" not in text
    except ValueError:
        return False
