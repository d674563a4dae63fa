"""Models in TOML files: what the tables and their entries are called, and what each must be.

    [model]
    kind = "graph"              # or one of those below
    nodes = 10000
    blocks = 6
    mean_degree = 40.0          # or density
    mixing = 0.1                # or affinity = [[...], ...]

    [heterogeneity]
    law = "lognormal"           # constant, pareto, lognormal, gamma, zipf
    sigma = 0.8                 # or cv = 0.8; maximum = 20.0 conditions the law

"interactions" has contexts, items, blocks, concentration, and mean_length with length_cv, or length for contexts of exactly that
many items; "bipartite" has contexts, items, blocks, mean_length, length_cv and mixing; "directed" and "popularity_adjusted" have
nodes, blocks, mean_degree and mixing, the former affinity and agreement too; "block_model" has propensities, labels and affinity,
"dot_product" positions and signature. A table [growth] gives interactions dates; [weights] gives the edges of a block model
weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.matrices.described_models import DAYS, GRAPHS, LAWS, WEIGHTS, ModelFile, Table
from experiments.matrices.reading import BadInput, shown
from experiments.matrices.toml_files import toml_tables, toml_text
from simulate.available_memory import memory_in_all
from simulate.validation import did_you_mean

NUMBER, WHOLE, LIST, EITHER = "a number", "a whole number", "a list", "a number or a list"
GRAPH = {"nodes": WHOLE, "blocks": WHOLE, "mean_degree": NUMBER, "mixing": NUMBER}
LOG = {"contexts": WHOLE, "items": WHOLE, "blocks": WHOLE, "mean_length": NUMBER, "length_cv": NUMBER}
KINDS: dict[str, dict[str, str]] = {
    "graph": {**GRAPH, "density": NUMBER, "affinity": LIST, "sizes": LIST},
    "interactions": {
        **LOG,
        "length": WHOLE,
        "concentration": NUMBER,
    },
    "bipartite": {**LOG, "mixing": NUMBER},
    "directed": {**GRAPH, "affinity": LIST, "agreement": NUMBER},
    "popularity_adjusted": GRAPH,
    "block_model": {"propensities": LIST, "labels": LIST, "affinity": LIST},
    "dot_product": {"positions": LIST, "signature": LIST},
}
REQUIRED = {
    "graph": ("nodes", "blocks"),
    "interactions": ("contexts", "items", "blocks"),
    "bipartite": ("contexts", "items", "blocks", "mean_length"),
    "directed": ("nodes", "blocks", "mean_degree"),
    "popularity_adjusted": ("nodes", "blocks", "mean_degree"),
    "block_model": ("propensities", "labels", "affinity"),
    "dot_product": ("positions",),
}
WRITTEN_OUT = {"block_model": "propensities", "dot_product": "positions"}
WEIGHTED = ("graph", "block_model")
LARGEST = 1e18  # of a number; also a whole one then fits 64 bits
BYTES_OF_A_NODE, BYTES_OF_A_BLOCK_PAIR, BYTES_OF_A_PAIR = 100, 32, 24
WAYS = ("contexts", "interactions")


def read_model(path: Path, *, in_parts: int = 1) -> ModelFile:
    """Return the model file at `path`; with `in_parts` one of which so many samples would be drawn part by part.

    Raises
    ------
    BadInput
        for a file that is no TOML, an unknown or missing entry, or a value of another type; the entry is named; for a model
        that memory would not hold, its nodes and a part of its edges.
    """
    tables = toml_tables(toml_text(path), path)
    _require_known(path, "table", tables, ("model", "heterogeneity", "growth", "weights"))
    model = tables.get("model")
    if not isinstance(model, dict):
        raise BadInput(path, "a table [model]", f"tables {', '.join(tables) or 'none'}")
    model = dict(model)
    kind = model.pop("kind", "graph")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadInput(path, f"a kind among {', '.join(KINDS)}", shown(kind), column="kind")
    _require_known(path, "entry", model, tuple(KINDS[kind]))
    for name in REQUIRED[kind]:
        if name not in model:
            raise BadInput(path, f"an entry {name} in [model] of kind {kind!r}", "none")
    for name, value in model.items():
        _require_type(path, name, value, KINDS[kind][name])
    if kind == "interactions":
        _require_lengths(path, model)
    _require_room(path, model, kind, in_parts)
    growth = _growth(path, tables.get("growth", {}), kind)
    weights = _weights(path, tables.get("weights", {}), kind)
    return ModelFile(
        kind, model, _heterogeneity(path, tables.get("heterogeneity", {}), kind), growth, weights
    )


def _require_room(path: Path, model: Table, kind: str, in_parts: int) -> None:
    """Multiply the counts of a model before anything is made of them."""
    nodes = max(model.get("nodes", 0), model.get("items", 0))
    blocks, contexts = model.get("blocks", 0), model.get("contexts", 0)
    if nodes and not 1 <= blocks <= nodes:
        of_what = "node" if "nodes" in model else "item"
        raise BadInput(
            path, f"from 1 to {nodes:,} blocks, one {of_what} in each", shown(blocks), column="blocks"
        )
    pairs = nodes * model.get("mean_degree", model.get("density", 0) * nodes)
    pairs += contexts * max(model.get("mean_length", 0), model.get("length", 0))
    popularities = nodes * blocks if kind == "popularity_adjusted" else nodes
    need = (
        BYTES_OF_A_NODE * (popularities + contexts)
        + BYTES_OF_A_BLOCK_PAIR * blocks**2
        + BYTES_OF_A_PAIR * pairs / in_parts
    )
    if need > (room := memory_in_all()):
        found = f"one that needs about {need:.2g}"
        raise BadInput(path, f"a model that fits into the memory of {room:,} bytes", found)


def _require_lengths(path: Path, model: Table) -> None:
    given = [name for name in ("mean_length", "length") if name in model]
    if len(given) != 1:
        raise BadInput(path, "mean_length or length, one of them", " and ".join(given) or "none")
    if given == ["length"] and "length_cv" in model:
        raise BadInput(path, "no length_cv beside length, which all contexts have", "one", column="length_cv")


def _growth(path: Path, table: Any, kind: str) -> Table:
    if not isinstance(table, dict):
        raise BadInput(path, "a table [growth]", shown(table))
    if table and (kind in GRAPHS or kind == "directed"):
        raise BadInput(path, "a table [growth] beside interactions alone", f"one beside kind {kind!r}")
    _require_known(path, "entry of [growth]", table, ("by", "arriving", "days"))
    for name in ("arriving", "days"):
        if name in table:
            _require_type(path, name, table[name], NUMBER)
    if table.get("days", DAYS) <= 0:
        raise BadInput(path, "a number above 0", shown(table["days"]), column="days")
    if table.get("by", WAYS[0]) not in WAYS:
        raise BadInput(path, f"a way to grow among {', '.join(WAYS)}", shown(table["by"]), column="by")
    return dict(table)


def _weights(path: Path, table: Any, kind: str) -> Table:
    if not isinstance(table, dict):
        raise BadInput(path, "a table [weights]", shown(table))
    if not table:
        return {}
    if kind not in WEIGHTED:
        raise BadInput(
            path,
            f"a table [weights] beside kind {' or '.join(map(repr, WEIGHTED))}",
            f"one beside kind {kind!r}",
        )
    name = table.get("law")
    if not isinstance(name, str) or name not in WEIGHTS:
        raise BadInput(path, f"a law of weights among {', '.join(WEIGHTS)}", shown(name), column="law")
    entries = {entry: value for entry, value in table.items() if entry != "law"}
    _require_known(path, f"entry of law {name!r}", entries, WEIGHTS[name][1])
    for entry in WEIGHTS[name][1]:
        if entry not in entries:
            raise BadInput(path, f"an entry {entry} in [weights] of law {name!r}", "none")
        _require_type(path, entry, entries[entry], EITHER if name == "gaussian" else NUMBER)
    return dict(table)


def _heterogeneity(path: Path, table: Any, kind: str) -> Table:
    if not isinstance(table, dict):
        raise BadInput(path, "a table [heterogeneity]", shown(table))
    if not table:
        return {}
    if kind in WRITTEN_OUT:
        raise BadInput(path, f"no [heterogeneity] beside written-out {WRITTEN_OUT[kind]}", "one")
    name = table.get("law")
    if not isinstance(name, str) or name not in LAWS:
        raise BadInput(path, f"a law among {', '.join(LAWS)}", shown(name), column="law")
    known = (*LAWS[name][1], *(("cv",) if name not in ("constant", "gamma") else ()))
    _require_known(path, f"entry of law {name!r}", {k: v for k, v in table.items() if k != "law"}, known)
    for entry, value in table.items():
        if entry != "law":
            _require_type(path, entry, value, NUMBER)
    need = [entry for entry in LAWS[name][1][:1] if name != "zipf"]
    if need and need[0] not in table and "cv" not in table:
        raise BadInput(path, f"an entry {need[0]} or cv in [heterogeneity]", "none")
    if "cv" in table and name != "gamma" and need and need[0] in table:
        raise BadInput(path, f"{need[0]} or cv, one of them", "both", column="cv")
    return dict(table)


def _require_known(path: Path, what: str, entries: Table, known: tuple[str, ...]) -> None:
    for name in entries:
        if name not in known:
            raise BadInput(
                path,
                f"known entries ({', '.join(known) or 'none'})",
                f"the {what} {shown(name)}{did_you_mean(name, known)}",
            )


def _require_type(path: Path, name: str, value: Any, kind: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
    fits = {
        NUMBER: number,
        WHOLE: number and isinstance(value, int),
        LIST: isinstance(value, list),
        EITHER: number or isinstance(value, list),
    }
    if not fits[kind]:
        raise BadInput(path, kind, shown(value), column=name)
