"""B2. Without popularity that varies inside communities there are no spikes.

Spk counts directions and is blind to norms: a plain block model needs as few peaks as a degree-corrected one. What tells
them apart is the dispersion of norms within a spike: its coefficient of variation is that of theta where theta varies,
and otherwise what sampling alone gives, about sqrt(R / d) (docs/theory.md, sections 3.2 and 7.3).
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
from simulate import BlockModel, Constant, LogNormal, dcbm, sample_graph

N_BLOCKS, MEAN_DEGREE = 5, 100.0
SPREADS = (0.0, 0.4, 0.8)


def study(size: Size) -> Study:
    """Block models whose theta spreads more and more within communities; in the control it spreads between them alone."""
    n = at(size, quick=1500, default=3000, thorough=6000)
    cells = [{"arm": "claim", "sigma": sigma, "spread": "within communities", "n": n} for sigma in SPREADS]
    cells += [
        {"arm": "control", "sigma": sigma, "spread": "between communities", "n": n} for sigma in SPREADS[:2]
    ]
    return Study(
        f"B2-{size}",
        cells,
        trial,
        replicates=at(size, quick=6, default=12, thorough=40),
        version=2,
        roles={"graph": ("sigma", "spread", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Peaks in U (where no dimension outweighs another), and the CV of norms within communities in U|Lambda|."""
    rng = rngs["graph"]
    law = LogNormal(cell["sigma"]) if cell["sigma"] > 0 else Constant()
    model = dcbm(cell["n"], N_BLOCKS, heterogeneity=law, mean_degree=MEAN_DEGREE, mixing=0.1, rng=rng)
    if cell["spread"] == "between communities":
        model = _between(model, cell["sigma"])
    embedding = theory.embed(sample_graph(model, rng, law="poisson"), N_BLOCKS)
    norms = np.linalg.norm(embedding.vectors("full"), axis=1)
    cvs = [norms[model.labels == k].std() / norms[model.labels == k].mean() for k in range(N_BLOCKS)]
    return {
        "peaks": theory.spikiness(embedding.vectors("unit"), coverage=0.5).n_peaks,
        "cv_of_norms": float(np.mean(cvs)),
        "cv_of_theta": model.heterogeneity.cv,
        "cv_of_sampling": float(np.sqrt(model.heterogeneity.ratio / MEAN_DEGREE)),
    }


def _between(model: BlockModel, sigma: float) -> BlockModel:
    """The same communities, each of one popularity: evenly spaced logarithms of standard deviation sigma."""
    spaced = np.linspace(-1.0, 1.0, N_BLOCKS)
    theta = np.exp(sigma * spaced / spaced.std())[model.labels]
    flat = BlockModel(theta, model.labels, model.affinity)
    return BlockModel(theta, model.labels, model.affinity * MEAN_DEGREE / flat.expected_degrees().mean())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Of the plain block model: peaks beyond the communities; and its dispersion of norms over that of the widest spread."""
    plain = rows[rows["sigma"] == 0].set_index("replicate")
    widest = rows[rows["sigma"] == rows["sigma"].max()].set_index("replicate")
    return pd.DataFrame(
        {
            "peaks_without_popularity": plain["peaks"],
            "dispersion_ratio": plain["cv_of_norms"] / widest["cv_of_norms"],
        }
    )


claim = Claim(
    id="B2",
    title="No spikes without varying popularity",
    statement="If the members of a community are equally popular, the vectors do not form spikes.",
    source="The paper's mechanism of spikes (as reconstructed); docs/theory.md, section 7.3.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "dispersion_ratio",
                "<=",
                0.5,
                "norms within a community of equals vary at most half as much as those of a community with CV 0.94",
            ),
            Criterion(
                "peaks_without_popularity",
                ">=",
                2.0 * N_BLOCKS,
                "no spikes means that half the rows need more peaks than twice the communities",
                otherwise="qualified",
                condition="Spk does not see it: the plain block model needs as few peaks; only the dispersion of norms within a "
                "spike tells equals from unequals",
            ),
        ),
        control=("refuted",),
    ),
    control="popularity that varies between communities and not within them: that must not make norms disperse within a spike",
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
