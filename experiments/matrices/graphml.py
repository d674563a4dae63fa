"""GraphML, read as a stream: nodes, edges, the edge attribute `weight`, the names of nodes; undirected, loops left out.

The file goes through the parser in pieces, so that memory holds 16 bytes for each edge and one copy of each name, never the
document. GraphML is XML: a DOCTYPE or an ENTITY is refused as soon as the parser meets it, since entities can expand without
bound or reach other files, and no graph needs them.
"""

from __future__ import annotations

import math
from array import array
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np

from experiments.matrices.collecting import object_names
from experiments.matrices.finishing import finish_graph
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, pieces, shown
from experiments.matrices.real_matrix import RealMatrix

WEIGHTS = ("weight", "edge weight")  # the second as Gephi writes it
NAMES = ("name", "label")  # attributes of nodes, the first that names each node differently
BOOLEANS = {"true": 1.0, "false": 0.0}
LONGEST = 1 << 20  # characters of one value


def read_graphml(path: Path, options: Reading | None = None) -> RealMatrix:
    """Return the graph of a GraphML file, with the edge attribute `weight` where there is one.

    A key's default holds for every edge or node that has no value of its own. Nodes are named by their attribute `name` (or
    `label`) where it names each differently, else by their id. Time and memory grow with the file.

    Raises
    ------
    BadInput
        for XML that is cut short or unsound, has a DOCTYPE or ENTITY, or is not GraphML; for more than one graph, hyperedges, a
        node that is declared twice, and a weight that is no finite number of at least 0.
    """
    if options is not None and options.kind == "interactions":
        raise BadInput(path, "a graph, which GraphML holds", "a request for interactions")
    found = _Reader(path)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found.parser = parser
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.text
    parser.StartDoctypeDeclHandler = found.refuse_doctype
    parser.EntityDeclHandler = found.refuse_doctype
    try:
        for number, piece in enumerate(pieces(path)):
            if not number and b"\x00" in piece[:64]:
                raise BadInput(path, "GraphML in UTF-8", "another encoding (NUL bytes)", line=1, column=1)
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except ValueError as error:  # expat's word for an encoding that it does not know
        if isinstance(error, BadInput):
            raise
        raise BadInput(path, "GraphML in UTF-8", f"an encoding that cannot be read ({error})") from None
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise BadInput(path, "sound XML", reason, line=error.lineno, column=error.offset + 1) from None
    return found.finish()


