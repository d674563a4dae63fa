"""Models in TOML files: the recipe of a block model, of an interaction log, or a block model written out in full.

    [model]
    kind = "graph"              # or "interactions", "block_model"
    nodes = 10000
    blocks = 6
    mean_degree = 40.0          # or density
    mixing = 0.1                # or affinity = [[...], ...]

    [heterogeneity]
    law = "lognormal"           # constant, pareto, lognormal, gamma, zipf
    sigma = 0.8                 # or cv = 0.8; maximum = 20.0 conditions the law

"interactions" has contexts, items, blocks, mean_length, concentration and length_cv; "block_model" has propensities,
labels and affinity. What is read and written again is the same.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices.reading import BadInput, shown
from simulate import (
    BlockModel,
    Constant,
    Gamma,
    Heterogeneity,
    InteractionModel,
    LogNormal,
    Pareto,
    Zipf,
    dcbm,
)
from simulate.validation import did_you_mean

Table = dict[str, Any]
NUMBER, WHOLE, LIST = "a number", "a whole number", "a list"
GRAPH = {"nodes": WHOLE, "blocks": WHOLE, "mean_degree": NUMBER, "density": NUMBER, "mixing": NUMBER}
KINDS: dict[str, dict[str, str]] = {
    "graph": {**GRAPH, "affinity": LIST, "sizes": LIST},
    "interactions": {
        "contexts": WHOLE,
        "items": WHOLE,
        "blocks": WHOLE,
        "mean_length": NUMBER,
        "concentration": NUMBER,
        "length_cv": NUMBER,
    },
    "block_model": {"propensities": LIST, "labels": LIST, "affinity": LIST},
}
REQUIRED = {
    "graph": ("nodes", "blocks"),
    "interactions": ("contexts", "items", "blocks", "mean_length"),
    "block_model": ("propensities", "labels", "affinity"),
}
LAWS: dict[str, tuple[Callable[..., Heterogeneity], tuple[str, ...]]] = {
    "constant": (Constant, ()),
    "pareto": (Pareto, ("exponent", "maximum")),
    "lognormal": (LogNormal, ("sigma", "maximum")),
    "gamma": (Gamma, ("cv", "maximum")),
    "zipf": (Zipf, ("exponent",)),
}


@dataclass(frozen=True)
class ModelFile:
    """What a model file says: its `kind`, the entries of its tables [model] and [heterogeneity]."""

    kind: str
    entries: Table
    heterogeneity: Table = field(default_factory=dict)

    def law(self) -> Heterogeneity:
        """The law of the propensities; Constant when the file names none."""
        options = dict(self.heterogeneity)
        name = options.pop("law", "constant")
        law, _ = LAWS[name]
        if name != "gamma" and "cv" in options:
            if name == "zipf":
                options["n"] = self.entries.get("nodes", self.entries.get("items"))
            return law.from_cv(**options)  # type: ignore[attr-defined, no-any-return]
        return law(**options)

    def build(self, rng: np.random.Generator) -> BlockModel | InteractionModel:
        """Draw the propensities and shuffle the labels, where the file leaves that to chance."""
        entries = dict(self.entries)
        if self.kind == "block_model":
            return BlockModel(**entries)
        blocks = entries.pop("blocks")
        if self.kind == "graph":
            return dcbm(entries.pop("nodes"), blocks, heterogeneity=self.law(), rng=rng, **entries)
        n = entries.pop("items")
        del entries["contexts"]
        return InteractionModel(self.law().sample(n, rng), rng.permutation(np.arange(n) % blocks), **entries)


def read_model(path: Path) -> ModelFile:
    """Return the model file at `path`.

    Raises
    ------
    BadInput
        for a file that is no TOML, an unknown or missing entry, or a value of another type; the entry is named.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        found = "one nested too deeply" if isinstance(error, RecursionError) else shown(str(error))
        raise BadInput(path, "a TOML file in UTF-8", found) from None
    _require_known(path, "table", tables, ("model", "heterogeneity"))
    model = tables.get("model")
    if not isinstance(model, dict):
        raise BadInput(path, "a table [model]", f"tables {', '.join(tables) or 'none'}")
    model = dict(model)
    kind = model.pop("kind", "graph")
    if kind not in KINDS:
        raise BadInput(path, f"a kind among {', '.join(KINDS)}", shown(kind), column="kind")
    _require_known(path, "entry", model, tuple(KINDS[kind]))
    for name in REQUIRED[kind]:
        if name not in model:
            raise BadInput(path, f"an entry {name} in [model] of kind {kind!r}", "none")
    for name, value in model.items():
        _require_type(path, name, value, KINDS[kind][name])
    return ModelFile(kind, model, _heterogeneity(path, tables.get("heterogeneity", {}), kind))


def _heterogeneity(path: Path, table: Any, kind: str) -> Table:
    if not isinstance(table, dict):
        raise BadInput(path, "a table [heterogeneity]", shown(table))
    if not table:
        return {}
    if kind == "block_model":
        raise BadInput(path, "no [heterogeneity] beside written-out propensities", "one")
    name = table.get("law")
    if name not in LAWS:
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
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    fits = {NUMBER: number, WHOLE: number and isinstance(value, int), LIST: isinstance(value, list)}[kind]
    if not fits:
        raise BadInput(path, kind, shown(value), column=name)
