"""How are large edge lists read? By compiled loops over their bytes, a block of lines at a time.

Whole numbers cost one to three times what pyarrow takes to read the columns of the file, names three to eight times, since
each name is looked up among those known. What is read here is what the careful reader (`edge_lists`) reads in the same way: lines
of equally many fields without quotes or braces. Anything else is left to the careful reader, which starts anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.columns import NotByColumns, one_character, text_blocks
from experiments.matrices.edge_dialects import Dialect, is_comment
from experiments.matrices.edge_fields import (
    COMMENTS,
    ODD,
    has_odd_blanks,
    kinds_of,
    split,
    weights_of,
    whole_numbers,
)
from experiments.matrices.name_places import NamePlaces
from experiments.matrices.reading import BadInput
from simulate.compiled import compiled

LARGEST = 1 << 26  # a node number from which a table of all numbers would be too long
TIMES_LEFT_OUT = "the fourth column (times) was left out"


@dataclass(frozen=True, eq=False)
class Edges:
    """Names of nodes in order of first appearance; of each edge both ends (places among the names) and the weight, or None."""

    nodes: list[str]
    rows: NDArray[Any]
    columns: NDArray[Any]
    weights: NDArray[np.float64] | None
    notes: tuple[str, ...] = ()
    comments: int = 0  # between the edges
    attributes: bool = False  # the weights are named, as in {'weight': 2.0}


def edges_by_columns(path: Path, encoding: str, dialect: Dialect) -> Edges | None:
    """Return the edges of a plain list, or None where only the careful reader can read it. Time and memory grow with the file."""
    for nodes in (_Numbers(dialect.declared), None if dialect.declared is not None else NamePlaces()):
        try:
            if nodes is not None:
                return _edges(path, encoding, dialect, nodes)
        except (NotByColumns, BadInput, UnicodeDecodeError):
            continue
    return None


def odd_names(count: int) -> tuple[str, ...]:
    """Return what is said of edges whose first end begins as a comment does."""
    said = "lines begin with '#' or '%' and no blank behind it; they were read as edges"
    return (f"{count:,} {said}",) * (count > 0)


def _edges(path: Path, encoding: str, dialect: Dialect, nodes: _Numbers | NamePlaces) -> Edges:
    separator = dialect.separator
    kinds = kinds_of(None if separator is None else one_character(separator).decode())
    counts, columns = np.zeros(2, np.int64), None
    rows, partners, values = [], [], []
    room = np.empty((0, 0), np.int64)
    for block in _blocks(path, encoding, dialect):
        text = np.frombuffer(block, np.uint8)
        if separator is None and not block.isascii() and has_odd_blanks(text):
            raise NotByColumns
        columns = _columns(block, dialect) if columns is None else columns
        width = 2 if columns is None else int(columns.max()) + 1
        most = len(block) // 4 + 1  # of lines, which have the bytes of "a b" and an end
        if room.shape[0] < most or room.shape[1] != width:
            room = np.empty((most, width), np.int64)
        edges = split(text, kinds, np.arange(2) if columns is None else columns, room, counts)
        if edges < 0:
            raise NotByColumns
        places = nodes.places(text, room[:edges, :2].reshape(-1)).reshape(-1, 2)
        rows.append(places[:, 0].copy())
        partners.append(places[:, 1].copy())
        for numbers in (weights_of(block, text, room[:edges, column].copy()) for column in range(2, width)):
            if numbers is None:
                raise NotByColumns
            values.append(numbers)
    if not rows:
        raise NotByColumns
    weights = values[:: max(width - 2, 1)]
    if any((part < 0).any() for part in weights):
        raise NotByColumns
    names = nodes.names()
    # blanks other than spaces and tabs, which the careful reader takes off
    if separator is not None and any(name != name.strip() for name in names):
        raise NotByColumns
    notes = (*odd_names(int(counts[ODD])), *(TIMES_LEFT_OUT,) * (width == 4))
    kept = np.concatenate(weights) if weights else None
    return Edges(names, np.concatenate(rows), np.concatenate(partners), kept, notes, int(counts[COMMENTS]))


def _blocks(path: Path, encoding: str, dialect: Dialect) -> Iterator[bytes]:
    """Yield the lines below the dialect's first ones; the empty attributes of networkx are cut off."""
    above, empty = dialect.above, None
    for block in text_blocks(path, encoding, 0):
        while above and block:
            block, above = block.partition(b"\n")[2], above - 1
        if block:
            if empty is None:
                fields = block[: block.find(b"\n")].split()
                empty = dialect.separator is None and len(fields) == 3 and fields[2] == b"{}"
            yield block.replace(b" {}\n", b"\n") if empty else block


def _columns(block: bytes, dialect: Dialect) -> NDArray[np.int64] | None:
    """Return what each field of the first edge is: an end (0, 1), the weight (2), a time (3) or left out (-1)."""
    edge = (line for line in BytesIO(block) if line.strip() and not is_comment(line.decode()))
    if (line := next(edge, None)) is None:
        return None
    fields = line.split(None if dialect.separator is None else dialect.separator.encode())
    if dialect.width:
        if len(fields) != dialect.width or len(set(dialect.places)) != len(dialect.places):
            raise NotByColumns
        columns = np.full(len(fields), -1)
        columns[list(dialect.places)] = np.arange(len(dialect.places))
        return columns
    if len(fields) not in (2, 3, 4):
        raise NotByColumns
    return np.arange(len(fields))


class _Numbers:
    """Numbers whole numbers from 0 as they first appear; with `declared` nodes each is its own number."""

    def __init__(self, declared: int | None) -> None:
        self._declared, self._limit = declared, LARGEST if declared is None else min(LARGEST, declared)
        self._table, self._order, self._known = np.full(1 << 16, -1, np.int32), np.empty(1 << 16, np.int64), 0

    def places(self, text: NDArray[np.uint8], fields: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return (m,) the place of the number in each field.

        Raises
        ------
        NotByColumns
            where one is no whole number as `str` writes it, too large for a table, or not declared.
        """
        numbers = np.empty(fields.size, np.int32)
        largest = whole_numbers(text, fields, self._limit, numbers)
        if largest < 0:
            raise NotByColumns
        if self._declared is None:
            if largest >= self._table.size:
                longer = np.full(2 * largest + 1, -1, np.int32)
                longer[: self._table.size] = self._table
                order = np.empty(longer.size, np.int64)
                order[: self._known] = self._order[: self._known]
                self._table, self._order = longer, order
            self._known = _number(numbers, self._table, self._order, self._known)
        return numbers

    def names(self) -> list[str]:
        """Return the numbers in the order of their places, as text."""
        ids = range(self._declared) if self._declared is not None else self._order[: self._known].tolist()
        return list(map(str, ids))


@compiled()
def _number(numbers, table, order, known):  # type: ignore[no-untyped-def]
    """Replace node numbers by their places in order of first appearance; return how many are known."""
    for j in range(len(numbers)):
        node = numbers[j]
        if table[node] < 0:
            table[node] = known
            order[known] = node
            known += 1
        numbers[j] = table[node]
    return known
