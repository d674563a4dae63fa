"""Two snapshots of one growing graph, or of a dated real matrix, which the claims on stability share.

The earlier snapshot keeps each edge of the later one with one probability. Vectors are divided into fifths by their norm in
the earlier snapshot, and for each fifth the nearest neighbours of its items in both snapshots are compared: their overlap, and
the Jaccard index of the two lists. Neighbours are searched in the whole catalogue, as a recommender does, or inside the item's
own fifth, as the authors' code does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.claims.families import BLOCKS, MIXING, NODES, SPREAD, VISIBILITY, block_model
from experiments.judging.claim import POINTS, Arm
from experiments.judging.domain import Choice, Derived, Domain, Range
from experiments.real.dated_snapshots import dated_snapshots
from experiments.running.study import Cell, product
from simulate import BlockModel, sample_graph, thin_graph

FIFTHS, NEIGHBOURS, QUERIES, RANK, KEPT = 5, 20, 150, 32, 0.8
MATRICES = ("films-actors", "films-actors-3000")  # dated
CATALOGUE, OWN = "whole catalogue", "own fifth"
GROWTH = {"uniform": "uniform growth", "trend": "a trend", "arriving": "arriving hubs"}


def contrast(cell: Cell) -> float:
    """Return by how many times its noise the popularity of an item's last neighbour differs from that of the next ones.

    The neighbours by dot product are the items of largest degree of the community. With h the hazard of the log-normal law of
    degrees at the last of them, of degree d, and g R / d the squared noise between the snapshots, with g new edges per old one
    and R = 1 + CV^2, the share h sd / (2 pi)^(1/2) of the neighbours is lost (docs/theory.md, section 9.1); the contrast is
    1 / (h sd). It is 3.6 where the Jaccard index is 80 %.
    """
    share: float = NEIGHBOURS * cell["blocks"] / cell["n"]
    sigma2 = math.log(1 + cell["cv"] ** 2)
    z = float(scipy.stats.norm.isf(share))
    degree = cell["mean_degree"] * math.exp(math.sqrt(sigma2) * z - sigma2 / 2)
    noise = math.sqrt(cell["new"] * (1 + cell["cv"] ** 2) / degree)
    hazard = float(scipy.stats.norm.pdf(z)) / (share * math.sqrt(sigma2))
    return 1 / (hazard * noise)


DOMAIN = Domain(
    (
        NODES,
        BLOCKS,
        Range("mean_degree", 15, 150, "mean degree", "from sparse to dense co-occurrence"),
        SPREAD,
        MIXING,
        Range("new", 0.02, 2, "new edges per old one", "growth of a month, to that of years"),
        Choice(
            "search",
            (CATALOGUE, OWN),
            "neighbours searched in the",
            "a recommender's way and the authors' code",
        ),
    ),
    "communities of equal size, log-normal popularity, as many dimensions as communities, rows of U Sigma, edges that arrive in "
    f"proportion to those that are there, {NEIGHBOURS} neighbours",
    allowed=lambda point: point["n"] >= 2 * NEIGHBOURS * FIFTHS * point["blocks"],
    allowed_words=f"a community has at least {2 * NEIGHBOURS} nodes in each fifth",
    derived=(
        VISIBILITY,
        Derived(
            "own", f"search in the {OWN} (1 or 0)", lambda point: float(point["search"] == OWN), log=False
        ),
        Derived(
            "contrast", "differences of popularity at the last neighbour over its noise", contrast, border=3.6
        ),
    ),
)
ROLES = {
    "graph": tuple(name for name in DOMAIN.names if name != "search"),
    "queries": tuple(name for name in DOMAIN.names if name != "search"),
}


def old_share(cell: Cell) -> float:
    """Return the share of the later snapshot's edges that the earlier one holds."""
    return 1 / (1 + float(cell["new"]))


def growing(vote: Any, points: Sequence[Cell], growth: str, similarity: str, name: str = "") -> Arm:
    """Return an arm of two snapshots at these points, with neighbours by `similarity`."""
    cells = [{"growth": growth, "similarity": similarity, **point} for point in points]
    return Arm(vote, cells, trial, ROLES, name)


def dated(points: Sequence[Cell], matrices: tuple[str, ...], similarity: str) -> tuple[Arm, ...]:
    """Return the evidence of dated real matrices, as they are and with items permuted among the pairs; none at the size quick."""
    if len(points) <= POINTS["quick"] and matrices == MATRICES:
        return ()
    cells = product(data=matrices, permuted=(False, True), similarity=(similarity,), search=(CATALOGUE, OWN))
    roles = {"permutation": ("data",), "queries": ("data",)}
    return (Arm("evidence", cells, dated_trial, roles, "dated-matrices", fixed=lambda cell: True),)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, float]:
    """Measure the stability of a graph by fifths of the norm, between the snapshots before and after the cell's `growth`."""
    rng = rngs["graph"]
    model = block_model(cell, rng)
    later = sample_graph(model, rng, law="poisson")
    earlier = _EARLIER[cell["growth"]](model, later, old_share(cell), rng)
    rows = [theory.embed(graph, cell["blocks"]).vectors("full") for graph in (earlier, later)]
    return _stability((rows[0], rows[1]), cell, rngs["queries"])


