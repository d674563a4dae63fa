"""Graphs in files: edge lists ("a b [weight]" per line) and GraphML; undirected, loops left out.

An edge that is listed more than once, in either direction, counts once when the list has no weights; weights
add up. GraphML is XML: a file with a DOCTYPE or an ENTITY is refused before anything parses it, since
entities can expand without bound or reach other files, and no graph needs them.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices.collecting import object_names
from experiments.matrices.columns import (
    NotByColumns,
    by_columns,
    columns_of,
    names_and_codes,
    numbers_in,
    one_character,
    text_blocks,
)
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, lines, pieces, shown
from experiments.matrices.real_matrix import RealMatrix

FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
ODD_BLANKS = (b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f")


@dataclass(frozen=True, eq=False)
class Edges:
    """Names of nodes, and of each edge but the loops both ends (places among the names) and the weight."""

    nodes: list[str]
    rows: NDArray[Any]
    columns: NDArray[Any]
    weights: NDArray[np.float64]
    weighted: bool
    loops: int


def _edges(
    nodes: list[str], rows: list[int], columns: list[int], weights: list[float], weighted: bool, loops: int
) -> Edges:
    ends = np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32)
    return Edges(nodes, *ends, np.array(weights), weighted, loops)


def read_edge_list(path: Path, options: Reading) -> RealMatrix:
    """Return the graph of an edge list; `#` and `%` begin comments, fields end at blanks or `separator`.

    Raises
    ------
    BadInput
        for a line that has not two or three fields, or a weight that is no finite number of at least 0.
    """
    bad = BadRows(options.skip_bad_rows)
    edges = by_columns(lambda: _by_columns(path, options)) or _by_lines(path, options, bad)
    found = len(edges.nodes), len(edges.rows)
    if found[0] < 2 or not found[1]:
        raise BadInput(path, "at least 2 nodes and an edge", f"{found[0]} node(s), {found[1]} edge(s)")
    return _graph(path.name, edges, bad.notes())


def _by_lines(path: Path, options: Reading, bad: BadRows) -> Edges:
    index: dict[str, int] = {}
    rows, columns, weights = [], [], []
    loops, weighted = 0, False
    for number, text in lines(path, encoding=options.encoding, bad=bad):
        if not text.strip() or text.lstrip()[0] in "#%":
            continue
        fields = [field.strip() for field in text.split(options.separator)]
        try:
            weight = _weight(path, number, fields)
        except BadInput as error:
            bad.meet(error)
            continue
        weighted |= len(fields) == 3
        a, b = (index.setdefault(node, len(index)) for node in fields[:2])
        loops += a == b
        if a != b:
            rows.append(a)
            columns.append(b)
            weights.append(weight)
    return _edges(list(index), rows, columns, weights, weighted, loops)


def _by_columns(path: Path, options: Reading) -> Edges:
    end = one_character(" " if options.separator is None else options.separator)
    index: dict[str, int] = {}
    parts: list[tuple[NDArray[np.int32], NDArray[np.float64]]] = []
    width = 0
    for block in text_blocks(path, options.encoding):
        lines = _without_comments(block, blanks=options.separator is None)
        width = width or lines[: lines.find(b"\n")].count(end) + 1
        if width not in (2, 3):
            raise NotByColumns
        (*ends,) = columns_of(lines, width, range(width), end, quote=False)
        weights = numbers_in(ends.pop()) if width == 3 else np.ones(len(ends[0]))
        if weights is None or (weights < 0).any():
            raise NotByColumns
        parts.append((_numbered(ends, index), weights))
    pairs = np.concatenate([pair for pair, _ in parts])
    weights = np.concatenate([weight for _, weight in parts])
    proper = pairs[:, 0] != pairs[:, 1]
    rows, columns = pairs[proper].T
    return Edges(list(index), rows, columns, weights[proper], width == 3, int((~proper).sum()))


def _without_comments(lines: bytes, *, blanks: bool) -> bytes:
    """Return lines without comments; where blanks separate fields, a single space does so afterwards, and none is at an end.

    Raises
    ------
    NotByColumns
        where a blank is neither a space nor a tab, as in some alphabets.
    """
    odd = (
        re.search(r"[^\S \t\n]", lines.decode()) if not lines.isascii() else any(map(lines.count, ODD_BLANKS))
    )
    if odd:
        raise NotByColumns
    if b"#" in lines or b"%" in lines:
        lines = re.sub(rb"(?m)^[ \t]*[#%].*\n", b"", lines)
    if blanks:
        lines = lines.replace(b"\t", b" ")
        while b"  " in lines:
            lines = lines.replace(b"  ", b" ")
        lines = lines.replace(b"\n ", b"\n").replace(b" \n", b"\n").lstrip(b" ")
    return lines.lstrip(b"\n")


def _numbered(ends: list[Any], index: dict[str, int]) -> NDArray[np.int32]:
    """Return the numbers (m, 2) of the nodes of m edges; nodes are numbered as they appear, edge by edge."""
    import pyarrow as pa

    names, codes = names_and_codes(pa.concat_arrays(ends))
    names = [name.strip() for name in names]
    if not all(names):
        raise NotByColumns
    pairs = codes.reshape(2, -1).T
    # of an index that is listed more than once the last value stays: the first place, as places go backwards
    first = np.empty(len(names), dtype=np.int64)
    first[pairs.ravel()[::-1]] = np.arange(pairs.size)[::-1]
    number = np.empty(len(names), dtype=np.int32)
    for k in np.argsort(first):
        number[k] = index.setdefault(names[k], len(index))
    numbered: NDArray[np.int32] = number[pairs]
    return numbered


def _weight(path: Path, line: int, fields: list[str]) -> float:
    if len(fields) not in (2, 3) or not all(fields):
        found = f"{len(fields)}: {shown(' '.join(fields))}"
        raise BadInput(
            path, "2 or 3 fields (two nodes, a weight)", found, line=line, column=min(len(fields), 4)
        )
    if len(fields) == 2:
        return 1.0
    try:
        weight = float(fields[2])
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise BadInput(path, "a weight, a number of at least 0", shown(fields[2]), line=line, column=3)
    return weight


def _graph(name: str, edges: Edges, notes: tuple[str, ...]) -> RealMatrix:
    n = len(edges.nodes)
    ends = np.minimum(edges.rows, edges.columns), np.maximum(edges.rows, edges.columns)
    upper = sparse.coo_array((edges.weights, ends), shape=(n, n)).tocsr()
    upper.sum_duplicates()
    repeated = len(edges.rows) - upper.nnz
    if repeated:
        rule = "weights add up" if edges.weighted else "each counts once"
        notes = (*notes, f"{repeated:,} edges were listed before; {rule}")
    if not edges.weighted:
        upper.data[:] = 1.0
    upper.eliminate_zeros()
    if edges.loops:
        notes = (*notes, f"{edges.loops:,} loops were left out")
    return RealMatrix(
        name, graph=sparse.csr_array(upper + upper.T), items=object_names(edges.nodes), notes=notes
    )


def read_graphml(path: Path) -> RealMatrix:
    """Return the graph of a GraphML file, with the edge attribute `weight` where there is one.

    Raises
    ------
    BadInput
        for XML that is cut short or unsound, has a DOCTYPE or ENTITY, or is not GraphML.
    """
    import networkx as nx

    text = b"".join(pieces(path))
    if b"\x00" in text[:64]:
        raise BadInput(path, "GraphML in UTF-8", "another encoding (NUL bytes)", line=1, column=1)
    for word in FORBIDDEN:
        at = text.upper().find(word)
        if at >= 0:
            line = text.count(b"\n", 0, at) + 1
            column = at - text.rfind(b"\n", 0, at)
            raise BadInput(
                path, "GraphML without entities", f"{word.decode()}, refused", line=line, column=column
            )
    try:
        graph = nx.read_graphml(io.BytesIO(text))
    except SyntaxError as error:  # xml.etree's ParseError is one, with its place
        line, column = getattr(error, "position", (1, 0))
        raise BadInput(path, "sound XML", str(error), line=line, column=column + 1) from None
    except (nx.NetworkXError, ValueError, KeyError, TypeError) as error:
        raise BadInput(path, "GraphML", f"{type(error).__name__}: {error}") from None
    nodes = [str(node) for node in graph]
    index = {node: k for k, node in enumerate(graph)}
    rows, columns, weights, loops, weighted = [], [], [], 0, False
    for a, b, given in graph.edges(data="weight"):
        weighted |= given is not None
        weight = 1.0 if given is None else float(given)
        if not 0 <= weight < math.inf:
            raise BadInput(path, "weights of at least 0", f"{given!r} between {shown(a)} and {shown(b)}")
        loops += a == b
        if a != b:
            rows.append(index[a])
            columns.append(index[b])
            weights.append(weight)
    if not rows:
        raise BadInput(path, "a graph with an edge", f"{len(nodes)} node(s) and none")
    notes = ("directed edges were taken as undirected",) if graph.is_directed() else ()
    edges = _edges(nodes, rows, columns, weights, weighted, loops)
    return _graph(path.name, edges, notes)