class _Reader:
    """What the parser has met so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parser: Any = None
        self.depth: list[str] = []
        self.keys: dict[str, dict[str, str]] = {"node": {}, "edge": {}}  # id of a key: what it stands for
        self.defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
        self.key: tuple[str, str, str] | None = (
            None  # the key that is open: its id, its domain, what it stands for
        )
        self.nodes: dict[str, int] = {}
        self.declared: set[str] = set()
        self.names: dict[str, dict[str, str]] = {name: {} for name in NAMES}
        self.node, self.ends = "", (0, 0)
        self.weight: float | None = None
        self.rows, self.columns, self.weights = array("i"), array("i"), array("d")
        self.unweighted = self.graphs = 0
        self.directed = False
        self.default_direction = ""
        self.data: list[str] | None = None
        self.attribute = ""

    def refuse_doctype(self, *_: Any) -> None:
        raise self.bad("GraphML without entities", "<!DOCTYPE or <!ENTITY, refused")

    def bad(self, expected: str, found: str) -> BadInput:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return BadInput(self.path, expected, found, line=line, column=column)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if not self.depth and tag != "graphml":
            raise self.bad("GraphML", f"the element {shown(tag)}")
        above = self.depth[-1] if self.depth else ""
        self.depth.append(tag)
        if len(self.depth) > 100:
            raise self.bad("GraphML", "elements nested more than 100 deep")
        if tag == "edge":
            self._edge(attributes)
        elif tag == "node":
            self._node(attributes)
        elif tag == "data":
            domain = above if above in self.keys else ""
            self.attribute = self.keys[domain].get(attributes.get("key", ""), "") if domain else ""
            self.data = [] if self.attribute else None
        elif tag == "key":
            self._key(attributes)
        elif tag == "default":
            self.data = []
        elif tag == "graph":
            self.graphs += 1
            if self.graphs > 1:
                raise self.bad("one graph", "a second one" if above == "graphml" else "a graph inside of it")
            self.default_direction = attributes.get("edgedefault", "")
        elif tag == "hyperedge":
            raise self.bad("edges between two nodes", "a hyperedge")

    def _node(self, attributes: dict[str, str]) -> None:
        node = attributes.get("id")
        if node is None:
            raise self.bad("an attribute id of each node", "none")
        if node in self.declared:
            raise self.bad("each node once", f"{shown(node)} again")
        self.declared.add(node)
        self.nodes.setdefault(node, len(self.nodes))
        self.node = node

    def _edge(self, attributes: dict[str, str]) -> None:
        ends = []
        for side in ("source", "target"):
            if side not in attributes:
                raise self.bad(f"an attribute {side} of each edge", "none")
            ends.append(self.nodes.setdefault(attributes[side], len(self.nodes)))
        self.ends, self.weight = (ends[0], ends[1]), None
        given = attributes.get("directed", "").strip().lower()
        self.directed |= given == "true" or (not given and self.default_direction == "directed")

    def _key(self, attributes: dict[str, str]) -> None:
        key = attributes.get("id", "")
        name = attributes.get("attr.name", key).strip().lower()
        domain = attributes.get("for", "all").strip()
        for one, known in (("edge", WEIGHTS), ("node", NAMES)):
            if domain in (one, "all") and name in known:
                self.keys[one][key] = "weight" if one == "edge" else name
                self.key = (key, one, self.keys[one][key])
                return
        self.key = None

    def text(self, piece: str) -> None:
        if self.data is not None:
            self.data.append(piece)
            if len(self.data) > 1 and sum(map(len, self.data)) > LONGEST:
                raise self.bad(f"values of at most {LONGEST:,} characters", "a longer one")

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self.depth.pop()
        if tag == "edge":
            self.rows.append(self.ends[0])
            self.columns.append(self.ends[1])
            if self.weight is None and (given := self.defaults["edge"].get("weight")) is not None:
                self.weight = self._number(given)
            self._append(self.weight)
        elif tag == "data" and self.data is not None:
            value = "".join(self.data)
            if self.attribute == "weight":
                self.weight = self._number(value)
            else:
                self.names[self.attribute][self.node] = value.strip()
            self.data = None
        elif tag == "default" and self.data is not None:
            if self.key is not None:
                self.defaults[self.key[1]][self.key[2]] = "".join(self.data)
            self.data = None

    def _append(self, weight: float | None) -> None:
        """Keep the weight of an edge; nothing is kept until an edge has one."""
        if weight is None:
            self.unweighted += 1
            if not self.weights:
                return
        elif not self.weights:
            self.weights.extend(array("d", [1.0]) * (len(self.rows) - 1))
        self.weights.append(1.0 if weight is None else weight)

    def _number(self, text: str) -> float:
        word = text.strip().lower()
        try:
            weight = BOOLEANS[word] if word in BOOLEANS else float(word)
        except ValueError:
            weight = math.nan
        if not 0 <= weight < math.inf:
            raise self.bad("a weight, a number of at least 0", shown(text.strip()))
        return weight

    def finish(self) -> RealMatrix:
        if len(self.rows) == 0:
            raise BadInput(self.path, "a graph with an edge", f"{len(self.nodes)} node(s) and none")
        notes: tuple[str, ...] = ()
        if self.directed:
            notes = ("directed edges were taken as undirected",)
        if undeclared := len(self.nodes) - len(self.declared):
            notes = (*notes, f"{undeclared:,} nodes are named by edges alone")
        weighted = self.unweighted < len(self.rows)
        if weighted and self.unweighted:
            notes = (*notes, f"{self.unweighted:,} edges have no weight; they weigh 1")
        items, said = self._items()
        # arrays on the same memory
        ends = np.frombuffer(self.rows, dtype=np.int32), np.frombuffer(self.columns, dtype=np.int32)
        try:
            return finish_graph(
                self.path.name,
                *ends,
                np.frombuffer(self.weights) if weighted else None,
                len(self.nodes),
                notes=(*notes, *said),
                items=object_names(items),
            )
        except ValueError as error:
            found = str(error).removeprefix(f"{self.path.name}: ")
            raise BadInput(self.path, "a graph", found) from None

    def _items(self) -> tuple[list[str], tuple[str, ...]]:
        """Return the names of the nodes, and which attribute they come from where it is not the id."""
        for name in NAMES:
            default = self.defaults["node"].get(name, "").strip()
            names = [self.names[name].get(node, default) for node in self.nodes]
            if all(names) and len(set(names)) == len(names):
                same = names == list(self.nodes)
                return names, () if same else (f"nodes are named by their attribute {name!r}",)
        return list(self.nodes), ()
