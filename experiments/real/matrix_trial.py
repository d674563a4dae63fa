"""One analysis of a comparison: of a matrix itself, of one twin with a twin of its own, or of one null. A row of JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.real.description import describe, first_look
from experiments.real.nulls import null_of
from experiments.real.prepared import Prepared, prepared
from experiments.real.reading_options import options_of
from experiments.real.statistics import (
    Pair,
    analysed,
    analysed_at,
    measure,
    measure_at_rank,
    side_by_side,
)
from experiments.real.twins import By, sample_twin, twin_of


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse the matrix itself (`first`, `real`), one twin or one null, whichever the cell's `source` names."""
    rank, rng = cell["rank"], rngs["draw"]
    operator = cell.get("operator")
    own = prepared(
        cell["matrix"], options_of(cell["reading"]), binary=cell["binary"], rank=rank, operator=operator
    )
    real, kind = own.real, own.kind
    described: dict[str, Any] = {}
    if cell["source"] == "twin":
        measured = _twin_and_its_twin(own, cell["blocks"], rank, rng)
    elif cell["source"] == "curve":
        analysis = None if cell["blocks"] == "labels" else own.found
        twin = sample_twin(real, cell["blocks"], rank, rng, found=analysis)
        measured = measure(analysed(twin, kind, rank, operator), rank)
    elif cell["source"] == "null":
        measured = measure(analysed(null_of(real.matrix, kind, rng), kind, rank, operator), rank)
    else:
        contexts = None if kind == "graph" else int(real.matrix.shape[0])
        pairs = int(real.matrix.nnz // (2 if kind == "graph" else 1))
        if cell["source"] == "first":
            said = first_look(real, own.found, rank, rng)
        else:
            said = describe(real, own.found, rank, rng)
        described = {"contexts": contexts, "pairs": pairs, **said}
        measured = measure(own.found, rank)
    return as_row(measured, described)


def as_row(measured: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of what was measured, and of what is said where anything is, as JSON text."""
    return {
        "measured": json.dumps(measured, separators=(",", ":")),
        "described": json.dumps(described, separators=(",", ":")) if described else None,
    }


def _twin_and_its_twin(own: Prepared, blocks: By, rank: int, rng: np.random.Generator) -> dict[str, Any]:
    """Measure a twin at the rank: by itself, beside the matrix, and beside a twin of its own, which a small twin may not have."""
    twin = sample_twin(own.real, blocks, rank, rng, found=None if blocks == "labels" else own.found)
    found = analysed_at(twin, own.kind, rank, own.operator)
    beside_own_twin: dict[str, Pair] | None = None
    try:
        again = twin_of(twin, own.real, blocks, rank, rng, found=None if blocks == "labels" else found)
        beside_own_twin = side_by_side(found, analysed_at(again, own.kind, rank, own.operator), rank)
    except ValueError:  # too few of its items are left, or too few dimensions
        pass
    return {
        **measure_at_rank(found, rank),
        "beside_matrix": side_by_side(own.found, found, rank),
        "beside_own_twin": beside_own_twin,
    }
