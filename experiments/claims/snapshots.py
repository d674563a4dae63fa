"""Two snapshots of one growing graph, or of a dated real matrix, which the claims on stability share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.real.dated_snapshots import dated_snapshots
from simulate import BlockModel, LogNormal, dcbm, sample_graph, thin_graph

FIFTHS, NEIGHBOURS, BLOCKS, KEEP, RANK = 5, 30, 6, 0.8, 32
MATRICES = ("films-actors", "films-actors-3000")  # dated


def snapshots(
    cell: Mapping[str, Any], rng: np.random.Generator
) -> tuple[BlockModel, tuple[NDArray[Any], NDArray[Any]]]:
    """Return the model and the vectors (reference, later) of U Sigma; the reference keeps `KEEP` of the later's edges.

    `growth` is "uniform"; "trend", where the reference is a graph of its own whose propensities differ by a lognormal factor of
    size 1; or "arriving", where one node in fifty, the loudest, has no edge yet in the reference.
    """
    n, degree = cell["n"], cell["mean_degree"]
    model = dcbm(n, BLOCKS, heterogeneity=LogNormal.from_cv(0.8), mean_degree=degree, mixing=0.1, rng=rng)
    later = sample_graph(model, rng, law="poisson")
    if cell["growth"] == "trend":
        moved = model.propensities * rng.lognormal(0, 1.0, n)
        moved *= model.propensities.sum() / moved.sum()
        earlier = sample_graph(BlockModel(moved, model.labels, model.affinity * KEEP), rng, law="poisson")
    else:
        earlier = thin_graph(later, KEEP, rng)
        if cell["growth"] == "arriving":
            there = np.ones(n)
            there[np.argsort(-model.propensities)[: n // 50]] = 0.0
            earlier = sparse.diags_array(there) @ earlier @ sparse.diags_array(there)
    pair = tuple(theory.embed(graph, BLOCKS).vectors("full") for graph in (earlier, later))
    return model, (pair[0], pair[1])


def real_stability(
    name: str, rngs: Mapping[str, np.random.Generator], similarity: Literal["dot", "cosine"], *, null: bool
) -> theory.Stability:
    """Return the stability of a dated real matrix at rank 32, between four fifths of its pairs and all; `null`: items permuted.

    Raises
    ------
    ValueError
        for a matrix without contexts and dates, or too small.
    """
    from experiments.matrices import load

    pair = dated_snapshots(load(name), RANK, share=KEEP, permuted_by=rngs["graph"] if null else None)
    if pair is None:
        raise ValueError(
            f"{name} must have contexts with dates, and 200 items or more, to be asked for its stability"
        )
    return theory.stability(
        *pair, NEIGHBOURS, rng=rngs["queries"], similarity=similarity, n_queries=300, within_part=True
    )


def overlaps(found: theory.Stability) -> dict[str, float]:
    """Return the overlap of each fifth as columns of a row."""
    return {f"overlap_{k}": float(found.overlap[k]) for k in range(FIFTHS)}


def top_and_rest(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the overlap of the loudest fifth and the mean of the others, by row."""
    return rows[f"overlap_{FIFTHS - 1}"], rows[[f"overlap_{k}" for k in range(FIFTHS - 1)]].mean(axis=1)
