"""D2. The error of degrees from the embedding is known beforehand.

Degrees are estimated from the embedding as U Lambda U' 1. Their mean squared error exceeds that of the row sums of the graph by a
factor that the model gives to second order in the noise (docs/theory.md, section 3.2). The root mean square of a row's norm
exceeds the norm without noise by the trace of the row's noise (section 3.3), so that rows of low degree are too long. Both
predictions are compared with what 25 graphs sampled from one model show.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import BlockModel, Constant, Heterogeneity, LogNormal, Pareto, dcbm, sample_graph

LAWS: dict[str, tuple[Heterogeneity, float]] = {  # of the propensities, and the mean degree
    "constant": (Constant(), 30.0),
    "lognormal": (LogNormal(0.5), 100.0),
    "Pareto": (Pareto(2.5, maximum=20.0), 100.0),
}
BLOCKS, GRAPHS = 4, 25
ROLES = {"model": ("law", "n"), "graphs": ("law", "n")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Three laws of propensities; in the control the same graphs are compared with a prediction that knows of no noise."""
    n = at(size, quick=1000, default=1500, thorough=3000)
    cells = [{"law": law, "n": n} for law in LAWS]
    return Arm("claim", cells, trial, ROLES), Arm("control", cells, control_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compare the mean squared error of degrees and the low norms, measured over graphs, with their predictions."""
    model = _model(cell, rngs["model"])
    sample = theory.PredictedSample(model, "poisson")
    error, noise = sample.degree_error(), sample.low_degree_norm_bias()
    return _compared(model, rngs["graphs"], float(error.mse.sum() / error.variance_observed.sum()), noise)


def control_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compare the same with the error of the row sums and with norms without noise."""
    model = _model(cell, rngs["model"])
    return _compared(model, rngs["graphs"], 1.0, np.zeros(model.n_nodes))


def _model(cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    law, degree = LAWS[cell["law"]]
    return dcbm(cell["n"], BLOCKS, heterogeneity=law, mean_degree=degree, mixing=0.1, rng=rng)


def _compared(
    model: BlockModel, rng: np.random.Generator, predicted: float, noise: np.ndarray[Any, Any]
) -> dict[str, Any]:
    estimated, counted, squared = [], [], []
    for _ in range(GRAPHS):
        graph = sample_graph(model, rng, law="poisson", loops=True, dtype=np.float64)
        embedding = theory.embed(graph, BLOCKS)
        estimated.append(theory.estimate_degrees(embedding))
        counted.append(graph.sum(axis=1))
        squared.append(np.square(embedding.vectors("full")).sum(axis=1))
    d = model.expected_degrees(loops=True)
    # errors about the expected degree, so that no degree of freedom is lost; the bias is part of both
    ratio = float(np.square(np.array(estimated) - d).sum() / np.square(np.array(counted) - d).sum())
    low = d <= np.quantile(d, 0.25)
    expected = np.square(theory.rays(model).norms) + noise
    return {
        "variance": ratio / predicted,
        "norm": float(np.sqrt(np.mean(squared, axis=0)[low].sum() / expected[low].sum())),
        "variance_measured": ratio,
        "variance_predicted": predicted,
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the relative error of both predictions for each law, turned so that its mean is not negative."""
    table = {}
    for name in ("variance", "norm"):
        for law, part in rows.groupby("law"):
            off = part.set_index("replicate")[name] - 1
            table[f"{name}: graphs with {law} propensities"] = np.sign(off.mean()) * off
    return pd.DataFrame(table)


claim = Claim(
    id="D2",
    title="The error of degrees is known beforehand",
    statement="The model predicts how large the error of degrees from the embedding is, and by how much low norms are too large.",
    source="What the paper's use of norms as degrees needs (as reconstructed); docs/theory.md, sections 3.2 and 3.3.",
    expected="holds",
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 40},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("variance", "relative error of the predicted mean squared error of degrees", "%"),
                "<=",
                0.05,
                asks="the predicted mean squared error of degrees is within {threshold} of the measured one, for each law",
                origin="the terms of third order in the noise, which the prediction leaves out",
                failure="the prediction misses the mean squared error of degrees",
                statistic="each",
            ),
            Criterion(
                Estimand("norm", "relative error of the predicted norms of low-degree rows", "%"),
                "<=",
                0.08,
                asks="predicted norms are within {threshold} of the measured ones in the quarter of lowest degree, for each law",
                origin="the prediction of norms is of first order in the noise only",
                failure="the prediction misses the norms of rows of low degree",
                statistic="each",
            ),
        ),
        control=("refuted",),
    ),
    control="the error of the row sums, and norms without noise, taken as the prediction",
    figures=(
        Figure(
            kind="scatter",
            x="variance_predicted",
            y="variance_measured",
            hue="law",
            identity=True,
            xlabel="predicted mean squared error over that of row sums",
            ylabel="measured",
            finding="predicted within {variance:.1%}, low norms within {norm:.1%}",
            points=lambda rows: rows[rows["vote"] == "claim"],
        ),
    ),
)
