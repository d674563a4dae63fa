"""Matrix Market coordinate files (NIST): header, comments, "rows columns entries", then one entry per line.

A square symmetric matrix is a graph, any other one holds interactions. A file that says `symmetric` may list one half or both:
an edge in both has the mean of its two values. `pattern` has no values, so that an entry listed again is still one. SciPy reads
the entries where each is written plainly on a line; others, and a file that is broken, are read line by line, which says where
the error is.
"""

from __future__ import annotations

import io
import math
import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import NDArray

from experiments.matrices.formats import Reading
from experiments.matrices.limits import require_not_too_sparse
from experiments.matrices.matrix_entries import matrix_of_entries
from experiments.matrices.reading import BadInput, BadRows, integer, line_blocks, lines, shown
from experiments.matrices.real_matrix import RealMatrix

FIELDS = ("real", "integer", "pattern")
LARGEST = 2**31 - 1
PLACE = rb"[0-9]{1,19}+[ \t]++[0-9]{1,19}+"
VALUES = {  # what may follow a place; SciPy would pass over anything behind it
    "real": rb"[ \t]++[0-9]++(?:\.[0-9]*+)?+(?:[eE][+-]?+[0-9]++)?+",
    "integer": rb"[ \t]++[0-9]++",
    "pattern": rb"",
}
SHORTEST = 4  # bytes of an entry, "1 1" and the end of its line

Entries = tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]  # rows and columns from 0, values


def read_matrix_market(path: Path, options: Reading) -> RealMatrix:
    """Return the graph or interactions of a `.mtx` file, plain or gzipped.

    Raises
    ------
    BadInput
        for another header, an index outside the declared shape, a value that is negative or not finite, or a
        number of entries other than the declared one.
    """
    bad = BadRows(options.skip_bad_rows)
    numbered = lines(path)
    field, symmetry = _header(path, *next(numbered))
    shape = None
    for line, text in numbered:
        if text.strip() and not text.startswith("%"):
            shape = _shape(path, line, text.split())
            break
    if shape is None:
        raise BadInput(path, "a line with rows, columns and entries", "the end of the file")
    rows, columns, values = _by_scipy(path, line, field, shape) or _by_lines(
        path, numbered, field, shape, bad
    )
    return matrix_of_entries(
        path,
        path.name,
        (rows, columns),
        None if field == "pattern" else values,
        shape[:2],
        half=symmetry == "symmetric",
        kind=options.kind,
        notes=bad.notes(),
    )


def _by_scipy(path: Path, line: int, field: str, shape: tuple[int, int, int]) -> Entries | None:
    """Return the entries below `line`, or None where SciPy may take them for something else than they are."""
    whole = re.compile(rb"(?:" + PLACE + VALUES[field] + rb"\n)*+")
    # symmetric files too are read as they are listed
    text = io.BytesIO()
    text.write(
        f"%%MatrixMarket matrix coordinate {field} general\n{shape[0]} {shape[1]} {shape[2]}\n".encode()
    )
    above = line
    try:
        for block in line_blocks(path):
            while above and block:
                block, above = block.partition(b"\n")[2], above - 1
            block += b"\n" * (not block.endswith(b"\n") and bool(block))
            if not whole.fullmatch(block):
                return None
            text.write(block)
        # SciPy takes memory for as many entries as are declared
        if shape[2] * SHORTEST > text.tell():
            return None
        text.seek(0)
        read = scipy.io.mmread(text, spmatrix=False)
    except (ValueError, OverflowError):  # of SciPy, or a damaged gzip file
        return None
    values = read.data.astype(np.float64)
    return (*read.coords, values) if np.isfinite(values).all() else None


def _by_lines(
    path: Path, numbered: Iterator[tuple[int, str]], field: str, shape: tuple[int, int, int], bad: BadRows
) -> Entries:
    rows, columns, values = array("q"), array("q"), array("d")
    seen = 0
    for line, text in numbered:
        if not text.strip() or text.startswith("%"):
            continue
        seen += 1
        try:
            row, column, value = _entry(path, line, text.split(), field, shape)
        except BadInput as error:
            bad.meet(error)
            continue
        rows.append(row)
        columns.append(column)
        values.append(value)
    if seen != shape[2]:
        raise BadInput(path, f"{shape[2]:,} entries, as declared", f"{seen:,}; the file may be cut short")
    return np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32), np.array(values)


def _header(path: Path, line: int, text: str) -> tuple[str, str]:
    words = text.lower().split()
    if words[:3] != ["%%matrixmarket", "matrix", "coordinate"] or len(words) != 5 or words[3] not in FIELDS:
        expected = f"%%MatrixMarket matrix coordinate {'|'.join(FIELDS)} general|symmetric"
        raise BadInput(path, expected, shown(text), line=line, column=1)
    if words[4] not in ("general", "symmetric"):
        raise BadInput(path, "general or symmetric", shown(words[4]), line=line, column=5)
    return words[3], words[4]


def _shape(path: Path, line: int, fields: list[str]) -> tuple[int, int, int]:
    if len(fields) != 3:
        raise BadInput(
            path, "rows, columns and entries", shown(" ".join(fields)), line=line, column=len(fields)
        )
    numbers = [integer(text, path, line, k + 1, "a size") for k, text in enumerate(fields)]
    for k in (0, 1):
        if not 2 <= numbers[k] <= LARGEST:
            raise BadInput(path, f"a size from 2 to {LARGEST}", str(numbers[k]), line=line, column=k + 1)
    rows, columns, entries = numbers
    require_not_too_sparse(path, (rows, columns), entries, line=line)
    return rows, columns, entries


def _entry(
    path: Path, line: int, fields: list[str], kind: str, shape: tuple[int, int, int]
) -> tuple[int, int, float]:
    if len(fields) != (2 if kind == "pattern" else 3):
        expected = "a row and a column" + ("" if kind == "pattern" else " and a value")
        raise BadInput(path, expected, shown(" ".join(fields)), line=line, column=len(fields))
    place = []
    for k in (0, 1):
        number = integer(fields[k], path, line, k + 1, ("a row", "a column")[k])
        if not 1 <= number <= shape[k]:
            raise BadInput(path, f"an index from 1 to {shape[k]}", str(number), line=line, column=k + 1)
        place.append(number - 1)
    try:
        value = 1.0 if kind == "pattern" else float(fields[2])
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise BadInput(path, "a finite value of at least 0", shown(fields[2]), line=line, column=3)
    return place[0], place[1], value
