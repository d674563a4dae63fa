"""What does the folder of a comparison hold of each matrix? Its manifest and its store, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.real.compared import MANIFEST, PAIR, PREFIX, VECTORS, VERSION
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
LISTS = {"vectors": [str], "pairs": [[str]], "apart": [str]}  # of inputs; the last are sentences
LOGS = ("log", "held_out")  # beside vectors of one's own
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
    texts = {key: str for key in (*NAMED, *LOGS, "stage") if key in manifest}
    lists = {key: shape for key, shape in LISTS.items() if key in manifest}
    wrong = misfit(manifest, {**SHAPE, **texts, **lists}, "")
    if not wrong:
        missing = [name for name in manifest["matrices"] if not isinstance(manifest["ranks"].get(name), int)]
        wrong = f"'ranks' has none for {short(missing[0])}" if missing else _wrong_pair(manifest)
    if wrong:
        raise ValueError(f"{folder / MANIFEST} must be as `spikeproof compare` wrote it; {wrong}")
    return manifest


def _wrong_pair(manifest: dict[str, Any]) -> str:
    """Which pair is no pair of inputs, in words; empty where all are."""
    pairs = manifest.get("pairs", [])
    wrong = [pair for pair in pairs if len(pair) != 2 or not set(pair) <= set(manifest["matrices"])]
    return f"'pairs' holds {short(wrong[0])}" if wrong else ""


def read_analyses(folder: Path, manifest: dict[str, Any]) -> tuple[list[Analysis], list[str]]:
    """Return the matrices whose analysis is in the store, and the errors of trials that failed.

    Of a first look only the matrices themselves are there, at first sight.
    """
    found, failures = [], []
    tables: dict[str, pd.DataFrame] = {}
    for name in manifest["matrices"]:
        prefix = VECTORS if name in manifest.get("vectors", []) else PREFIX
        measured: dict[str, list[dict[str, Any]]] = {}
        described: dict[str, Any] = {}
        for source in SOURCES:
            study = f"{prefix}-{_stored_as(source, manifest)}"
            if study not in tables:
                tables[study] = read_rows(folder, study, seed=manifest["seed"])
            mine = _rows_of(tables[study], name, manifest)
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


def read_pairs(folder: Path, manifest: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the pairs of inputs that share named items, as `named_side_by_side` puts them, and the errors of trials that failed.

    Each has the names of its inputs, `first` and `second`.
    """
    found: list[dict[str, Any]] = []
    failures = []
    table = read_rows(folder, PAIR, seed=manifest["seed"]) if manifest.get("pairs") else pd.DataFrame()
    for first, second in manifest.get("pairs", []) if len(table) else []:
        ranks = manifest["ranks"]
        chosen = {"matrix": first, "other": second, "rank": ranks[first], "other_rank": ranks[second]}
        chosen |= {key: manifest[key] for key in ("binary", "reading")}
        of_run = [table[key] == value for key, value in chosen.items()]
        of_run += [_same(table, key, manifest.get(key)) for key in ("operator", *LOGS)]
        for row in table[np.logical_and.reduce(of_run)].to_dict("records"):
            if isinstance(row["error"], str):
                failures.append(f"{first} beside {second}: {row['error']}")
            else:
                found.append({"first": first, "second": second, **json.loads(row["pair"])})
    return found, failures


def _stored_as(source: str, manifest: dict[str, Any]) -> str:
    """The study of a source; a first look has that of the matrix alone."""
    if manifest.get("stage") != "first":
        return source
    return "first" if source == "real" else "none"


def _rows_of(table: pd.DataFrame, name: str, manifest: dict[str, Any]) -> pd.DataFrame:
    """The rows of a matrix that belong to this run."""
    if not len(table):
        return pd.DataFrame({"error": [], "replicate": []})
    chosen = {"matrix": name, "blocks": manifest["blocks"], "rank": manifest["ranks"][name]}
    chosen |= {key: manifest[key] for key in ("binary", "reading") if key in manifest}
    of_run = [table[key] == value for key, value in chosen.items() if key in table]
    of_run += [_same(table, key, manifest.get(key)) for key in ("operator", *LOGS)]
    return table[np.logical_and.reduce(of_run)]


def _same(table: pd.DataFrame, key: str, value: str | None) -> Any:
    """Which rows have this value of a parameter; a table without it has none."""
    if key not in table:
        return np.full(len(table), value is None or key in LOGS)
    return table[key].isna() if value is None else table[key] == value
