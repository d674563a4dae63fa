"""Which of the options of reading does each of several inputs take? Vectors beside a log: its columns are options of the log.

An option of tables is obeyed by the inputs whose formats have it and does not concern the others; one that no input takes is
refused. A table is read as vectors, whatever columns are named for a log beside it, where it holds vectors and lacks these
columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.matrices import load
from experiments.matrices.catalogue import names as catalogue
from experiments.matrices.formats import general_format
from experiments.matrices.objects import is_path
from experiments.real.own_matrices import is_embedding, read_own
from experiments.real.own_vectors import OF_ITEMS, OF_LOG, OF_TEXT


def options_taken(name: str, reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of reading without those of tables that the format of an input does not have.

    >>> options_taken("svd.npz", {"columns": ("film", "actor"), "kind": "graph"})
    {'kind': 'graph'}
    >>> options_taken("log.parquet", {"columns": ("film", "actor"), "separator": ";"})
    {'columns': ('film', 'actor')}
    """
    if name in catalogue():
        return {key: value for key, value in reading.items() if key not in (*OF_LOG, *OF_TEXT)}
    format = None if "format" in reading or Path(name).is_dir() else general_format(Path(name))
    if format is None:
        return dict(reading)
    others = {"columns", "time_unit", *OF_TEXT} - format.options
    return {key: value for key, value in reading.items() if key not in others}


def options_of_vectors(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of reading without those that only a log has."""
    return {key: value for key, value in reading.items() if key not in OF_LOG}


def is_vectors(name: str, reading: Mapping[str, Any], *, alone: bool) -> bool:
    """Whether an input holds vectors; beside others (not `alone`), columns that it lacks are those of another input.

    Raises
    ------
    ValueError, OSError
        as `is_embedding`.
    """
    if alone:
        return is_embedding(name, **reading)
    taken = options_taken(name, reading)
    plain = options_of_vectors(taken)
    if len(plain) == len(taken) or name in catalogue() or not is_embedding(name, **plain):
        return is_embedding(name, **taken)
    try:
        load(name, **{key: value for key, value in taken.items() if key != "vector_columns"})
    except ValueError:
        return True
    return False


def options_of_each(sources: Sequence[Any], reading: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return for each input the options of reading that it takes; objects of Python take all that are given.

    Raises
    ------
    ValueError, OSError
        for an option of logs that no input takes, and a file that must be looked into and cannot be read.
    """
    names = [str(source) for source in sources if is_path(source)]
    looked = {key: value for key, value in reading.items() if key not in OF_ITEMS}
    vectors = [name for name in dict.fromkeys(names) if is_vectors(name, looked, alone=len(names) < 2)]
    if len(names) == len(sources):
        require_taken(names, vectors, looked)
    found = []
    for source in sources:
        taken = options_taken(str(source), reading) if is_path(source) else dict(reading)
        if is_path(source) and str(source) in vectors:
            taken = options_of_vectors(taken)
        elif vectors and "items" not in reading:  # the column of names is that of the vectors
            taken.pop("name_column", None)
        found.append(taken)
    return found


def require_taken(names: Sequence[str], vectors: Sequence[str], reading: Mapping[str, Any]) -> None:
    """Raise a `ValueError` for an option of logs that no input takes, as reading the first input says it."""
    for key in (*OF_LOG, *OF_TEXT):
        if key not in reading or any(
            key in (options_of_vectors(taken) if name in vectors else taken)
            for name in names
            for taken in [options_taken(name, reading)]
        ):
            continue
        read_own(names[0], "embedding" if names[0] in vectors else None, **{key: reading[key]})
        raise ValueError(f"{key} does not apply to any of the inputs: {', '.join(names)}")
