"""What does the folder of a comparison hold of each matrix? Its manifest and its store, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.real.comparison import MANIFEST, VERSION
from experiments.running.export import read_rows
from experiments.running.json_files import misfit, read_object, short

SHAPE = {
    "matrices": [str],
    "blocks": str,
    "twins": int,
    "binary": bool,
    "seed": int,
    "ranks": dict,
    "rank": str,
}
NAMED = ("operator", "reading")  # the first only of another operator than the usual one
SOURCES = {"real": "the matrix", "twin": "twins", "curve": "twins", "null": "nulls"}
DRAWN = ("real", "curve", "null")  # the sources of which everything is measured


@dataclass(frozen=True, eq=False)
class Analysis:
    """One matrix: what was measured of it (`real`), its twins (`twin`), some more of them at every rank (`curve`) and its nulls.

    `described` is what is said of the matrix itself.
    """

    name: str
    measured: dict[str, list[dict[str, Any]]]
    described: dict[str, Any]

    @property
    def real(self) -> dict[str, Any]:
        """The measurements of the matrix itself."""
        return self.measured["real"][0]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what `spikeproof compare` wrote of its run: matrices, ranks, blocks, twins and seed.

    Raises
    ------
    ValueError
        for a folder that holds no comparison, one of another version, or one that was changed.
    """
    try:
        manifest = read_object(folder / MANIFEST)
        written = manifest.get("version")
    except (FileNotFoundError, ValueError):
        raise ValueError(
            f"{folder} must hold a comparison that `spikeproof compare` wrote; it has no {MANIFEST} that can be read"
        ) from None
    if written != VERSION:
        raise ValueError(
            f"{folder / MANIFEST} was written by another version of spikeproof; "
            f"run `spikeproof compare` again with --out {folder}"
        )
    wrong = misfit(manifest, {**SHAPE, **{key: str for key in NAMED if key in manifest}}, "")
    if not wrong:
        missing = [name for name in manifest["matrices"] if not isinstance(manifest["ranks"].get(name), int)]
        wrong = f"'ranks' has none for {short(missing[0])}" if missing else ""
    if wrong:
        raise ValueError(f"{folder / MANIFEST} must be as `spikeproof compare` wrote it; {wrong}")
    return manifest


def read_analyses(folder: Path, manifest: dict[str, Any]) -> tuple[list[Analysis], list[str]]:
    """Return the matrices whose analysis is in the store, and the errors of trials that failed."""
    tables = {source: read_rows(folder, f"compare-{source}", seed=manifest["seed"]) for source in SOURCES}
    found, failures = [], []
    for name in manifest["matrices"]:
        measured: dict[str, list[dict[str, Any]]] = {}
        described: dict[str, Any] = {}
        for source, table in tables.items():
            if not len(table):
                measured[source] = []
                continue
            chosen = {"matrix": name, "blocks": manifest["blocks"], "rank": manifest["ranks"][name]}
            chosen |= {key: manifest[key] for key in ("binary", "reading") if key in manifest}
            of_run = [table[key] == value for key, value in chosen.items()]
            mine = table[np.logical_and.reduce([*of_run, _of_operator(table, manifest.get("operator"))])]
            failures += [f"{name}, {SOURCES[source]}: {error}" for error in mine["error"].dropna().unique()]
            fine = mine[mine["error"].isna()]
            if source in ("twin", "curve"):
                fine = fine[fine["replicate"] < manifest["twins"]]
            measured[source] = [json.loads(text) for text in fine.get("measured", pd.Series(dtype=str))]
            if source == "real" and len(fine):
                described = json.loads(fine["described"].iloc[0])
        if measured["real"]:
            found.append(Analysis(name, measured, described))
    return found, failures


def _of_operator(table: pd.DataFrame, operator: str | None) -> Any:
    """Which rows are of this operator; those of the usual one have no such parameter."""
    if "operator" not in table:
        return np.full(len(table), operator is None)
    return table["operator"].isna() if operator is None else table["operator"] == operator
