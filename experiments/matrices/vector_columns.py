"""Which columns of a table hold the vectors, and which the names? Told by numbered names, or said by the caller.

Columns `dim_0, dim_1, ...` (any name with consecutive numbers, three of them or more) are the dimensions of vectors; so is
one column of lists. Other tables hold vectors only where the caller says so (`--kind embedding`, or `--vector-columns`, which
takes names, patterns such as `pca_*` and places such as 2-65): then all columns of numbers but the names are dimensions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.reading import BadInput, shown
from simulate.validation import did_you_mean

FEWEST = 3  # numbered columns that are told for vectors
# as people call the column of names; the empty name is the index of pandas and R
OF_NAMES = (
    *(
        "",
        "unnamed: 0",
        "__index_level_0__",
        "index",
        "id",
        "key",
        "name",
        "title",
        "label",
        "word",
        "token",
        "node",
    ),
    *(
        "item",
        "item_id",
        "itemid",
        "track_id",
        "trackid",
        "movie_id",
        "movieid",
        "artist_id",
        "product_id",
        "user_id",
    ),
)


@dataclass(frozen=True)
class Column:
    """`name` and `kind` of a column: number (with decimals), integer, text, list (of numbers), other."""

    name: str
    kind: str


@dataclass(frozen=True)
class Chosen:
    """The places of the columns of vectors and of names (None: there is none), and a note that says which they are."""

    vectors: tuple[int, ...]
    names: int | None
    note: str


def holds_vectors(columns: Sequence[Column]) -> bool:
    """Whether a table holds vectors without being told so: one column of lists, or numbered columns of numbers.

    >>> holds_vectors([Column("id", "text"), *(Column(f"x{k}", "number") for k in range(3))])
    True
    >>> holds_vectors([Column("user", "text"), Column("item", "text"), Column("rating", "number")])
    False
    """
    # whole numbers alone may be anything: ids of items in three columns, say
    numbered = any(columns[place].kind == "number" for place in _numbered(columns))
    return numbered or sum(column.kind == "list" for column in columns) == 1


def chosen_columns(path: Path, columns: Sequence[Column], options: VectorReading) -> Chosen:
    """Return the columns that hold the vectors and the names.

    Raises
    ------
    BadInput
        for a column that is not there or holds no numbers, and a table in which no column can hold vectors.

    Examples
    --------
    >>> table = [Column("word", "text"), Column("0", "number"), Column("1", "number"), Column("2", "number")]
    >>> chosen_columns(Path("x.csv"), table, VectorReading()).note
    "names = 'word'; vectors = '0' to '2' (3 columns)"
    """
    names = None if options.name_column is None else _place(path, columns, options.name_column)
    if options.vector_columns is not None:
        places = [place for word in options.vector_columns for place in _places(path, columns, word)]
        for place in places:
            if columns[place].kind not in ("number", "integer", "list"):
                found = f"{columns[place].kind} in column {shown(columns[place].name)}"
                raise BadInput(path, "columns of numbers", found)
    else:
        lists = [place for place, column in enumerate(columns) if column.kind == "list" and place != names]
        places = lists if len(lists) == 1 else _numbered(columns)
        if len(lists) > 1:
            listed = ", ".join(shown(columns[place].name) for place in lists)
            raise BadInput(path, "one column of vectors, or its name (--vector-columns)", listed)
        if not places:
            kinds = ("number", "integer")
            names = _names(columns, ()) if names is None else names
            places = [k for k, column in enumerate(columns) if column.kind in kinds and k != names]
    if not places or (len(places) > 1 and any(columns[place].kind == "list" for place in places)):
        found = f"columns {', '.join(shown(column.name) for column in columns[:20])}"
        raise BadInput(path, "one column of vectors, or columns of numbers", found)
    places = list(dict.fromkeys(places))
    names = _names(columns, places) if names is None else names
    return Chosen(tuple(places), names, _note(columns, places, names))


def _numbered(columns: Sequence[Column]) -> list[int]:
    """The places of the most columns of one name with consecutive numbers; none for fewer than three."""
    groups: dict[str, list[tuple[int, int]]] = {}
    for place, column in enumerate(columns):
        found = re.fullmatch(r"(.*?)(\d{1,9})", column.name, re.DOTALL)
        if found and column.kind in ("number", "integer"):
            groups.setdefault(found[1], []).append((int(found[2]), place))
    most = max(map(len, groups.values()), default=0)
    best = sorted(next((group for group in groups.values() if len(group) == most), []))
    numbers = [number for number, _ in best]
    consecutive = bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return [place for _, place in best] if consecutive and len(best) >= FEWEST else []


def _names(columns: Sequence[Column], taken: Sequence[int]) -> int | None:
    """The column of names among the others: one that is called so, else the only one, else the first one of text."""
    others = [
        k for k, column in enumerate(columns) if k not in set(taken) and column.kind in ("text", "integer")
    ]
    if taken and len(others) == 1:
        return others[0]
    called = [k for k in others if columns[k].name.strip().lower() in OF_NAMES]
    texts = [k for k in others if columns[k].kind == "text"]
    return next(iter(called or texts), None)


def _place(path: Path, columns: Sequence[Column], word: str) -> int:
    names = [column.name for column in columns]
    if word in names:
        return names.index(word)
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(names):
        return int(word) - 1
    expected = f"a column {shown(word)}{did_you_mean(word, names)}"
    raise BadInput(path, expected, f"columns {', '.join(map(shown, names[:20]))}")


def _places(path: Path, columns: Sequence[Column], word: str) -> list[int]:
    names = [column.name for column in columns]
    if word in names:
        return [names.index(word)]
    if found := re.fullmatch(r"(\d{1,9})-(\d{1,9})", word):
        first, last = int(found[1]), int(found[2])
        if 1 <= first <= last <= len(names):
            return list(range(first - 1, last))
    if matching := [k for k, name in enumerate(names) if fnmatchcase(name, word)]:
        return matching
    return [_place(path, columns, word)]


def _note(columns: Sequence[Column], places: Sequence[int], names: int | None) -> str:
    called = [
        shown(column.name) if column.name.strip() else f"column {k + 1}" for k, column in enumerate(columns)
    ]
    first, last = called[places[0]], called[places[-1]]
    vectors = first if len(places) == 1 else f"{first} to {last} ({len(places):,} columns)"
    of = "the numbers of the rows" if names is None else called[names]
    taken = {*places, names}
    others = [name for k, name in enumerate(called) if k not in taken]
    left = f"; not taken: {', '.join(others[:5])}{', ...' * (len(others) > 5)}" if others else ""
    return f"names = {of}; vectors = {vectors}{left}"
