"""D1. Node degrees can be read off the embedding, without the graph.

In the population d = U Lambda U' 1 exactly, and within a spike d is proportional to the norm of the row, with a factor that
differs between spikes. In a sample, U Lambda U' 1 has to first order the variance of a weighted row sum: for Poisson and sparse
graphs it is never below that of counting the row (Cauchy-Schwarz); on dense Bernoulli graphs it can be, since there large entries
vary less than their mean. Beside graphs stand the paper's own objects, whose "degree" is a row sum of M M*, of PPMI or of the
interactions' Gram matrix, whereas a user wants to know popularity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import theory
from experiments.claims.draws import of_mean_degree
from experiments.claims.logs import decompositions, interactions_of, rank_of
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import BlockModel, LogNormal, sample_graph

N_BLOCKS, SHOWN = 4, 60  # nodes of each community in the figure
MATRICES = ("films-actors-3000",)
LEAST = 20  # items of a spike whose order is measured
SHARES, STRENGTHS = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.6, 0.8, 1.0, 2.0])
ROLES, LOG = {"graph": ("background", "n", "mean_degree")}, {"log": ("data",)}


def arms(size: Size, matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Unequal communities of varying popularity; the control keeps too few dimensions to reach every community."""
    graph = {"n": at(size, quick=2000, default=3000, thorough=6000), "mean_degree": 100.0}
    voting = (
        Arm("claim", [{"background": 0.1, "rank": N_BLOCKS, **graph}], trial, ROLES),
        Arm("control", [{"background": 0.0, "rank": N_BLOCKS - 2, **graph}], trial, ROLES),
    )
    if size == "quick" and matrices == MATRICES:
        return voting
    real = [{"data": name} for name in matrices]
    return (
        *voting,
        Arm("evidence", [{"n": 800}], dense_trial, {"graph": ("n",)}, "dense-graph"),
        Arm("evidence", [{"data": "pure rays"}], matrix_trial, LOG, "synthetic-log"),
        Arm("evidence", real, matrix_trial, LOG, "real-matrices", fixed=lambda cell: True),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Estimate the expected degrees of a sampled graph from its embedding and from its row sums."""
    rng, n = rngs["graph"], cell["n"]
    labels = rng.permutation(np.repeat(np.arange(N_BLOCKS), np.round(SHARES * n).astype(int)))
    affinity = np.full((N_BLOCKS, N_BLOCKS), cell["background"]) + np.diag(STRENGTHS)
    model = of_mean_degree(BlockModel(LogNormal(0.7).sample(n, rng), labels, affinity), cell["mean_degree"])
    graph = sample_graph(model, rng, law="poisson")
    embedding = theory.embed(graph, cell["rank"])
    truth = model.expected_degrees()
    counted = np.asarray(graph.sum(axis=1), dtype=float)
    estimated = theory.estimate_degrees(embedding)
    row: dict[str, Any] = {
        "correlation": float(stats.spearmanr(estimated, truth).statistic),
        "error_over_counting": float(((estimated - truth) ** 2).mean() / ((counted - truth) ** 2).mean()),
    }
    groups = [np.flatnonzero(labels == block) for block in range(N_BLOCKS)]
    for scaling in theory.SCALINGS:
        norms = np.linalg.norm(embedding.vectors(scaling), axis=1)
        kappa = [truth[mine].sum() / max(norms[mine].sum(), 1e-300) for mine in groups]
        # a community that no kept dimension reaches has no order
        within = [
            stats.spearmanr(norms[g], truth[g]).statistic if np.ptp(norms[g]) > 0 else 0.0 for g in groups
        ]
        row[f"{scaling}_within"] = float(min(within))
        row[f"{scaling}_across"] = float(stats.spearmanr(norms, truth).statistic)
        row[f"{scaling}_kappa_spread"] = float(min(max(kappa) / min(kappa), 1e6))
    norms = np.linalg.norm(embedding.vectors("full"), axis=1)
    shown = [
        (block, f"{truth[i]:.4g}", f"{norms[i]:.4g}") for block, g in enumerate(groups) for i in g[:SHOWN]
    ]
    return row | {"shown": json.dumps(shown)}


def dense_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Return the squared error over that of counting, on a dense Bernoulli graph of two propensities."""
    rng, half = rngs["graph"], cell["n"] // 2
    theta = rng.permutation(np.repeat([0.25, 0.99], half))
    model = BlockModel(theta, np.zeros(2 * half, dtype=int), [[1.0]])
    graph = sample_graph(model, rng, loops=True, dtype=np.float64)
    truth = model.expected_degrees(loops=True)
    estimated = theory.estimate_degrees(theory.embed(graph, 1))
    error = np.square(estimated - truth).sum() / np.square(graph.sum(axis=1) - truth).sum()
    return {"error_over_counting": float(error)}


def matrix_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """For M M*, PPMI and the interactions: correlate estimated with true row sums, and norm with popularity, by rank."""
    interactions = interactions_of(cell["data"], rngs["log"])
    popularity = np.asarray(interactions.sum(axis=0), dtype=float)
    row: dict[str, Any] = {}
    for which, found in decompositions(interactions, rank_of(cell["data"])).items():
        spikes, norms = theory.partition_by_spikes(found.vectors), np.linalg.norm(found.vectors, axis=1)
        groups = [np.flatnonzero(spikes.labels == k) for k in np.flatnonzero(spikes.sizes >= LEAST)]
        within = [stats.spearmanr(norms[g], popularity[found.items[g]]).statistic for g in groups]
        row[f"{which}: degrees"] = float(stats.spearmanr(found.estimated, found.degrees).statistic)
        row[f"{which}: popularity"] = float(np.average(within, weights=[g.size for g in groups]))
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the correlations and the spread in the paper's scaling U|Lambda|, and the error over that of counting."""
    names = {"correlation": "correlation", "full_within": "within", "full_kappa_spread": "kappa_spread"}
    return rows.set_index("replicate")[[*names, "error_over_counting"]].rename(columns=names)


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how scalings differ, where the estimate beats counting, and what the paper's objects show."""
    rows = rows[rows["vote"] != "control"].set_index("replicate")
    graphs, found = rows[rows["vote"] == "claim"], {}
    for scaling in theory.SCALINGS:
        found[f"factor between spikes, scaling {scaling}"] = graphs[f"{scaling}_kappa_spread"]
        words = f"rank correlation of norm and degree across spikes, scaling {scaling}"
        found[words] = graphs[f"{scaling}_across"]
    dense = rows[rows["arm"] == "dense-graph"]
    found["squared error over that of counting, dense Bernoulli graph"] = dense["error_over_counting"]
    for data, part in rows.groupby("data") if "data" in rows else ():
        for which in ("M M*", "PPMI", "interactions"):
            words = f"{which}, {data}"
            found[f"rank correlation of U Lambda U' 1 with the row sums, {words}"] = part[f"{which}: degrees"]
            found[f"rank correlation of norm with popularity within spikes, {words}"] = part[
                f"{which}: popularity"
            ]
    return pd.DataFrame(found).astype(float)


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    """Expected degree and norm of some nodes of the first graph."""
    first = rows[rows["vote"] == "claim"]["shown"].iloc[0]
    points = pd.DataFrame(json.loads(first), columns=["block", "degree", "norm"]).astype(float)
    return points.assign(spike=[f"spike {block + 1:.0f}" for block in points["block"]])


def _by_scaling(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] == "claim"]
    return pd.concat(
        pd.DataFrame({"scaling": scaling, "correlation": rows[f"{scaling}_{where}"], "where": words})
        for scaling in theory.SCALINGS
        for where, words in (("within", "within the worst spike"), ("across", "across all spikes"))
    )


