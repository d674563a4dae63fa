"""Edge lists: "a b" or "a b weight" on a line, in the dialects of `edge_dialects`; the graph is undirected, without loops.

An edge that is listed more than once, in either direction, counts once when the list has no weights; weights add up. Lists
whose lines have equally many fields without quotes or braces are read by compiled loops (`edge_columns`); any other line by line,
which says where an error is.
"""

from __future__ import annotations

import ast
import csv
import math
from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import PairCollector, object_names
from experiments.matrices.edge_columns import TIMES_LEFT_OUT, Edges, edges_by_columns, odd_names
from experiments.matrices.edge_dialects import Dialect, dialect_of, edge_rows, fields_of, is_comment
from experiments.matrices.finishing import finish_graph
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, shown
from experiments.matrices.real_matrix import RealMatrix

EXPECTED = "2 or 3 fields (two nodes, a weight)"
UNIX_TIMES = 1e8  # seconds since 1970: no weight of an edge list is so large at every edge
LONGEST_ATTRIBUTES = 10_000


def read_edge_list(path: Path, options: Reading, separator: str | None = None) -> RealMatrix:
    """Return the graph of an edge list; fields end at blanks or at `separator`.

    Time and memory grow with the file: 24 bytes for each edge, and the matrix.

    Raises
    ------
    BadInput
        for a line that has not two or three fields, a weight that is no finite number of at least 0, a third column of times,
        or fewer than two nodes or one edge.
    """
    separator = options.separator or separator
    if separator is not None and len(separator) != 1:
        raise ValueError(f"separator must be one character; got {separator!r}")
    if separator is not None and separator.isspace() and separator != "\t":
        separator = None
    bad = BadRows(options.skip_bad_rows)
    dialect = dialect_of(path, options, separator)
    if dialect.two_kinds or options.kind == "interactions":
        return _contexts_and_items(path, options, dialect, bad)
    edges = edges_by_columns(path, options.encoding, dialect) or _by_lines(path, options, dialect, bad)
    if options.columns is None and dialect.declared is None and not dialect.header:
        _require_weights(path, edges)
    notes = (*dialect.notes, *edges.notes, *bad.notes())
    if comments := dialect.comments + edges.comments:
        notes = (*notes, f"{comments:,} comment line{'s' * (comments > 1)} passed over")
    if dialect.header and {dialect.header[place] for place in dialect.places[:2]} <= set(edges.nodes):
        notes = (*notes, "the names in the header are nodes of the edges below it too")
    if len(edges.nodes) < 2 or not (edges.rows != edges.columns).any():
        found = f"{len(edges.nodes)} node(s), none"
        raise BadInput(path, "at least 2 nodes and an edge between them", found)
    try:
        return finish_graph(
            path.name,
            edges.rows,
            edges.columns,
            edges.weights,
            len(edges.nodes),
            notes=notes,
            items=object_names(edges.nodes),
        )
    except ValueError as error:
        raise BadInput(path, "a graph", str(error).removeprefix(f"{path.name}: ")) from None


def _by_lines(path: Path, options: Reading, dialect: Dialect, bad: BadRows) -> Edges:
    index = {str(k): k for k in range(dialect.declared or 0)}
    rows, columns, weights = array("i"), array("i"), array("d")
    unweighted = odd = times = comments = attributes = 0
    for number, text in edge_rows(path, options, dialect, bad):
        if is_comment(text):
            comments += 1
            continue
        try:
            fields = _fields(path, number, text, dialect)
            weight = _weight(path, number, fields)
            if dialect.declared is not None:
                _require_declared(path, number, fields[:2], index, dialect.declared)
        except BadInput as error:
            bad.meet(error)
            continue
        odd += fields[0][0] in "#%"
        times += len(fields) == 4
        attributes += len(fields) > 2 and fields[2].startswith("{")
        unweighted += weight is None
        rows.append(index.setdefault(fields[0], len(index)))
        columns.append(index.setdefault(fields[1], len(index)))
        weights.append(1.0 if weight is None else weight)
    notes = (*odd_names(odd), *(TIMES_LEFT_OUT,) * (times > 0))
    if 0 < unweighted < len(rows):
        notes = (*notes, f"{unweighted:,} edges have no weight; they weigh 1")
    ends: tuple[NDArray[Any], NDArray[Any]] = np.array(rows, dtype=np.int32), np.array(columns, np.int32)
    weighted = np.array(weights) if unweighted < len(rows) else None
    return Edges(list(index), *ends, weighted, notes, comments, attributes > 0)


