"""Edge lists read fast: whole numbers by a compiled loop over the bytes, names by pyarrow.

A list of whole numbers costs about twice what pyarrow takes to read its columns. What is read here is what the careful reader
(`edge_lists`) reads in the same way: lines of equal width, plain numbers, no comments or quotes between the edges. Anything else
raises `NotByColumns`, and the careful reader starts anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.columns import (
    NotByColumns,
    columns_of,
    numbers_in,
    one_character,
    text_blocks,
)
from experiments.matrices.edge_dialects import Dialect
from experiments.matrices.reading import BadInput
from simulate.compiled import compiled

LARGEST = 1 << 26  # a node number from which a table of all numbers would be too long
DIGITS = 18  # of a whole number that fits 64 bits
MANTISSA, POWER = 2.0**53, 22  # up to which decimal numbers are one multiplication of exact factors
POWERS = 10.0 ** np.arange(POWER + 1)
ODD_BLANKS = (b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f")
SPACE, TAB, END = 32, 9, 10


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


def edges_of_numbers(path: Path, encoding: str, dialect: Dialect) -> Edges | None:
    """Return the edges of a plain list of whole numbers; None where it is not one."""
    try:
        return _whole_numbers(path, encoding, dialect)
    except (NotByColumns, BadInput, UnicodeDecodeError):
        return None


def _blocks(path: Path, encoding: str, dialect: Dialect) -> Iterator[bytes]:
    """Yield the lines below the dialect's first ones; the empty attributes of networkx are cut off."""
    above, empty = dialect.above, None
    for block in text_blocks(path, encoding):
        while above and block:
            block, above = block.partition(b"\n")[2], above - 1
        if block:
            if empty is None:
                fields = block[: block.find(b"\n")].split()
                empty = dialect.separator is None and len(fields) == 3 and fields[2] == b"{}"
            yield block.replace(b" {}\n", b"\n") if empty else block


def _whole_numbers(path: Path, encoding: str, dialect: Dialect) -> Edges:
    separator = ord(one_character(" " if dialect.separator is None else dialect.separator))
    table, order, known = np.full(1 << 16, -1, np.int32), np.empty(1 << 16, np.int64), 0
    rows, columns, values = [], [], []
    width, room = 0, np.empty((0, 2), np.int64)
    for block in _blocks(path, encoding, dialect):
        width = width or _width(block, dialect)
        text = np.frombuffer(block, np.uint8)
        if len(room) < (lines := block.count(b"\n")):
            room = np.empty((lines, 2), np.int64)
        ends, weights = room[:lines], np.empty(lines if width > 2 else 0)
        edges = _parse(text, separator, dialect.separator is None, width, ends, weights, POWERS)
        if edges < 0:
            raise NotByColumns
        ends, largest = ends[:edges], int(ends[:edges].max(initial=0))
        if largest >= min(LARGEST, dialect.declared or LARGEST):
            raise NotByColumns
        if dialect.declared is None:
            if largest >= table.size:
                longer = np.full(2 * largest + 1, -1, np.int32)
                longer[: table.size] = table
                order = np.concatenate([order[:known], np.empty(longer.size - known, np.int64)])
                table = longer
            known = _number(ends, table, order, known)
        rows.append(ends[:, 0].astype(np.int32))
        columns.append(ends[:, 1].astype(np.int32))
        values.append(weights[:edges])
    if not rows:
        raise NotByColumns
    ids = order[:known] if dialect.declared is None else np.arange(dialect.declared)
    kept = np.concatenate(values) if width > 2 and len(dialect.places) > 2 else None
    notes = ("the fourth column (times) was left out",) if width == 4 and not dialect.width else ()
    return Edges(list(map(str, ids.tolist())), np.concatenate(rows), np.concatenate(columns), kept, notes)


def _width(block: bytes, dialect: Dialect) -> int:
    if dialect.width and dialect.places != (0, 1, 2)[: len(dialect.places)]:
        raise NotByColumns
    line = block[: block.find(b"\n")]
    fields = line.split(None if dialect.separator is None else dialect.separator.encode())
    if len(fields) not in (2, 3, 4) or (dialect.width and len(fields) != dialect.width):
        raise NotByColumns
    return len(fields)


