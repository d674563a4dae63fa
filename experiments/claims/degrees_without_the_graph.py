"""D1. Node degrees can be read off the embedding, without the graph.

In population d = U Lambda U' 1 exactly, and within a spike d is proportional to the norm of the row, with a factor
kappa_c that differs between spikes. In a sample d_hat - d has, to first order, the variance of a weighted row sum:
for Poisson and sparse graphs it is never below that of counting the row (Cauchy-Schwarz).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import theory
from experiments.claim import Claim, Figure, Size, at
from experiments.study import Study
from experiments.verdict import Criterion, Rule
from simulate import BlockModel, LogNormal, sample_graph

N_BLOCKS = 4
SCALINGS: tuple[theory.Scaling, ...] = ("unit", "half", "full")
SHARES = np.array([0.4, 0.3, 0.2, 0.1])
STRENGTHS = np.array([0.6, 0.8, 1.0, 2.0])


def study(size: Size) -> Study:
    """Unequal communities of varying popularity; the control keeps too few dimensions to reach every community."""
    n = at(size, quick=2000, default=3000, thorough=6000)
    return Study(
        f"D1-{size}",
        [
            {"arm": "claim", "background": 0.1, "rank": N_BLOCKS, "n": n, "mean_degree": 100.0},
            {"arm": "control", "background": 0.0, "rank": N_BLOCKS - 2, "n": n, "mean_degree": 100.0},
        ],
        trial,
        replicates=at(size, quick=6, default=12, thorough=40),
        version=1,
        roles={"graph": ("background", "n", "mean_degree")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Estimate the expected degrees of a sampled graph from its embedding and from its row sums."""
    rng = rngs["graph"]
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
    return row


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
    study=study,
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
    control="two dimensions for four disconnected communities: rows that no kept dimension reaches have no degree to read",
    figures=(
        Figure(
            kind="strip",
            x="scaling",
            y="correlation",
            hue="where",
            xlabel="scaling of the embedding",
            ylabel="rank correlation of norm and degree",
            finding="norms rank degrees within a spike ({within:.2f}), with factors {kappa_spread:.1f} x apart across spikes",
            points=_correlations,
        ),
    ),
)
