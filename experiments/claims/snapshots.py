"""Two snapshots of one growing graph, or of a dated real matrix, which the claims on stability share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.judging.claim import Arm
from experiments.real.dated_snapshots import dated_snapshots
from experiments.running.study import product
from simulate import BlockModel, LogNormal, dcbm, sample_graph, thin_graph

FIFTHS, NEIGHBOURS, BLOCKS, KEEP, RANK = 5, 30, 6, 0.8, 32
MATRICES = ("films-actors", "films-actors-3000")  # dated
GROWTH = {"uniform": "uniform growth", "trend": "a trend", "arriving": "arriving hubs"}


def snapshots(
    cell: Mapping[str, Any], rng: np.random.Generator
) -> tuple[BlockModel, tuple[NDArray[Any], NDArray[Any]]]:
    """Return the model and the vectors U Sigma (earlier, later) of a graph before and after the cell's `growth`."""
    n, law = cell["n"], LogNormal.from_cv(0.8)
    model = dcbm(n, BLOCKS, heterogeneity=law, mean_degree=cell["mean_degree"], mixing=0.1, rng=rng)
    later = sample_graph(model, rng, law="poisson")
    earlier = _EARLIER[cell["growth"]](model, later, rng)
    rows = [theory.embed(graph, BLOCKS).vectors("full") for graph in (earlier, later)]
    return model, (rows[0], rows[1])


def _uniform(model: BlockModel, later: Any, rng: np.random.Generator) -> Any:
    """Every edge is there already with probability `KEEP`."""
    return thin_graph(later, KEEP, rng)


def _trend(model: BlockModel, later: Any, rng: np.random.Generator) -> Any:
    """Another graph, whose propensities differ by a lognormal factor of size 1: popularity moves between nodes."""
    moved = model.propensities * rng.lognormal(0, 1.0, model.n_nodes)
    moved *= model.propensities.sum() / moved.sum()
    return sample_graph(BlockModel(moved, model.labels, model.affinity * KEEP), rng, law="poisson")


def _arriving(model: BlockModel, later: Any, rng: np.random.Generator) -> Any:
    """As under uniform growth, while the one node in fifty of largest propensity has no edge yet."""
    there = np.ones(model.n_nodes)
    there[np.argsort(-model.propensities)[: model.n_nodes // 50]] = 0.0
    return sparse.diags_array(there) @ thin_graph(later, KEEP, rng) @ sparse.diags_array(there)


_EARLIER: dict[str, Callable[[BlockModel, Any, np.random.Generator], Any]] = {
    "uniform": _uniform,
    "trend": _trend,
    "arriving": _arriving,
}


def dated_arm(matrices: tuple[str, ...], similarity: str) -> Arm:
    """Return the evidence of dated real matrices, each as it is and with its items permuted among the pairs."""
    cells = product(data=matrices, permuted=(False, True), similarity=(similarity,))
    roles = {"permutation": ("data",), "queries": ("data",)}
    return Arm("evidence", cells, dated_trial, roles, "dated-matrices", fixed=lambda cell: True)


def dated_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the stability of a dated real matrix at rank 32, between four fifths of its pairs in time and all of them.

    Raises
    ------
    ValueError
        for a matrix without contexts and dates, or too small.
    """
    from experiments.matrices import load

    name, permuted_by = cell["data"], rngs["permutation"] if cell["permuted"] else None
    pair = dated_snapshots(load(name), RANK, share=KEEP, permuted_by=permuted_by)
    if pair is None:
        raise ValueError(
            f"{name} must have contexts, dates and at least 200 items to have a stability over time"
        )
    return overlaps(
        theory.stability(
            *pair,
            NEIGHBOURS,
            rng=rngs["queries"],
            similarity=cell["similarity"],
            n_queries=300,
            within_part=True,
        )
    )


def overlaps(found: theory.Stability) -> dict[str, float]:
    """Return the overlap of each fifth and the Jaccard index of the fifth of largest norm, as columns of a row."""
    row = {f"overlap_{k}": float(found.overlap[k]) for k in range(FIFTHS)}
    return row | {"jaccard": float(found.jaccard[-1])}


def top_and_rest(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the overlap of the fifth of largest norm and the mean of the others, by row."""
    return rows[f"overlap_{FIFTHS - 1}"], rows[[f"overlap_{k}" for k in range(FIFTHS - 1)]].mean(axis=1)


def named_growth(rows: pd.DataFrame) -> pd.Series:
    """Return in words what changed between the snapshots of each row: the growth of a graph, or which dated matrix."""
    dated = rows["data"] + is_permuted(rows).map({True: ", items permuted", False: ""})
    return rows["growth"].map(GROWTH).fillna(dated)


def is_permuted(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of a dated matrix with its items permuted; none where no dated matrix was run."""
    return rows.get("permuted", pd.Series(False, rows.index)).eq(True)
