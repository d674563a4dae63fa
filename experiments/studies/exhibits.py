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

STUDY = "exhibits"
POINTS = 1500
RANK = 8
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
    matrix, caption = _matrix(cell["source"], cell["null"], rngs["data"])
    rank = min(6 if cell["source"] in ("dcbm", "sbm") else RANK, matrix.shape[0] - 1)
    vectors = theory.embed(matrix, rank).vectors("full")
    spikes = theory.spikiness(vectors)
    alive = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    shown = np.sort(rngs["show"].choice(alive, min(POINTS, alive.size), replace=False))
    n = len(vectors) - spikes.n_zero
    caption = f"{caption}: {spikes.n_peaks} peaks hold half of {n:,} rows at f = {rank} ({spikes.value:.2%})"
    points = [[float(f"{x:.4g}") for x in row] for row in vectors[shown, : min(rank, 4)]]
    exhibit = {"caption": caption, "points": points, "spikes": spikes.membership[shown].tolist()}
    return {"exhibit": json.dumps(exhibit, separators=(",", ":")), "peaks": spikes.n_peaks}


def _matrix(source: str, null: bool, rng: np.random.Generator) -> tuple[Any, str]:
    if source == "dcbm":
        model = dcbm(3000, 6, heterogeneity=LogNormal(0.8), mean_degree=60, rng=rng)
        return sample_graph(model, rng, law="poisson"), "Degree-corrected block model, 6 communities"
    if source == "sbm":
        return sample_graph(
            sbm(3000, 6, mean_degree=60, rng=rng), rng, law="poisson"
        ), "Block model without popularity"
    from experiments.matrices import load

    real = load(source)
    if real.interactions is None:
        return real.graph, source
    interactions = permuted_items(real.interactions, rng) if null else real.interactions
    return theory.ppmi(interactions, top_k=None).matrix, f"{source}, items permuted" if null else source
