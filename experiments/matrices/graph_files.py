"""Graphs in files: edge lists ("a b [weight]" per line) and GraphML; undirected, loops left out.

An edge that is listed more than once, in either direction, counts once when the list has no weights; weights
add up. GraphML is XML: a file with a DOCTYPE or an ENTITY is refused before anything parses it, since
entities can expand without bound or reach other files, and no graph needs them.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from scipy import sparse

from experiments.matrices.collecting import object_names
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, lines, pieces, shown
from experiments.matrices.real_matrix import RealMatrix

FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


def read_edge_list(path: Path, options: Reading) -> RealMatrix:
    """Return the graph of an edge list; `#` and `%` begin comments, fields end at blanks or `separator`.

    Raises
    ------
    BadInput
        for a line that has not two or three fields, or a weight that is no finite number of at least 0.
    """
    bad = BadRows(options.skip_bad_rows)
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
    if len(index) < 2 or not rows:
        raise BadInput(path, "at least 2 nodes and an edge", f"{len(index)} node(s), {len(rows)} edge(s)")
    return _graph(path.name, list(index), rows, columns, weights, weighted, loops, bad.notes())


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


def _graph(
    name: str,
    nodes: list[str],
    rows: list[int],
    columns: list[int],
    weights: list[float],
    weighted: bool,
    loops: int,
    notes: tuple[str, ...],
) -> RealMatrix:
    n = len(nodes)
    ends = np.minimum(rows, columns), np.maximum(rows, columns)
    upper = sparse.coo_array((np.array(weights), ends), shape=(n, n)).tocsr()
    upper.sum_duplicates()
    repeated = len(rows) - upper.nnz
    if repeated:
        rule = "weights add up" if weighted else "each counts once"
        notes = (*notes, f"{repeated:,} edges were listed before; {rule}")
    if not weighted:
        upper.data[:] = 1.0
    upper.eliminate_zeros()
    if loops:
        notes = (*notes, f"{loops:,} loops were left out")
    return RealMatrix(name, graph=sparse.csr_array(upper + upper.T), items=object_names(nodes), notes=notes)


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
    return _graph(path.name, nodes, rows, columns, weights, weighted, loops, notes)
