"""D2. The error of degrees from the embedding is known beforehand.

The variance of U Lambda U' 1 exceeds that of the row sum by a factor that the model gives to second order (docs/theory.md,
section 3.2), and the root mean square of a row's norm exceeds its signal by the trace of its noise (section 3.3): below a
crossover it no longer measures the degree. Both are compared with repeated samples of one model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study
from simulate import Constant, Heterogeneity, LogNormal, Pareto, dcbm, sample_graph

LAWS: dict[str, tuple[Heterogeneity, float]] = {
    "constant": (Constant(), 30.0),
    "lognormal": (LogNormal(0.5), 100.0),
    "Pareto": (Pareto(2.5, maximum=20.0), 100.0),
}
BLOCKS, GRAPHS = 4, 25


def study(size: Size) -> Study:
    """Three laws of propensity, twenty-five graphs of one model a row; the control predicts as if there were no noise."""
    n = at(size, quick=1000, default=1500, thorough=3000)
    cells = [{"arm": arm, "law": law, "n": n} for arm in ("claim", "control") for law in LAWS]
    return Study(
        f"D2-{size}",
        cells,
        trial,
        replicates=at(size, quick=6, default=12, thorough=40),
        version=1,
        roles={"model": ("law", "n"), "graphs": ("law", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Variance ratio and mean squared norm of the quietest quarter, measured over graphs and predicted."""
    law, degree = LAWS[cell["law"]]
    model = dcbm(cell["n"], BLOCKS, heterogeneity=law, mean_degree=degree, mixing=0.1, rng=rngs["model"])
    estimated, observed, squared = [], [], []
    for _ in range(GRAPHS):
        graph = sample_graph(model, rngs["graphs"], law="poisson", loops=True, dtype=np.float64)
        embedding = theory.embed(graph, BLOCKS)
        estimated.append(theory.estimate_degrees(embedding))
        observed.append(graph.sum(axis=1))
        squared.append(np.square(embedding.vectors("full")).sum(axis=1))
    d = model.expected_degrees(loops=True)
    # about the expected degree, so that no degree of freedom is lost; the bias is part of both
    ratio = np.square(np.array(estimated) - d).sum() / np.square(np.array(observed) - d).sum()
    error = theory.degree_error(model, law="poisson")
    quiet = d <= np.quantile(d, 0.25)
    signal = np.square(theory.rays(model).norms)
    noise = theory.low_degree_norm_bias(model, law="poisson")
    if cell["arm"] == "control":
        error_ratio, expected = 1.0, signal
    else:
        error_ratio, expected = float(error.mse.sum() / error.variance_observed.sum()), signal + noise
    return {
        "variance": float(ratio / error_ratio),
        "norm": float(np.sqrt(np.mean(squared, axis=0)[quiet].sum() / expected[quiet].sum())),
        "variance_measured": float(ratio),
        "variance_predicted": error_ratio,
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The size of the relative error of each law, by its mean over replicates."""
    table = {}
    for name in ("variance", "norm"):
        for law, values in rows.groupby("law"):
            off = values.set_index("replicate")[name] - 1
            table[f"{name}: {law}"] = (
                np.sign(off.mean()) * off
            )  # turned so that the mean is the size of the error
    return pd.DataFrame(table)


claim = Claim(
    id="D2",
    title="The error of degrees is known beforehand",
    statement="The variance of a degree from the embedding, and the excess of low norms, are those that the model predicts.",
    source="What the paper's use of norms as degrees needs (as reconstructed); docs/theory.md, sections 3.2 and 3.3.",
    expected="holds",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "variance", "<=", 0.05, "5 %, from terms of third order in the noise", statistic="each"
            ),
            Criterion("norm", "<=", 0.08, "8 %, of root mean squares of first order", statistic="each"),
        ),
        control=("refuted",),
    ),
    control="counting's variance, and norms without their noise, as the prediction",
    figures=(
        Figure(
            kind="scatter",
            x="variance_predicted",
            y="variance_measured",
            hue="law",
            identity=True,
            xlabel="predicted mean squared error over that of counting",
            ylabel="measured",
            finding="predicted within {variance:.1%}, low norms within {norm:.1%}",
            points=lambda rows: rows[rows["arm"] == "claim"],
        ),
    ),
)
