"""D1. Node degrees can be read off the embedding, without the graph.

In population d = U Lambda U' 1 exactly, and within a spike d is proportional to the norm of the row, with a factor
kappa_c that differs between spikes. In a sample d_hat - d has, to first order, the variance of a weighted row sum:
for Poisson and sparse graphs it is never below that of counting the row (Cauchy-Schwarz); on dense Bernoulli graphs it can be,
since there large entries vary less than their mean. Beside graphs stand the paper's own objects, whose "degree" is a row sum of
M M*, of PPMI or of the interactions' Gram matrix, while what a user wants to know is popularity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import theory
from experiments.claims.logs import LOGS, decompositions, interactions_of
from experiments.judging.claim import Claim, Size, at, named
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study
from simulate import BlockModel, LogNormal, sample_graph

N_BLOCKS, SHOWN = 4, 60  # nodes of each community in the figure
MATRICES, OBJECTS = ("films-actors-3000",), ("M M*", "PPMI", "interactions")
REAL_RANK, LEAST = 32, 20  # of real matrices; items of a spike that is asked for its order
SCALINGS: tuple[theory.Scaling, ...] = ("unit", "half", "full")
SHARES = np.array([0.4, 0.3, 0.2, 0.1])
STRENGTHS = np.array([0.6, 0.8, 1.0, 2.0])


def study(size: Size, matrices: tuple[str, ...] = MATRICES) -> Study:
    """Unequal communities of varying popularity; the control keeps too few dimensions to reach every community."""
    n = at(size, quick=2000, default=3000, thorough=6000)
    graph = {"data": "graph", "n": n, "mean_degree": 100.0}
    cells: list[dict[str, Any]] = [
        {"arm": "claim", "background": 0.1, "rank": N_BLOCKS, **graph},
        {"arm": "control", "background": 0.0, "rank": N_BLOCKS - 2, **graph},
    ]
    if size != "quick" or matrices != MATRICES:
        evidence = {"arm": "evidence", "background": 0.0, "rank": 0, "n": 0, "mean_degree": 0.0}
        cells += [{**evidence, "data": name} for name in ("dense", "pure rays", *matrices)]
    return Study(
        named("D1", size, matrices, MATRICES),
        cells,
        trial,
        replicates=at(size, quick=6, default=12, thorough=40),
        version=2,
        roles={"graph": ("data", "background", "n", "mean_degree")},
        fixed=lambda cell: cell["data"] not in ("graph", "dense", "pure rays"),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Estimate the expected degrees of a sampled graph from its embedding and from its row sums."""
    rng = rngs["graph"]
    if cell["data"] == "dense":
        return {"error_over_counting": _dense(rng)}
    if cell["data"] != "graph":
        return _of_interactions(cell["data"], rng)
    model = _model(cell, rng)
    graph = sample_graph(model, rng, law="poisson")
    embedding = theory.embed(graph, cell["rank"])
    truth = model.expected_degrees()
    counted = np.asarray(graph.sum(axis=1), dtype=float).ravel()
    estimated = theory.estimate_degrees(embedding)
    row: dict[str, Any] = {
        "correlation": float(stats.spearmanr(estimated, truth).statistic),
        "error_over_counting": float(((estimated - truth) ** 2).mean() / ((counted - truth) ** 2).mean()),
    }
    for scaling in SCALINGS:
        norms = np.linalg.norm(embedding.vectors(scaling), axis=1)
        within, kappa = [], []
        for block in range(N_BLOCKS):
            mine = model.labels == block
            reached = bool(np.ptp(norms[mine]) > 0)  # a community that no kept dimension reaches has no order
            within.append(stats.spearmanr(norms[mine], truth[mine]).statistic if reached else 0.0)
            kappa.append(truth[mine].sum() / max(norms[mine].sum(), 1e-300))
        row[f"{scaling}_within"] = float(min(within))
        row[f"{scaling}_across"] = float(stats.spearmanr(norms, truth).statistic)
        row[f"{scaling}_kappa_spread"] = float(min(max(kappa) / min(kappa), 1e6))
    if cell["arm"] == "claim":
        norms = np.linalg.norm(embedding.vectors("full"), axis=1)
        shown = np.concatenate([np.flatnonzero(model.labels == block)[:SHOWN] for block in range(N_BLOCKS)])
        row["shown"] = json.dumps(
            [[int(model.labels[i]), *(float(f"{x:.4g}") for x in (truth[i], norms[i]))] for i in shown]
        )
    return row


def _dense(rng: np.random.Generator) -> float:
    """The squared error over that of counting, on a dense Bernoulli graph of two propensities."""
    model = BlockModel(rng.permutation(np.repeat([0.25, 0.99], 400)), np.zeros(800, dtype=int), [[1.0]])
    graph = sample_graph(model, rng, loops=True, dtype=np.float64)
    truth = model.expected_degrees(loops=True)
    estimated = theory.estimate_degrees(theory.embed(graph, 1))
    return float(np.square(estimated - truth).sum() / np.square(graph.sum(axis=1) - truth).sum())


