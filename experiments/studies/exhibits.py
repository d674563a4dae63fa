"""Exhibits: embeddings to look at, as rows of a study, so that the page draws them from the store alone.

A row's `exhibit` is JSON text: up to `POINTS` rows of U|Lambda| on its leading dimensions, each with its spike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

import theory
from experiments.running.study import Study
from simulate import LogNormal, dcbm, sample_graph, sbm
from simulate.nulls import permuted_items
from theory.analysis.pipeline import Kind

STUDY = "exhibits"
POINTS = 1500
RANK = 8
BLOCKS = 6
MATRICES = ("films-actors",)


def exhibits(matrices: tuple[str, ...]) -> Study:
    """Return the study of exhibits: a DCBM, an SBM, and each real matrix beside its permuted twin."""
    real = [{"source": name, "null": null} for name in matrices for null in (False, True)]
    grid: list[dict[str, Any]] = [{"source": "dcbm", "null": False}, {"source": "sbm", "null": False}, *real]
    return Study(
        STUDY,
        grid,
        exhibit_trial,
        replicates=1,
        version=1,
        roles={"data": ("source", "null"), "show": ("source", "null")},
    )


def exhibit_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Embed the source of this cell and return its points as JSON text."""
    matrix, kind, caption = source_matrix(cell["source"], cell["null"], rngs["data"])
    embedding = theory.analyse(
        matrix, BLOCKS if cell["source"] in ("dcbm", "sbm") else RANK, kind=kind
    ).embedding
    rank, vectors = embedding.rank, embedding.vectors("full")
    spikes = theory.spikiness(vectors)
    alive = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    shown = np.sort(rngs["show"].choice(alive, min(POINTS, alive.size), replace=False))
    n = len(vectors) - spikes.n_zero
    caption = f"{caption}: {spikes.n_peaks} peaks hold half of {n:,} rows at f = {rank} ({spikes.value:.2%})"
    points = [[float(f"{x:.4g}") for x in row] for row in vectors[shown, : min(rank, 4)]]
    exhibit = {"caption": caption, "points": points, "spikes": spikes.membership[shown].tolist()}
    return {"exhibit": json.dumps(exhibit, separators=(",", ":")), "peaks": spikes.n_peaks}


def source_matrix(source: str, null: bool, rng: np.random.Generator) -> tuple[Any, Kind, str]:
    """The matrix to analyse, what it is, and what to call it."""
    if source == "dcbm":
        model = dcbm(3000, BLOCKS, heterogeneity=LogNormal(0.8), mean_degree=60, rng=rng)
        return (
            sample_graph(model, rng, law="poisson"),
            "graph",
            f"Degree-corrected block model, {BLOCKS} communities",
        )
    if source == "sbm":
        model = sbm(3000, BLOCKS, mean_degree=60, rng=rng)
        return sample_graph(model, rng, law="poisson"), "graph", "Block model without popularity"
    from experiments.matrices import load

    real = load(source)
    if real.interactions is None:
        return real.graph, "graph", source
    interactions = permuted_items(real.interactions, rng) if null else real.interactions
    return interactions, "interactions", f"{source}, items permuted" if null else source
