"""Registered trials: what a study file may name. Each declares its parameters with defaults, and its roles.

| parameter of all trials | |
|---|---|
| `n`, `blocks` | nodes and blocks of a degree-corrected block model with Poisson edges |
| `mean_degree` | expected mean degree |
| `mixing` | affinity between blocks over that within |
| `sigma` | standard deviation of ln theta; 0 makes all propensities equal |
| `noise` | share of the expected edges that ignore the blocks; they follow the propensities, and the mean degree stays |
| `operator` | of those that embed a graph: which of `theory.OPERATORS`; the adjacency matrix unless a study names it |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

import theory
from experiments.running.study import Trial
from experiments.studies.noise_dials import DIALS, corrupted, with_wrong_labels
from simulate import BlockModel, Constant, LogNormal, dcbm, grow_graph, sample_graph, thin_graph

Row = dict[str, Any]
Rngs = Mapping[str, np.random.Generator]
OPERATOR = {"operator": "adjacency"}
GRAPH = ("n", "blocks", "mixing", "mean_degree", "sigma", "noise")


@dataclass(frozen=True)
class Registered:
    """A trial by name: `defaults` are its parameters, whose types a study file must keep; `roles` as in a study.

    `optional` parameters are in a cell only where a study names them (`experiments.studies.optional_parameters`). Without
    `defaults` (None) a study file gives whatever parameters it likes.
    """

    trial: Trial
    version: int
    defaults: Mapping[str, Any] | None
    roles: Mapping[str, tuple[str, ...]] | None
    optional: Mapping[str, Any] = field(default_factory=dict)


def spikes_of_a_block_model(cell: Mapping[str, Any], rngs: Rngs) -> Row:
    """Sample a block model, add noise to the graph, embed it, and measure its spikes and the rows on their own ray.

    Rays are those of the labels that one is told, of which the share `mislabelled` is wrong. The dials of noise are those of
    `experiments.studies.noise_dials`.
    """
    model = _model(cell, rngs["graph"])
    truth = with_wrong_labels(model, cell, rngs["noise"])
    graph = corrupted(sample_graph(truth, rngs["graph"], law="poisson"), truth, cell, rngs["noise"])
    rank = min(cell["rank"] or cell["blocks"], cell["n"] - 1)
    embedding = theory.embed(graph, rank, operator=cell.get("operator"))
    vectors = embedding.vectors(cast(theory.Scaling, cell["scaling"]))
    spikes = theory.spikiness(vectors, cosine=cell["cosine"], coverage=cell["coverage"])
    cosines = theory.cosines_to_axes(vectors, model.labels, model.n_blocks)
    return {
        "peaks": spikes.n_peaks,
        "spk": spikes.value,
        "zero_rows": spikes.n_zero,
        "on_own_ray": float((cosines > cell["cosine"]).mean()),
        "cv_theta": model.heterogeneity.cv,
    }


def visibility_of_a_block_model(cell: Mapping[str, Any], rngs: Rngs) -> Row:
    """Predict how far the weakest community stands out of the noise, and measure how well the embedding finds it."""
    model = _model(cell, rngs["graph"])
    strengths = theory.visibility(model, "poisson")
    visible = int((strengths > 1).sum())
    embedding = theory.embed(sample_graph(model, rngs["graph"], law="poisson"), cell["blocks"])
    _, population = model.spectrum()
    captured = (population.T @ embedding.basis) ** 2
    return {
        "visible": visible,
        "weakest_strength": float(strengths.min()) if strengths.size else 0.0,
        "overlap_of_the_weakest": float(captured.sum(axis=1).min()),
        "on_own_ray": float(
            (theory.cosines_to_axes(embedding.vectors(), model.labels, model.n_blocks) > 0.9).mean()
        ),
    }


def spikes_of_a_growing_graph(cell: Mapping[str, Any], rngs: Rngs) -> Row:
    """Measure the stability of neighbours, by fifth of norm, between an early snapshot of a graph and the graph itself.

    Each edge is in the snapshot with probability `keep`. With a share `arriving` of the nodes that arrive late, the graph grows
    instead, and `keep` is the date of the snapshot: nodes born before it have the edges of their lifetime, the others none.
    """
    model = _model(cell, rngs["graph"])
    later = sample_graph(model, rngs["graph"], law="poisson", dtype=np.float64)
    if cell["arriving"]:
        earlier = grow_graph(later, rngs["growth"], arriving=cell["arriving"]).at(cell["keep"])
    else:
        earlier = thin_graph(later, cell["keep"], rngs["thinning"])
    rank, operator = cell["blocks"], cell.get("operator")
    before, after = (theory.embed(graph, rank, operator=operator).vectors() for graph in (earlier, later))
    found = theory.stability(
        before, after, cell["k"], rng=rngs["queries"], n_queries=cell["queries"], within_part=True
    )
    overlaps = {f"overlap_{fifth + 1}": float(value) for fifth, value in enumerate(found.overlap)}
    return {**overlaps, "left_out": found.n_zero}


def _model(cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    law = LogNormal(cell["sigma"]) if cell["sigma"] > 0 else Constant()
    model = dcbm(
        cell["n"],
        cell["blocks"],
        heterogeneity=law,
        mean_degree=cell["mean_degree"],
        mixing=cell["mixing"],
        rng=rng,
    )
    if cell["noise"] == 0:
        return model
    # theta theta' times a constant: background edges follow the propensities, so that the ray of the noise is the Perron ray
    mean = model.expected_degrees().mean()
    flat = BlockModel(model.propensities, model.labels, np.ones_like(model.affinity))
    background = np.ones_like(model.affinity) * mean / flat.expected_degrees().mean()
    return BlockModel(
        model.propensities, model.labels, (1 - cell["noise"]) * model.affinity + cell["noise"] * background
    )


_MODEL: dict[str, Any] = {
    "n": 1000,
    "blocks": 4,
    "mixing": 0.1,
    "mean_degree": 40.0,
    "sigma": 0.6,
    "noise": 0.0,
}

TRIALS: dict[str, Registered] = {
    "spikes_of_a_block_model": Registered(
        spikes_of_a_block_model,
        1,
        {**_MODEL, "rank": 0, "scaling": "full", "cosine": 0.9, "coverage": 0.5, **DIALS},
        {"graph": GRAPH, "noise": (*GRAPH, *DIALS)},
        OPERATOR,
    ),
    "visibility_of_a_block_model": Registered(visibility_of_a_block_model, 1, _MODEL, {"graph": GRAPH}),
    "spikes_of_a_growing_graph": Registered(
        spikes_of_a_growing_graph,
        1,
        {**_MODEL, "keep": 0.8, "arriving": 0.0, "k": 30, "queries": 200},
        {
            "graph": GRAPH,
            "thinning": (*GRAPH, "keep"),
            "growth": (
                *GRAPH,
                "arriving",
            ),  # not `keep`: snapshots of one growing graph at several dates nest
            "queries": (*GRAPH, "keep", "k", "queries"),
        },
        OPERATOR,
    ),
}
