"""Matrix Market coordinate files (NIST): header, comments, "rows columns entries", then one entry per line.

A square symmetric matrix is a graph, any other one holds interactions; stored zeros are left out, other values
count as 1 in interactions.
"""

from __future__ import annotations

import math
from array import array
from pathlib import Path

import numpy as np
from scipy import sparse

from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, integer, lines, shown
from experiments.matrices.real_matrix import RealMatrix

FIELDS = ("real", "integer", "pattern")
LARGEST = 2**31 - 1
SPARSEST = 1000  # rows or columns for each entry; a file of a few bytes must not ask for gigabytes


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
    shape: tuple[int, int, int] | None = None
    rows, columns, values = array("q"), array("q"), array("d")
    seen = 0
    for line, text in numbered:
        if not text.strip() or text.startswith("%"):
            continue
        fields = text.split()
        if shape is None:
            shape = _shape(path, line, fields)
            continue
        seen += 1
        try:
            row, column, value = _entry(path, line, fields, field, shape)
        except BadInput as error:
            bad.meet(error)
            continue
        rows.append(row)
        columns.append(column)
        values.append(value)
    if shape is None:
        raise BadInput(path, "a line with rows, columns and entries", "the end of the file")
    if seen != shape[2]:
        raise BadInput(path, f"{shape[2]:,} entries, as declared", f"{seen:,}; the file may be cut short")
    return _finish(path, symmetry, shape, rows, columns, values, bad.notes())


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
        if numbers[k] > SPARSEST * (numbers[2] + SPARSEST):
            expected = (
                f"a size of at most {SPARSEST} for each of {numbers[2]:,} entries (and {SPARSEST**2:,} more)"
            )
            raise BadInput(path, expected, f"{numbers[k]:,}", line=line, column=k + 1)
    return numbers[0], numbers[1], numbers[2]


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


def _finish(
    path: Path,
    symmetry: str,
    shape: tuple[int, int, int],
    rows: array[int],
    columns: array[int],
    values: array[float],
    notes: tuple[str, ...],
) -> RealMatrix:
    place = (np.array(rows), np.array(columns))
    matrix = sparse.coo_array((np.array(values), place), shape=shape[:2]).tocsr()
    matrix.sum_duplicates()
    if matrix.nnz < len(values):
        notes = (*notes, f"{len(values) - matrix.nnz:,} entries were listed before")
    matrix.eliminate_zeros()
    square = shape[0] == shape[1]
    if symmetry == "symmetric" and not square:
        raise BadInput(path, "a square matrix, as it is symmetric", f"{shape[0]} x {shape[1]}")
    if symmetry == "symmetric":
        matrix = sparse.csr_array(matrix + sparse.tril(matrix, -1).T + sparse.triu(matrix, 1).T)
    if square and not (matrix != matrix.T).nnz:
        if matrix.diagonal().any():
            notes = (*notes, "loops were left out")
            matrix = sparse.csr_array(matrix - sparse.diags_array(matrix.diagonal()))
            matrix.eliminate_zeros()
        return RealMatrix(path.name, graph=sparse.csr_array(matrix), notes=notes)
    if (matrix.data != 1).any():
        notes = (*notes, "stored values other than 1 were taken as 1")
        matrix.data[:] = 1.0
    return RealMatrix(path.name, interactions=sparse.csr_array(matrix), notes=notes)
