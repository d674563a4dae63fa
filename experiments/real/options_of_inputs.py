"""Which of the options of reading does each of several inputs take? Vectors beside a log: its columns are options of the log.

An option of tables is obeyed by the inputs whose formats have it and does not concern the others; one that no input takes is
refused. So a file is read as vectors, or as a log, by what is in it and by which of the columns asked for it has; where both
could be meant, the caller is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices import load
from experiments.matrices.asked_columns import fit_of_log, fit_of_vectors
from experiments.matrices.catalogue import names as catalogue
from experiments.matrices.formats import general_format
from experiments.matrices.frames import as_parquet, is_frame
from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.objects import is_path
from experiments.matrices.vectors import always_vectors
from experiments.real.own_matrices import is_embedding, read_own
from experiments.real.own_vectors import OF_ITEMS, OF_LOG, OF_TEXT

OF_VECTORS = (
    "vector_columns",
    "name_column",
)  # options that only vectors have, the latter without a table of items


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


def options_of_matrix(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of reading without those that only vectors have."""
    theirs = (
        OF_VECTORS if "items" not in reading else OF_VECTORS[:1]
    )  # else names are a column of the table of items
    return {key: value for key, value in reading.items() if key not in theirs}


def is_vectors(name: str, reading: Mapping[str, Any], *, alone: bool) -> bool:
    """Whether an input holds vectors; beside others (not `alone`), columns that it lacks are those of another input.

    Raises
    ------
    ValueError, OSError
        as `is_embedding`; for a file that has both the columns of vectors and those of a log.
    """
    if alone:
        return is_embedding(name, **reading)
    taken = options_taken(name, reading)
    plain = options_of_vectors(taken)
    of_both = {key: value for key, value in plain.items() if key != "vector_columns"}
    told, path = is_embedding(name, **of_both), Path(name)
    if name in catalogue() or not path.exists() or always_vectors(path) or plain.get("kind") == "embedding":
        return told
    looked = VectorReading(**{key: value for key, value in plain.items() if key != "kind"})
    theirs = "none" if looked.vector_columns is None else fit_of_vectors(path, looked)
    columns = taken.get("columns")
    logs = "none" if columns is None else fit_of_log(path, columns, looked)
    if theirs == "none":
        return told and (len(plain) == len(taken) or logs == "possible" or not _is_log(name, taken))
    if theirs == "meant" and logs != "meant":
        return True
    if theirs == "possible" and logs == "meant":
        return False
    if told and logs != "meant":
        return True
    why = "the columns of a log are there too" if logs == "meant" else "they may as well be those of a log"
    raise ValueError(
        f"{path.name} may hold vectors or a log: it has vector_columns {','.join(looked.vector_columns or ())}, and {why}; "
        "call the columns of vectors by names that no log beside them has, or read all inputs as vectors (--kind embedding)"
    )


def object_is_vectors(source: Any, reading: Mapping[str, Any], *, alone: bool) -> bool:
    """Whether an object of Python is read as vectors because of the options; a data frame beside others by its columns."""
    if reading.get("kind") == "embedding":
        return True
    if reading.get("vector_columns") is None:
        return False
    if alone or not is_frame(source):
        return alone or isinstance(source, np.ndarray)
    with as_parquet(source) as path:
        return is_vectors(
            str(path), {key: value for key, value in reading.items() if key not in OF_ITEMS}, alone=False
        )


def _is_log(name: str, taken: Mapping[str, Any]) -> bool:
    try:
        load(name, **options_of_matrix(taken))
    except ValueError:
        return False
    return True


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
        require_taken(names, vectors, reading)
    found = []
    for source in sources:
        taken = options_taken(str(source), reading) if is_path(source) else dict(reading)
        if is_path(source) and str(source) in vectors:
            taken = options_of_vectors(taken)
        elif is_path(source):
            taken = options_of_matrix(taken) if vectors else taken
        elif "vector_columns" in reading and not object_is_vectors(source, reading, alone=len(sources) < 2):
            taken = options_of_matrix(taken)
        found.append(taken)
    return found


def require_taken(names: Sequence[str], vectors: Sequence[str], reading: Mapping[str, Any]) -> None:
    """Raise a `ValueError` for an option of logs, or of vectors, that no input takes, as reading the first input says it."""
    if not vectors and (wrong := set(reading) - set(options_of_matrix(reading))):
        raise ValueError(f"{min(wrong)} is for vectors; there are none in {', '.join(names)}")
    for key in (*OF_LOG, *OF_TEXT):
        if key not in reading or any(
            key in (options_of_vectors(taken) if name in vectors else taken)
            for name in names
            for taken in [options_taken(name, reading)]
        ):
            continue
        read_own(names[0], "embedding" if names[0] in vectors else None, **{key: reading[key]})
        raise ValueError(f"{key} does not apply to any of the inputs: {', '.join(names)}")