@compiled()
def _parse(text, separator, blanks, width, ends, weights, powers):  # type: ignore[no-untyped-def]
    """Fill `ends` and `weights` from lines of `width` fields; -1 where a line is not plain. The text ends with an end of line."""
    k, edges, size = 0, 0, text.size
    while k < size:
        while blanks and (text[k] == SPACE or text[k] == TAB):
            k += 1
        if text[k] == END:
            k += 1
            continue
        for field in range(width):
            first, mantissa, digits, point, exponent = k, np.int64(0), 0, -1, np.int64(0)
            c = np.int64(text[k]) - 48
            while 0 <= c <= 9 or (c == -2 and point < 0 and field >= 2):
                if c == -2:
                    point = digits
                else:
                    mantissa = mantissa * 10 + c
                    digits += 1
                k += 1
                c = np.int64(text[k]) - 48
                if digits > DIGITS:
                    return -1
            if digits == 0 or (field < 2 and digits > 1 and text[first] == 48):
                return -1
            if field >= 2 and (text[k] == 101 or text[k] == 69):
                k += 1
                sign = 1
                if text[k] == 45 or text[k] == 43:
                    sign = -1 if text[k] == 45 else 1
                    k += 1
                first = k
                while 48 <= text[k] <= 57 and k - first < 4:
                    exponent = exponent * 10 + np.int64(text[k]) - 48
                    k += 1
                if k == first:
                    return -1
                exponent *= sign
            if field < 2:
                ends[edges, field] = mantissa
            elif field == 2:
                if point >= 0:
                    exponent -= digits - point
                if mantissa > MANTISSA or abs(exponent) > POWER:
                    return -1
                value = np.float64(mantissa)
                weights[edges] = value / powers[-exponent] if exponent < 0 else value * powers[exponent]
            if field < width - 1:
                first = k
                while text[k] == separator or (blanks and text[k] == TAB):
                    k += 1
                if k == first or (not blanks and k > first + 1):
                    return -1
        while blanks and (text[k] == SPACE or text[k] == TAB):
            k += 1
        if text[k] != END:
            return -1
        k += 1
        edges += 1
    return edges


@compiled()
def _number(ends, table, order, known):  # type: ignore[no-untyped-def]
    """Replace node numbers by their places in order of first appearance, edge by edge; return how many are known."""
    for e in range(len(ends)):
        for side in range(2):
            node = ends[e, side]
            if table[node] < 0:
                table[node] = known
                order[known] = node
                known += 1
            ends[e, side] = table[node]
    return known


def edges_of_names(path: Path, encoding: str, dialect: Dialect) -> Edges:
    """Return the edges of a plain list of names; pyarrow numbers the names of all blocks together.

    Raises
    ------
    NotByColumns
        where only the careful reader can read it.
    """
    import pyarrow as pa

    if dialect.declared is not None:
        raise NotByColumns
    end = one_character(" " if dialect.separator is None else dialect.separator)
    sides: tuple[list[Any], list[Any]] = ([], [])
    values, width = [], 0
    for block in _blocks(path, encoding, dialect):
        lines = _plain(block, dialect.separator)
        width = width or _width(lines, dialect)
        if width == 4:
            raise NotByColumns
        (*ends,) = columns_of(lines, width, range(width), end, quote=False)
        third = ends.pop() if width == 3 else None
        if width == 3 and len(dialect.places) > 2:
            weights = numbers_in(third)
            if weights is None or (weights < 0).any():
                raise NotByColumns
            values.append(weights)
        for side, column in zip(sides, ends):
            side.append(column)
    if not width:
        raise NotByColumns
    encoded = pa.chunked_array([*sides[0], *sides[1]]).combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    # blanks that separate fields cannot be at their ends
    if not all(names) or (dialect.separator and any(name != name.strip() for name in names)):
        raise NotByColumns
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64).reshape(2, -1)
    pairs, order = np.ascontiguousarray(codes.T), np.empty(len(names), np.int64)
    _number(pairs, np.full(len(names), -1, np.int32), order, 0)
    rows, columns = (pairs[:, side].astype(np.int32) for side in (0, 1))
    nodes = [names[k] for k in order.tolist()]
    return Edges(nodes, rows, columns, np.concatenate(values) if values else None)


def _plain(lines: bytes, separator: str | None) -> bytes:
    """Return lines whose fields are between single separators; blanks at ends of lines are cut off.

    Raises
    ------
    NotByColumns
        for quotes, attributes, comments, and blanks that are neither a space nor a tab, as in some alphabets.
    """
    if b'"' in lines or b"{" in lines or lines.startswith((b"#", b"%")):
        raise NotByColumns
    if b"\n#" in lines or b"\n%" in lines:
        raise NotByColumns
    if separator is not None:
        return lines
    if lines.isascii():
        odd = any(map(lines.count, ODD_BLANKS))
    else:
        odd = any(char.isspace() and char not in " \t\n" for char in set(lines.decode()))
    if odd:
        raise NotByColumns
    lines = lines.replace(b"\t", b" ")
    while b"  " in lines:
        lines = lines.replace(b"  ", b" ")
    lines = lines.replace(b"\n ", b"\n").replace(b" \n", b"\n").lstrip(b" ")
    if b"\n#" in lines or b"\n%" in lines or lines.startswith((b"#", b"%")):
        raise NotByColumns
    return lines