def _fields(path: Path, line: int, text: str, dialect: Dialect) -> list[str]:
    try:
        fields = fields_of(text, dialect.separator)
    except csv.Error as error:
        raise BadInput(path, "fields in quotes or plain", str(error), line=line) from None
    if dialect.width:
        if len(fields) <= max(dialect.places):
            found = f"{len(fields)}: {shown(text)}"
            raise BadInput(path, f"at least {max(dialect.places) + 1} fields", found, line=line)
        fields = [fields[place] for place in dialect.places]
    if (
        len(fields) not in (2, 3, 4)
        or not all(fields[:3])
        or (len(fields) == 4 and _number(fields[3]) is None)
    ):
        found = f"{len(fields)}: {shown(text.strip())}"
        raise BadInput(path, EXPECTED, found, line=line, column=min(len(fields), 4))
    return fields


def _weight(path: Path, line: int, fields: list[str]) -> float | None:
    """Return the third field as a weight; None where there is none, also among attributes in braces."""
    if len(fields) == 2:
        return None
    given: Any = fields[2]
    if given.startswith("{"):
        given = _attributes(path, line, given).get("weight")
        if given is None:
            return None
    weight = _number(given)
    if weight is None or weight < 0:
        raise BadInput(path, "a weight, a number of at least 0", shown(given), line=line, column=3)
    return weight


def _attributes(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        found = ast.literal_eval(text) if len(text) <= LONGEST_ATTRIBUTES else None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput(path, "attributes such as {'weight': 2.0}", shown(text), line=line, column=3)
    return found


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def _require_declared(path: Path, line: int, ends: list[str], index: dict[str, int], nodes: int) -> None:
    for place, end in enumerate(ends):
        if end not in index:
            expected = f"a node from 0 to {nodes - 1}, as declared"
            raise BadInput(path, expected, shown(end), line=line, column=place + 1)


def _require_weights(path: Path, edges: Edges) -> None:
    """Refuse a third column of times, where nothing in the file or in the options says that it holds weights."""
    if edges.weights is None or edges.attributes or not edges.weights.size:
        return
    if edges.weights.min() >= UNIX_TIMES and not (edges.weights % 1).any():
        found = f"whole numbers from {edges.weights.min():.0f} on, as Unix times are"
        hint = "--kind graph --columns 1,2 leaves them out, --columns 1,2,3 takes them as weights"
        raise BadInput(path, "weights", f"{found}; {hint}", column=3)


def _contexts_and_items(path: Path, options: Reading, dialect: Dialect, bad: BadRows) -> RealMatrix:
    """Return the interactions of a list whose first ends are contexts and whose second ends are items."""
    collector = PairCollector()
    for number, text in edge_rows(path, options, dialect, bad):
        if is_comment(text):
            continue
        try:
            fields = _fields(path, number, text, dialect)
            weight = _weight(path, number, fields)
        except BadInput as error:
            bad.meet(error)
            continue
        if weight != 0:
            collector.add(fields[0], fields[1])
    why = "the file says that its ends are of two kinds" if dialect.two_kinds else "as asked for"
    notes = (*dialect.notes, *bad.notes(), f"first ends were taken as contexts, second as items: {why}")
    return collector.finish(path.name, notes=notes)
