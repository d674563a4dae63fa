"""B5. A low Spk means hard communities.

Rows of a mixed-membership model fill a cone instead of rays. At cosine 0.9 few wide caps still hold half of such a cone when the
dimensions are as few as the communities: Spk at coverage 0.5 hardly tells the two apart, coverage 0.9 does better.
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
from simulate import (
    LogNormal,
    dcbm,
    mixed_membership,
    overlapping_membership,
    sample_factor_graph,
    sample_graph,
)

BLOCKS = 6
COVERAGES = (0.5, 0.9)


def study(size: Size) -> Study:
    """Hard, mixed (Dirichlet(1)) and overlapping members at f = K; isotropic directions as the control."""
    n = at(size, quick=1200, default=2000, thorough=4000)
    members = ("hard", "mixed")
    cells = [{"arm": "claim", "members": name, "n": n} for name in members]
    cells += [{"arm": "control", "members": name, "n": n} for name in ("hard", "isotropic")]
    cells += [{"arm": "evidence", "members": "overlapping", "n": n}]
    return Study(
        f"B5-{size}",
        cells,
        trial,
        replicates=at(size, quick=8, default=16, thorough=40),
        version=1,
        roles={"graph": ("members", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Peaks at both coverages."""
    vectors = _vectors(cell["members"], cell["n"], rngs["graph"])
    return {f"peaks_{rho:g}": theory.spikiness(vectors, coverage=rho).n_peaks for rho in COVERAGES}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Peaks without hard communities over peaks with them."""
    by = rows.set_index("replicate")
    hard, other = by[by["members"] == "hard"], by[by["members"] != "hard"]
    return pd.DataFrame(
        {
            "ratio": other["peaks_0.5"] / hard["peaks_0.5"],
            "ratio_at_most_rows": other["peaks_0.9"] / hard["peaks_0.9"],
        }
    )


def _vectors(members: str, n: int, rng: np.random.Generator) -> Any:
    if members == "isotropic":
        return rng.standard_normal((n, BLOCKS)) * rng.lognormal(0, 0.6, (n, 1))
    model = dcbm(n, BLOCKS, heterogeneity=LogNormal(0.6), mean_degree=150, mixing=0.05, rng=rng)
    if members == "hard":
        graph = sample_graph(model, rng, law="poisson")
    else:
        soft = (
            mixed_membership(model, 1.0, rng)
            if members == "mixed"
            else overlapping_membership(model, 1.0, rng)
        )
        graph = sample_factor_graph(soft[0], rng, law="poisson")
    return theory.embed(graph, BLOCKS).vectors("full")


def _long(rows: pd.DataFrame) -> pd.DataFrame:
    return (
        rows[rows["arm"] != "control"]
        .melt(["members"], [f"peaks_{rho:g}" for rho in COVERAGES], "coverage", "peaks")
        .replace({f"peaks_{rho:g}": f"{rho:g}" for rho in COVERAGES})
    )


claim = Claim(
    id="B5",
    title="A low Spk means hard communities",
    statement="A matrix with a low Spk has hard communities: with soft ones it needs many more peaks.",
    source="A reading of the paper's metric (as reconstructed); docs/theory.md, sections 6.1 and 7.3.",
    expected="refuted",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "ratio",
                ">=",
                3.0,
                "soft communities must need three times the peaks to be told apart by eye",
            ),
        ),
        control=("holds",),
    ),
    control="isotropic directions: far more peaks than hard communities",
    figures=(
        Figure(
            kind="strip",
            x="members",
            y="peaks",
            hue="coverage",
            log="y",
            xlabel="communities",
            ylabel="peaks",
            finding="at coverage 0.5 soft communities need {ratio:.1f} times the peaks of hard ones",
            points=_long,
        ),
    ),
)