def _uniform(model: BlockModel, later: Any, keep: float, rng: np.random.Generator) -> Any:
    """Every edge is there already with probability `keep`."""
    return thin_graph(later, keep, rng)


def _trend(model: BlockModel, later: Any, keep: float, rng: np.random.Generator) -> Any:
    """Another graph, whose propensities differ by a lognormal factor of size 1: popularity moves between nodes."""
    moved = model.propensities * rng.lognormal(0, 1.0, model.n_nodes)
    moved *= model.propensities.sum() / moved.sum()
    return sample_graph(BlockModel(moved, model.labels, model.affinity * keep), rng, law="poisson")


def _arriving(model: BlockModel, later: Any, keep: float, rng: np.random.Generator) -> Any:
    """As under uniform growth, while the one node in fifty of largest propensity has no edge yet."""
    there = np.ones(model.n_nodes)
    there[np.argsort(-model.propensities)[: model.n_nodes // 50]] = 0.0
    return sparse.diags_array(there) @ thin_graph(later, keep, rng) @ sparse.diags_array(there)


_EARLIER: dict[str, Callable[[BlockModel, Any, float, np.random.Generator], Any]] = {
    "uniform": _uniform,
    "trend": _trend,
    "arriving": _arriving,
}


def dated_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, float]:
    """Measure the stability of a dated real matrix at rank 32, between four fifths of its pairs in time and all of them.

    Raises
    ------
    ValueError
        for a matrix without contexts and dates, or too small.
    """
    from experiments.matrices import load

    name, permuted_by = cell["data"], rngs["permutation"] if cell["permuted"] else None
    pair = dated_snapshots(load(name), RANK, share=KEPT, permuted_by=permuted_by)
    if pair is None:
        raise ValueError(
            f"{name} must have contexts, dates and at least 200 items to have a stability over time"
        )
    return _stability(pair, cell, rngs["queries"])


def _stability(
    pair: tuple[NDArray[Any], NDArray[Any]], cell: Mapping[str, Any], rng: np.random.Generator
) -> dict[str, float]:
    """Return the overlap and the Jaccard index of each fifth, as columns of a row."""
    found = theory.stability(
        *pair,
        NEIGHBOURS,
        rng=rng,
        similarity=cell["similarity"],
        n_queries=QUERIES,
        within_part=cell["search"] == OWN,
    )
    row = {f"overlap_{k}": float(found.overlap[k]) for k in range(FIFTHS)}
    return row | {f"jaccard_{k}": float(found.jaccard[k]) for k in range(FIFTHS)}


def top_and_lead(rows: pd.DataFrame, index: str = "jaccard") -> pd.DataFrame:
    """Return the stability of the fifth of largest norm (`top`) and its lead over the mean of the others, by replicate."""
    by = rows.groupby("replicate").mean(numeric_only=True)
    top, others = by[f"{index}_{FIFTHS - 1}"], by[[f"{index}_{k}" for k in range(FIFTHS - 1)]]
    return pd.DataFrame({"top": top, "lead": top - others.mean(axis=1)})


def reversed_fifths(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they would be if the fifths were numbered from the largest norm."""
    names = [f"{index}_{k}" for index in ("overlap", "jaccard") for k in range(FIFTHS)]
    back = [f"{index}_{FIFTHS - 1 - k}" for index in ("overlap", "jaccard") for k in range(FIFTHS)]
    return rows.assign(**dict(zip(names, (rows[name] for name in back))))


def by_growth_and_search(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of the claim and the evidence by what changed between the snapshots and where neighbours were searched."""
    rows = rows[rows["vote"].isin(("claim", "evidence"))]
    what = rows["growth"].map(GROWTH)
    if "data" in rows:
        permuted = rows["permuted"].eq(True).map({True: ", items permuted", False: ""})
        what = what.fillna(rows["data"] + permuted)
    return {str(words): part for words, part in rows.groupby(what + ", search in the " + rows["search"])}


def by_fifth(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the Jaccard index of each fifth at the points of the claim, for a figure."""
    rows = rows[rows["vote"] == "claim"]
    return pd.concat(
        pd.DataFrame({"fifth": k + 1, "jaccard": rows[f"jaccard_{k}"], "search": rows["search"]})
        for k in range(FIFTHS)
    )