claim = Claim(
    id="D1",
    title="Degrees from the embedding alone",
    statement="The degree of a node can be estimated from the embedding without the graph: it is proportional to the norm.",
    source="The paper's first use of spikes (as reconstructed); docs/theory.md, sections 3.1 and 3.2.",
    expected="qualified",
    version=3,
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 40},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("correlation", "rank correlation of U Lambda U' 1 with the expected degree"),
                ">=",
                0.9,
                asks="U Lambda U' 1 has a rank correlation of at least {threshold} with the expected degree",
                origin="counting the edges of each node gives 0.98",
                failure="the embedding does not rank nodes by their degree",
            ),
            Criterion(
                Estimand("within", "rank correlation of norm and expected degree within the worst spike"),
                ">=",
                0.9,
                asks="within every spike, norm and expected degree have a rank correlation of at least {threshold}",
                origin="the same as for U Lambda U' 1",
                failure="norms do not rank the nodes of a spike by their degree",
            ),
            Criterion(
                Estimand("kappa_spread", "largest over smallest factor from norm to degree", "times"),
                "<=",
                1.25,
                asks="the factor from norm to degree differs by at most {threshold} between spikes",
                origin="within a quarter, one factor would serve for every spike",
                failure="the factor from norm to degree differs between spikes",
                condition="nodes of one and the same spike are compared",
            ),
            Criterion(
                Estimand("error_over_counting", "mean squared error over that of the row sums of the graph"),
                "<=",
                1.0,
                asks="the mean squared error of U Lambda U' 1, over that of the row sums, is at most {threshold}",
                origin="the row sum of the graph is the estimator to beat",
                failure="the row sums of the graph are more accurate",
                condition="an error larger than that of counting edges is acceptable",
            ),
        ),
        control=("refuted",),
    ),
    matrices=MATRICES,
    measurements=measurements,
    control="two dimensions for four disconnected communities: the rows of a community that no dimension reaches have no degree",
    figures=(
        Figure(
            kind="scatter",
            x="degree",
            y="norm",
            hue="spike",
            log="xy",
            xlabel="expected degree",
            ylabel="norm of the row of U|Λ|",
            finding="the factor from norm to degree differs between spikes, by up to {kappa_spread:.1f} times",
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
            points=_by_scaling,
        ),
    ),
    headline=True,
)
