"""Registered trials: what a study file may name. Each declares its parameters with defaults, and its roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

import theory
from experiments.running.study import Trial
from simulate import BlockModel, Constant, LogNormal, dcbm, sample_graph, thin_graph

Row = dict[str, Any]
Rngs = Mapping[str, np.random.Generator]
GRAPH = ("n", "blocks", "mixing", "mean_degree", "sigma", "noise")


@dataclass(frozen=True)
class Registered:
    """A trial by name: `defaults` are its parameters, whose types a study file must keep; `roles` as in a study."""

    trial: Trial
    version: int
    defaults: Mapping[str, Any]
    roles: Mapping[str, tuple[str, ...]]


def spikes_of_a_block_model(cell: Mapping[str, Any], rngs: Rngs) -> Row:
    """Sample a DCBM with background noise, embed it, and measure its spikes and the rows on their own ray.

    `noise` is the share of expected edges that are replaced by uniform background, the degrees' mean kept.
    """
    model = _model(cell, rngs["graph"])
    graph = sample_graph(model, rngs["graph"], law="poisson")
    rank = min(cell["rank"] or cell["blocks"], cell["n"] - 1)
    vectors = theory.embed(graph, rank).vectors(cast(theory.Scaling, cell["scaling"]))
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
    """Thin a graph to the share `keep` of its edges and measure the stability of neighbours by quintile of norm."""
    model = _model(cell, rngs["graph"])
    later = sample_graph(model, rngs["graph"], law="poisson", dtype=np.float64)
    earlier = thin_graph(later, cell["keep"], rngs["thinning"])
    before, after = (theory.embed(graph, cell["blocks"]).vectors() for graph in (earlier, later))
    found = theory.stability(
        before, after, cell["k"], rng=rngs["queries"], n_queries=cell["queries"], within_part=True
    )
    return {f"overlap_{quintile + 1}": float(value) for quintile, value in enumerate(found.overlap)}


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
        {**_MODEL, "rank": 0, "scaling": "full", "cosine": 0.9, "coverage": 0.5},
        {"graph": GRAPH},
    ),
    "visibility_of_a_block_model": Registered(visibility_of_a_block_model, 1, _MODEL, {"graph": GRAPH}),
    "spikes_of_a_growing_graph": Registered(
        spikes_of_a_growing_graph,
        1,
        {**_MODEL, "keep": 0.8, "k": 30, "queries": 200},
        {"graph": GRAPH, "thinning": (*GRAPH, "keep"), "queries": (*GRAPH, "keep", "k", "queries")},
    ),
}
