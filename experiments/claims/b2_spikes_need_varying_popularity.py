"""B2. Without popularity that varies inside communities there are no spikes.

Spk counts directions and ignores norms, so a plain block model needs as few peaks as a degree-corrected one. What tells them
apart is the dispersion of norms within a spike: its coefficient of variation (CV) is that of theta where theta varies, and
otherwise what sampling alone gives, about sqrt(R / d) (docs/theory.md, sections 3.2 and 7.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import of_mean_degree, sampled_embedding
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import BlockModel, Constant, LogNormal, dcbm

N_BLOCKS, MEAN_DEGREE = 5, 100.0
ROLES = {"graph": ("sigma", "spread", "n")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Block models whose theta spreads more and more within communities; in the control only between communities."""
    n = at(size, quick=1500, default=3000, thorough=6000)
    within = [{"sigma": sigma, "spread": "within communities", "n": n} for sigma in (0.0, 0.4, 0.8)]
    between = [{"sigma": sigma, "spread": "between communities", "n": n} for sigma in (0.0, 0.4)]
    return Arm("claim", within, trial, ROLES), Arm("control", between, between_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure peaks and the dispersion of norms where propensities vary within communities."""
    return _measured(_model(cell, rngs["graph"]), rngs["graph"])


def between_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Do the same where each community has one popularity: evenly spaced logarithms of standard deviation sigma."""
    model, spaced = _model(cell, rngs["graph"]), np.linspace(-1.0, 1.0, N_BLOCKS)
    theta = np.exp(cell["sigma"] * spaced / spaced.std())[model.labels]
    model = of_mean_degree(BlockModel(theta, model.labels, model.affinity), MEAN_DEGREE)
    return _measured(model, rngs["graph"])


def _model(cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    law = LogNormal(cell["sigma"]) if cell["sigma"] > 0 else Constant()
    return dcbm(cell["n"], N_BLOCKS, heterogeneity=law, mean_degree=MEAN_DEGREE, mixing=0.1, rng=rng)


def _measured(model: BlockModel, rng: np.random.Generator) -> dict[str, Any]:
    """Peaks in U (where no dimension outweighs another), and the CV of norms within communities in U|Lambda|."""
    embedding = sampled_embedding(model, N_BLOCKS, rng)
    norms = np.linalg.norm(embedding.vectors("full"), axis=1)
    cvs = [norms[model.labels == k].std() / norms[model.labels == k].mean() for k in range(N_BLOCKS)]
    return {
        "peaks": theory.spikiness(embedding.vectors("unit"), coverage=0.5).n_peaks,
        "cv_of_norms": float(np.mean(cvs)),
        "cv_of_theta": model.heterogeneity.cv,
        "cv_of_sampling": float(np.sqrt(model.heterogeneity.ratio / MEAN_DEGREE)),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the peaks of the plain block model, and its dispersion of norms over that of the widest spread."""
    rows = rows.set_index("replicate")
    plain, widest = (rows[rows["sigma"] == sigma] for sigma in (0.0, rows["sigma"].max()))
    ratio = plain["cv_of_norms"] / widest["cv_of_norms"]
    return pd.DataFrame({"peaks_without_popularity": plain["peaks"], "dispersion_ratio": ratio})


claim = Claim(
    id="B2",
    title="No spikes without varying popularity",
    statement="If the members of a community are equally popular, the vectors do not form spikes.",
    source="The paper's mechanism of spikes (as reconstructed); docs/theory.md, section 7.3.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 40},
    version=2,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "dispersion_ratio",
                    "variation of norms in communities of equally popular members, over that with varying popularity",
                    "%",
                ),
                "<=",
                0.5,
                asks="norms among equally popular members vary at most {threshold} as much as with varying popularity",
                origin="half of the variation in communities whose propensities have a coefficient of variation of 0.94",
                failure="vectors of equally popular members differ in length as much as others",
            ),
            Criterion(
                Estimand(
                    "peaks_without_popularity", "peaks of communities of equally popular members", "peaks"
                ),
                ">=",
                2.0 * N_BLOCKS,
                asks="communities of equally popular members need at least {threshold}",
                origin="if there are no spikes, half of the rows need more peaks than twice the communities",
                failure="Spk does not notice that popularity is equal: as few peaks hold half of the rows",
                condition="a spike means vectors of widely different lengths, not only the common direction that Spk counts",
            ),
        ),
        control=("refuted",),
    ),
    control="popularity that varies between communities and not within them, which must not make norms vary within a spike",
    figures=(
        Figure(
            kind="scatter",
            x="cv_of_theta",
            y="cv_of_norms",
            hue="spread",
            xlabel="coefficient of variation of the propensities",
            ylabel="coefficient of variation of norms within communities",
            identity=True,
            finding="equals give {peaks_without_popularity:.1f} peaks too, with norms {dispersion_ratio:.2f} as dispersed",
        ),
    ),
)
