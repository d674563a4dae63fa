"""What the store of a comparison holds of each matrix, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.running.export import read_rows

MANIFEST = "compare.json"
SOURCES = {"real": "as it is", "twin": "twins", "null": "null"}


@dataclass(frozen=True, eq=False)
class Analysis:
    """One matrix as the store has it: its own measurements and description, and those of its twins and nulls."""

    name: str
    measured: dict[str, list[dict[str, Any]]]
    described: dict[str, Any]

    @property
    def real(self) -> dict[str, Any]:
        """The measurements of the matrix itself."""
        return self.measured["real"][0]


def read_analyses(folder: Path, manifest: dict[str, Any]) -> tuple[list[Analysis], list[str]]:
    """Return the matrices whose own analysis is in the store, and the errors of trials that failed."""
    tables = {source: read_rows(folder, f"compare-{source}", seed=manifest["seed"]) for source in SOURCES}
    found, failures = [], []
    for name in manifest["matrices"]:
        measured: dict[str, list[dict[str, Any]]] = {}
        described: dict[str, Any] = {}
        for source, table in tables.items():
            if not len(table):
                measured[source] = []
                continue
            asked = {"matrix": name, "blocks": manifest["blocks"], "rank": manifest["ranks"][name]}
            mine = table[np.logical_and.reduce([table[key] == value for key, value in asked.items()])]
            failures += [f"{name}, {SOURCES[source]}: {error}" for error in mine["error"].dropna().unique()]
            fine = mine[mine["error"].isna()]
            if source == "twin":
                fine = fine[fine["replicate"] < manifest["twins"]]
            measured[source] = [json.loads(text) for text in fine.get("measured", pd.Series(dtype=str))]
            if source == "real" and len(fine):
                described = json.loads(fine["described"].iloc[0])
        if measured["real"]:
            found.append(Analysis(name, measured, described))
    return found, failures