def _of_interactions(name: str, rng: np.random.Generator) -> dict[str, Any]:
    """Rank correlations, for M M*, PPMI and the interactions: of estimated with true row sums, and of norm with popularity."""
    interactions = interactions_of(name, rng)
    rank = int(LOGS[name]["blocks"]) if name in LOGS else REAL_RANK
    popularity = np.asarray(interactions.sum(axis=0), dtype=float)
    row: dict[str, Any] = {}
    for which, found in decompositions(interactions, rank).items():
        spike = theory.nearest_spike(found.vectors, theory.spikiness(found.vectors))
        norms = np.linalg.norm(found.vectors, axis=1)
        groups = [np.flatnonzero((spike == k) & (norms > 0)) for k in range(spike.max() + 1)]
        groups = [mine for mine in groups if mine.size >= LEAST]
        within = [stats.spearmanr(norms[g], popularity[found.items[g]]).statistic for g in groups]
        row[f"{which}: degrees"] = float(stats.spearmanr(found.estimated, found.degrees).statistic)
        row[f"{which}: popularity"] = float(np.average(within, weights=[g.size for g in groups]))
    return row


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Where the estimate beats counting, how scalings differ, and what the paper's objects show."""
    rows = rows[rows["arm"] != "control"].set_index("replicate")
    graphs = rows[rows["data"] == "graph"]
    found: dict[str, Any] = {}
    for scaling in SCALINGS:
        found[f"factor between spikes, scaling {scaling}"] = graphs[f"{scaling}_kappa_spread"]
        found[f"rank correlation of norm and degree across spikes, scaling {scaling}"] = graphs[
            f"{scaling}_across"
        ]
    words = {
        "degrees": "rank correlation of U Lambda U' 1 with the row sums",
        "popularity": "rank correlation of norm with popularity within spikes",
    }
    for data, part in rows[rows["data"] != "graph"].groupby("data"):
        if data == "dense":
            found["squared error over that of counting, dense Bernoulli graph"] = part["error_over_counting"]
            continue
        for which in OBJECTS:
            found |= {f"{text}, {which}, {data}": part[f"{which}: {key}"] for key, text in words.items()}
    return pd.DataFrame(found).astype(float)


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    """True degree and norm of some nodes of the first graph."""
    first = rows[(rows["arm"] == "claim") & (rows["replicate"] == 0)]["shown"].iloc[0]
    points = pd.DataFrame(json.loads(first), columns=["block", "degree", "norm"])
    return points.assign(spike="spike " + (points["block"] + 1).astype(str))


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The correlations and the spread in the paper's scaling U|Lambda|, and the error over that of counting."""
    names = {"correlation": "correlation", "full_within": "within", "full_kappa_spread": "kappa_spread"}
    return rows.set_index("replicate")[[*names, "error_over_counting"]].rename(columns=names)


def _model(cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    n = cell["n"]
    labels = rng.permutation(np.repeat(np.arange(N_BLOCKS), np.round(SHARES * n).astype(int)))
    affinity = np.full((N_BLOCKS, N_BLOCKS), cell["background"]) + np.diag(STRENGTHS)
    theta = LogNormal(0.7).sample(n, rng)
    model = BlockModel(theta, labels, affinity)
    return BlockModel(theta, labels, affinity * cell["mean_degree"] / model.expected_degrees().mean())


def _correlations(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["arm"] == "claim"]
    return pd.concat(
        pd.DataFrame({"scaling": scaling, "correlation": rows[f"{scaling}_{where}"], "where": words})
        for scaling in SCALINGS
        for where, words in (("within", "within the worst spike"), ("across", "across all spikes"))
    )


claim = Claim(
    id="D1",
    title="Degrees from the embedding alone",
    statement="The degree of a node can be estimated from the embedding without the graph: it is proportional to the norm.",
    source="The paper's first use of spikes (as reconstructed); docs/theory.md, sections 3.1 and 3.2.",
    expected="qualified",
    **from_study(study, MATRICES),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "correlation",
                ">=",
                0.9,
                "rank correlation of U Lambda U' 1 with the true degree; counting gives 0.98",
            ),
            Criterion("within", ">=", 0.9, "rank correlation of norm and true degree within the worst spike"),
            Criterion(
                "kappa_spread",
                "<=",
                1.25,
                "within a quarter, one factor would serve every spike",
                otherwise="qualified",
                condition="norm is proportional to degree within a spike only: the factor differs between spikes",
            ),
            Criterion(
                "error_over_counting",
                "<=",
                1.0,
                "the row sum of the graph is the estimator to beat",
                otherwise="qualified",
                condition="where the graph is at hand, its row sums are more accurate on sparse graphs",
            ),
        ),
        control=("refuted",),
    ),
    matrices=MATRICES,
    measurements=measurements,
    control="two dimensions for four disconnected communities: rows that no kept dimension reaches have no degree to read",
    figures=(
        Figure(
            kind="scatter",
            x="degree",
            y="norm",
            hue="spike",
            log="xy",
            xlabel="true degree",
            ylabel="norm of the row of U|Λ|",
            finding="each spike has a line of its own: the factor from norm to degree varies by {kappa_spread:.1f} x",
            points=_points,
        ),
        Figure(
            kind="strip",
            x="scaling",
            y="correlation",
            hue="where",
            xlabel="scaling of the embedding",
            ylabel="rank correlation of norm and degree",
            finding="norms rank degrees within the worst spike at {within:.2f}, less well across spikes",
            points=_correlations,
        ),
    ),
)
