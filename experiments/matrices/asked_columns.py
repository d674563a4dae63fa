"""Does a file have the columns that somebody asks for? Those of vectors (`vector_columns`), and those of a log (`columns`).

Several inputs share their options, so an option says of each file only what it has: columns that are called by their names are
meant, and so are columns of decimals for vectors. A place (2-65), or a pattern that fits every name, may fit a log as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.npz_archive import array_shapes
from experiments.matrices.reading import BadInput
from experiments.matrices.vector_choice import chosen_array
from experiments.matrices.vector_columns import Column, chosen_columns
from experiments.matrices.vectors_archives import is_named_arrays
from experiments.matrices.vectors_arrow import columns_of, opened
from experiments.matrices.vectors_csv import columns_of_table

Fit = Literal["meant", "possible", "none"]
TABLES = (".csv", ".tsv", ".tab")


def fit_of_vectors(path: Path, options: VectorReading) -> Fit:
    """Return whether a table, or an .npz archive, has the columns, or the array, of vectors that `options` name.

    Raises
    ------
    OSError
        for a file that cannot be read.
    """
    if path.suffix.lower() == ".npz":
        try:
            chosen_array(path, array_shapes(path), options)
        except (BadInput, ValueError):
            return "none"
        return "meant" if is_named_arrays(path, options) else "none"
    columns = _columns(path, options)
    try:
        places = chosen_columns(path, columns, options).vectors if columns else ()
    except BadInput:
        return "none"
    if not places:
        return "none"
    named = options.header and all(_names(columns, word) for word in options.vector_columns or ())
    numbers = sum(columns[place].kind != "integer" for place in places)
    return "meant" if named or 2 * numbers > len(places) else "possible"


def fit_of_log(path: Path, asked: Sequence[str], options: VectorReading) -> Fit:
    """Return whether a table has the columns of a log that are `asked` for, by name or by number from 1.

    Raises
    ------
    OSError
        for a file that cannot be read.
    """
    columns = _columns(path, options)
    names = {column.name for column in columns}
    if columns and options.header and names.issuperset(asked):
        return "meant"
    numbers = [word for word in asked if word not in names]
    fits = all(word.isascii() and word.isdigit() and 1 <= int(word) <= len(columns) for word in numbers)
    return "possible" if columns and fits else "none"


def _names(columns: Sequence[Column], word: str) -> bool:
    """Whether a word calls columns by their names: one of them, or a pattern with a letter or a digit in it."""
    names = {column.name for column in columns}
    return word in names or ("*" in word and any(sign.isalnum() for sign in word))


def _columns(path: Path, options: VectorReading) -> list[Column]:
    """The columns of a table with their kinds; none of what is no table, or cannot be looked at."""
    name = path.name.lower().removesuffix(".gz")
    try:
        if name.endswith(TABLES):
            return columns_of_table(path, options)
        if name.endswith((".parquet", ".pq")):
            with opened(path) as (schema, _, _):
                return columns_of(schema)
    except (BadInput, LookupError):  # whoever reads it says what is wrong with it
        return []
    return []
