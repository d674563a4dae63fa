"""How is an edge list written? Its first lines tell: comments, a header, what is between the fields, which fields are the ends.

Many programs write "a b" or "a b weight" on a line, and each has its own additions:

| by | addition | read as |
|---|---|---|
| SNAP, KONECT | lines of "# text" or "% text" | comments: a `#` or `%` that is not followed by a blank begins a name |
| KONECT | a first line "% bip ..." | two kinds of ends: contexts and items |
| KONECT | four columns: ends, weight, time | the time is left out, and said |
| Gephi, SNAP tables | a header, perhaps with further columns | ends and weight are found by their names, and said |
| networkx | `{'weight': 2.0}` behind the ends | the weight |
| `spikeproof sample` | "# Nodes: 300 Edges: 250 (numbered from 0 to 299)" | all nodes, also those without an edge |
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from experiments.matrices.formats import Reading
from experiments.matrices.limits import require_not_too_sparse
from experiments.matrices.reading import BadInput, BadRows, lines, shown

DECLARED = re.compile(r"# Nodes: (\d{1,10}) Edges: (\d{1,15}) \(numbered from 0 to (\d{1,10})\)\s*")
TWO_KINDS = re.compile(r"%\s*bip\b")
SOURCES = (
    "source",
    "src",
    "from",
    "start",
    "tail",
    "node1",
    "node_1",
    "nodea",
    "node_a",
    "id1",
    "id_1",
    "user1",
    "user_1",
    "v1",
    "vertex1",
    "u",
    "i",
    "fromnodeid",
    "fromnode",
    "from_node",
    "from_id",
    "source_id",
    "sourceid",
)
TARGETS = (
    "target",
    "tgt",
    "dst",
    "dest",
    "destination",
    "to",
    "end",
    "head",
    "node2",
    "node_2",
    "nodeb",
    "node_b",
    "id2",
    "id_2",
    "user2",
    "user_2",
    "v2",
    "vertex2",
    "v",
    "j",
    "tonodeid",
    "tonode",
    "to_node",
    "to_id",
    "target_id",
    "targetid",
)
WEIGHTS = ("weight", "weights", "w", "count", "counts", "strength", "value")
OTHERS = ",;|\t"


@dataclass(frozen=True)
class Dialect:
    """How the lines below the first `above` are to be read.

    `places` are those of the two ends, and of the weight where there is one, among `width` fields; with `width` 0 a line may have
    two fields, three or (with a time that is left out) four. `declared` is the number of nodes where the file says that they are
    0, 1, ... `two_kinds`: the ends are contexts and items. `first` is the line of the first edge.
    """

    separator: str | None
    above: int
    width: int
    places: tuple[int, ...]
    declared: int | None
    two_kinds: bool
    comments: int
    header: tuple[str, ...]
    notes: tuple[str, ...]


def is_comment(text: str) -> bool:
    """Whether a line is a comment: a `#` or `%` at its start, with a blank, the same character or nothing behind it.

    >>> [is_comment(text) for text in ("# nodes", "#", "%% x", "#rock #pop", "%mix jazz")]
    [True, True, True, False, False]
    """
    head = text.lstrip()[:2]
    return head[:1] in ("#", "%") and (len(head) == 1 or head[1].isspace() or head[1] == head[0])


def fields_of(text: str, separator: str | None) -> list[str]:
    """Return the fields of a line; attributes in braces, as networkx writes them, are one field.

    >>> fields_of("a b {'weight': 2.0, 'kind': 'x y'}", None), fields_of('"a, b",c', ",")
    (['a', 'b', "{'weight': 2.0, 'kind': 'x y'}"], ['a, b', 'c'])

    Raises
    ------
    csv.Error
        for quotes that do not end, where fields are between separators.
    """
    stripped = text.strip()
    if stripped.endswith("}") and (brace := stripped.find("{")) > 0:
        front = stripped[:brace].rstrip()
        front = front if separator is None else front.removesuffix(separator)
        if brace and stripped[brace - 1] in (separator or " \t"):
            return [*fields_of(front, separator), stripped[brace:]]
    if separator is None:
        return stripped.split()
    if '"' in text and separator != '"':
        row = next(csv.reader([text], delimiter=separator, strict=True), [])
        return [field.strip() for field in row]
    return [field.strip() for field in text.split(separator)]


def dialect_of(path: Path, options: Reading, separator: str | None) -> Dialect:
    """Return how the file is written, from its comments and first two other lines.

    Raises
    ------
    BadInput
        for columns that are not there, another separator, or more nodes declared than the file has room for.
    """
    comments, declared, two_kinds = 0, None, False
    found: list[tuple[int, str]] = []
    for number, text in lines(path, encoding=options.encoding, bad=BadRows(options.skip_bad_rows)):
        if is_comment(text):
            comments += not found
            two_kinds |= bool(TWO_KINDS.match(text))
            if match := DECLARED.fullmatch(text):
                declared = _declared(path, number, match)
        elif text.strip():
            found.append((number, text))
            if len(found) == 2:
                break
    first, *others = [_fields_or_none(text, separator) for _, text in found] or [[]]
    if found and not options.skip_bad_rows:
        _require_separator(path, *found[0], separator)
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if options.header and found and _is_header(first, others):
        header = tuple(first)
    width = 0
    places: tuple[int, ...] = (0, 1, 2)
    if options.columns is not None or header:
        width = len(first)
        places = _places(path, found[0][0] if found else 1, first, header, options.columns)
        if header:
            notes = (_told(found[0][0], header, places),)
    above = found[0][0] - (not header) if found else 0
    return Dialect(separator, above, width, places, declared, two_kinds, comments, header, notes)


def _fields_or_none(text: str, separator: str | None) -> list[str]:
    """Return the fields of a line; none where its quotes are unsound, which the reader tells when it comes to the line."""
    try:
        return fields_of(text, separator)
    except csv.Error:
        return []


def _is_header(first: list[str], others: list[list[str]]) -> bool:
    if len(first) < 2 or any(map(_is_number, first[:2])):
        return False
    small = [name.lower() for name in first]
    named = any(name in SOURCES for name in small) and any(name in TARGETS for name in small)
    below = others[0] if others else []
    if named and (len(small[0]) > 1 or len(first) > 2):
        return True
    return len(below) >= 2 and all(map(_is_number, below[:2]))


def _places(
    path: Path, line: int, first: list[str], header: tuple[str, ...], columns: tuple[str, ...] | None
) -> tuple[int, ...]:
    if columns is not None:
        if len(columns) not in (2, 3):
            raise ValueError(
                f"columns of an edge list must name two ends and perhaps a weight; got {columns}"
            )
        places = []
        for name in columns:
            if name in header:
                places.append(header.index(name))
            elif name.isascii() and name.isdigit() and 1 <= int(name) <= len(first):
                places.append(int(name) - 1)
            else:
                known = ", ".join(map(shown, (header or [str(k + 1) for k in range(len(first))])[:20]))
                raise BadInput(path, f"a column {shown(name)}", f"columns {known}", line=line)
        return tuple(places)
    small = [name.lower() for name in header]
    ends = [next((k for k, name in enumerate(small) if name in known), None) for known in (SOURCES, TARGETS)]
    source, target = ends if None not in ends and ends[0] != ends[1] else (0, 1)
    weight = next((k for k, name in enumerate(small) if name in WEIGHTS and k not in (source, target)), None)
    return (source, target) if weight is None else (source, target, weight)  # type: ignore[return-value]


def _told(line: int, header: tuple[str, ...], places: tuple[int, ...]) -> str:
    names = [shown(header[place]) for place in places]
    taken = f"ends = {names[0]}, {names[1]}" + (f"; weight = {names[2]}" if len(names) == 3 else "")
    left = [shown(name) for k, name in enumerate(header[:20]) if k not in places]
    more = f"; left out: {', '.join(left)} (--columns chooses others)" if left else ""
    return f"line {line} was taken as the header ({taken}{more}); if it is an edge, say so (--no-header)"


def _declared(path: Path, line: int, match: re.Match[str]) -> int:
    nodes, edges, last = (int(number) for number in match.groups())
    if last != nodes - 1:
        raise BadInput(path, f"nodes numbered from 0 to {nodes - 1}", f"to {last}", line=line)
    # a line of a file has at least the four bytes of "0 1" and its end
    require_not_too_sparse(path, (nodes, nodes), min(edges, path.stat().st_size), line=line)
    return nodes


def _require_separator(path: Path, line: int, text: str, separator: str | None) -> None:
    """Refuse a first line that another separator divides where this one does not."""
    if separator is None and "{" not in text:
        tabs = [field.strip() for field in text.strip().split("\t")]
        inside = 2 <= len(tabs) <= 4 and all(tabs[:2]) and any(len(tab.split()) > 1 for tab in tabs[:2])
        if inside:
            found = f"blanks inside of fields between tabs: {shown(text)}; if tabs separate them, say so"
            raise BadInput(path, "fields between blanks", f"{found} (--separator '\\t')", line=line)
    if len(_fields_or_none(text, separator)) == 1:
        better = next((mark for mark in OTHERS if mark in text.strip()), None)
        hint = "" if better is None else f"; the separator may be {better!r} (--separator)"
        found = f"1: {shown(text.strip())}{hint}"
        raise BadInput(path, "2 or 3 fields (two nodes, a weight)", found, line=line, column=1)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def edge_rows(path: Path, options: Reading, dialect: Dialect, bad: BadRows) -> Iterator[tuple[int, str]]:
    """Yield number and text of the lines below the first ones that are not blank."""
    for number, text in lines(path, encoding=options.encoding, bad=bad):
        if number > dialect.above and text.strip():
            yield number, text
