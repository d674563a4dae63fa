"""Which name and which label belong to each item? A table of items, joined to a matrix or to vectors by their ids.

The table is a CSV, TSV, Parquet or Feather file, or a data frame, with a row per item. Its ids are compared as text with the
names of the items, or with their numbers from 0 where they have none. Without `id_column` the column is taken in which most
items are found, and said. Items without a row keep their ids, and are counted and named; so are rows that occur twice, of
which the first counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import object_names
from experiments.matrices.frames import is_frame, text_columns
from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.reading import BadInput, shown
from experiments.matrices.real_matrix import RealMatrix
from experiments.matrices.vectors_arrow import text_columns_of_arrow
from experiments.matrices.vectors_csv import text_columns_of_csv
from simulate.validation import did_you_mean

NAMES = (
    "name",
    "title",
    "item_name",
    "track_name",
    "artist_name",
    "song",
    "track",
    "artist",
    "movie",
    "word",
    "label",
)
LISTED = 3  # ids in a note


@dataclass(frozen=True)
class ItemsFrom:
    """`source`, a file or a data frame, and its columns of ids, names and labels; None is told from the table, or left out."""

    source: Any
    id_column: str | None = None
    name_column: str | None = None
    label_column: str | None = None


@dataclass(frozen=True, eq=False)
class Joined:
    """For each item a name; with a column of labels its place among `label_names`, -1 where it is unknown.

    `notes` say what was joined.
    """

    names: NDArray[np.object_]
    labels: NDArray[np.int64] | None
    label_names: NDArray[np.object_] | None
    notes: tuple[str, ...]


def items_from(
    source: Any, id_column: str | None, name_column: str | None, label_column: str | None
) -> ItemsFrom | None:
    """Return the table of items with its columns, or None where there is none.

    Raises
    ------
    ValueError
        for a column without a table.
    """
    if source is not None:
        return ItemsFrom(source, id_column, name_column, label_column)
    columns = {"id_column": id_column, "name_column": name_column, "label_column": label_column}
    if given := [option for option, column in columns.items() if column is not None]:
        raise ValueError(f"{given[0]} is a column of a table of items; give the table too (items)")
    return None


def join_items(known: NDArray[Any] | None, n: int, items: ItemsFrom, read: Sequence[str] = ()) -> Joined:
    """Return names and labels for n items whose ids are `known`, or their numbers from 0.

    `read` are the notes of reading, of which an error repeats which columns were taken for contexts and items.

    Raises
    ------
    BadInput, ValueError
        for a table that cannot be read or lacks a column, or none of whose ids is one of the items'.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": [7, 9], "title": ["Tea", "Rum"], "kind": ["hot", "strong"]})
    >>> found = join_items(np.array(["9", "7", "8"]), 3, ItemsFrom(table, label_column="kind"))
    >>> found.names.tolist(), found.labels.tolist(), found.label_names.tolist()
    (['Rum', 'Tea', '8'], [0, 1, -1], ['strong', 'hot'])
    >>> found.notes[1]
    "1 of 3 items has no row in the table of items and keeps its id: '8'"
    """
    what = "the table of items" if is_frame(items.source) else str(items.source)
    columns = _columns(items.source)
    ids = [str(k) for k in range(n)] if known is None else list(map(str, known))
    place = _id_column(what, columns, items, ids, read)
    rows: dict[str, int] = {}
    for row, name in enumerate(columns[place]):
        rows.setdefault(name, row)
    of = [rows.get(name, -1) for name in ids]
    called = _name_column(what, columns, items, place)
    names = (
        ids if called is None else [columns[called][row] if row >= 0 else name for row, name in zip(of, ids)]
    )
    said = f"ids = {place}" + ("" if called is None else f", names = {called}")
    labels, label_names = None, None
    if items.label_column is not None:
        _require(what, columns, items.label_column, "label_column")
        labels, label_names = _labels(columns[items.label_column], of)
        said += f", labels = {items.label_column}"
    number = len(ids) - of.count(-1)
    notes = (
        f"{number:,} of {n:,} items are in {what}: {said}",
        *_counted(what, ids, of, columns[place], rows),
    )
    if known is None:
        notes = (*notes, "the items have no names; their numbers from 0 were taken as ids")
    return Joined(object_names(names), labels, label_names, notes)


def with_items(real: RealMatrix, items: ItemsFrom) -> RealMatrix:
    """Return a matrix whose items have the names, and the labels where asked for, of a table of items.

    Raises
    ------
    BadInput, ValueError
        as `join_items`.
    """
    joined = join_items(real.items, real.n_items, items, real.notes)
    found = replace(real, items=joined.names, notes=(*real.notes, *joined.notes))
    return (
        found
        if joined.labels is None
        else replace(found, labels=joined.labels, label_names=joined.label_names)
    )


def _columns(source: Any) -> Mapping[str, list[str]]:
    if is_frame(source):
        return text_columns(source)
    path = Path(source)
    if path.suffix.lower() in (".parquet", ".pq", ".feather", ".arrow", ".ipc"):
        return text_columns_of_arrow(path)
    if path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".tab", ".txt")):
        return text_columns_of_csv(path, VectorReading())
    raise BadInput(path, "a table of items (.csv .tsv .parquet .feather)", f"the name {path.name!r}")


def _require(what: str, columns: Mapping[str, list[str]], column: str, option: str) -> str:
    if column not in columns:
        listed = ", ".join(map(shown, list(columns)[:20]))
        expected = f"a column {shown(column)} ({option}){did_you_mean(column, list(columns))}"
        raise BadInput(what, expected, f"columns {listed}")
    return column


def _id_column(
    what: str,
    columns: Mapping[str, list[str]],
    items: ItemsFrom,
    ids: Sequence[str],
    read: Sequence[str],
) -> str:
    """The column that is asked for, or the one in which most of the ids are found (the first of equals)."""
    wanted = set(ids)
    if items.id_column is not None:
        candidates = [_require(what, columns, items.id_column, "id_column")]
    else:
        candidates = list(columns)
    counts = {name: len(wanted.intersection(columns[name])) for name in candidates}
    best = max(candidates, key=lambda name: counts[name], default=None)
    if best is None or not counts[best]:
        of = "a column" if items.id_column is None else f"the column {shown(items.id_column)}"
        theirs = columns[best][:LISTED] if best is not None else []
        found = f"ids {', '.join(map(shown, theirs))} for items {', '.join(map(shown, ids[:LISTED]))}"
        if taken := next((note for note in read if note.startswith("contexts = ")), None):
            found += f" (of the log were taken {taken}; --columns CONTEXT,ITEM swaps them)"
        raise BadInput(what, f"{of} with ids of the items", found)
    return best


def _name_column(what: str, columns: Mapping[str, list[str]], items: ItemsFrom, ids: str) -> str | None:
    """The column that is asked for, or the one that is called as names are; None leaves the ids."""
    if items.name_column is not None:
        return _require(what, columns, items.name_column, "name_column")
    called = {name.strip().lower(): name for name in columns if name not in (ids, items.label_column)}
    return next((called[name] for name in NAMES if name in called), None)


def _labels(values: Sequence[str], of: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    numbers: dict[str, int] = {}
    labels = [
        numbers.setdefault(values[row], len(numbers)) if row >= 0 and values[row].strip() else -1
        for row in of
    ]
    return np.array(labels, dtype=np.int64), object_names(numbers)


def _counted(
    what: str, ids: Sequence[str], of: Sequence[int], theirs: Sequence[str], rows: Mapping[str, int]
) -> tuple[str, ...]:
    """Sentences on items without a row, rows without an item, and ids that occur twice."""
    notes = []
    if lacking := [name for name, row in zip(ids, of) if row < 0]:
        verb = "has no row" if len(lacking) == 1 else "have no row"
        keep = "keeps its id" if len(lacking) == 1 else "keep their ids"
        notes.append(f"{len(lacking):,} of {len(ids):,} items {verb} in {what} and {keep}: {_some(lacking)}")
    mine = set(ids)
    if unused := [name for name in rows if name not in mine]:
        notes.append(f"{len(unused):,} ids of {what} are no items here: {_some(unused)}")
    if twice := len(theirs) - len(rows):
        notes.append(f"{twice:,} rows of {what} have an id that came before; the first of them counts")
    return tuple(notes)


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(shown, names[:LISTED])) + (", ..." if len(names) > LISTED else "")
