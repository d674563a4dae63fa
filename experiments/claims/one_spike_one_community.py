"""A6. One spike, one community.

In U, rows of different communities of a full-rank block model are at right angles, so that peaks at a coverage of nearly 1
count communities. In U|Lambda| a strong background turns all rays towards the leading one: the cosine between communities
of a balanced model is c / ((1 - r)^2 + c), c = 2 r (1 - r) + r^2 K, and above 0.9 they are one spike (docs/theory.md,
section 1.7). And at a coverage of a half only the loudest communities are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claim import Claim, Figure, Size, at
from experiments.study import Study
from experiments.verdict import Criterion, Rule
from simulate import LogNormal, dcbm

COMMUNITIES = 10


def study(size: Size) -> Study:
    """Population vectors of a balanced model with a weak and a strong background; one without communities as control."""
    n = at(size, quick=600, default=1500, thorough=4000)
    arms = {0.05: "claim", 0.5: "claim", 1.0: "control"}
    cells = [{"arm": arm, "n": n, "mixing": mixing} for mixing, arm in arms.items()]
    return Study(
        f"A6-{size}",
        cells,
        trial,
        replicates=at(size, quick=5, default=10, thorough=30),
        version=1,
        roles={"model": ("n", "mixing")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count peaks of the population rows: almost all rows in U and in U|Lambda|, and half of them."""
    model = dcbm(
        cell["n"],
        COMMUNITIES,
        heterogeneity=LogNormal(0.7),
        mean_degree=40,
        mixing=cell["mixing"],
        rng=rngs["model"],
    )
    population = theory.Embedding(*model.spectrum())
    unit, full = population.vectors("unit"), population.vectors("full")
    return {
        "in_unit": theory.spikiness(unit, coverage=0.999).n_peaks / COMMUNITIES,
        "in_full": theory.spikiness(full, coverage=0.999).n_peaks / COMMUNITIES,
        "at_half": theory.spikiness(unit).n_peaks / COMMUNITIES,
        "cosine": float(np.median(theory.rays(model).cosines[np.triu_indices(COMMUNITIES, 1)])),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Peaks over communities in the worst cell of each replicate, and how far U is from one each."""
    by = rows.groupby("replicate")
    return pd.DataFrame(
        {
            "off_in_unit": by["in_unit"].agg(lambda values: float(np.abs(values - 1).max())),
            "in_full": by["in_full"].min(),
            "at_half": by["at_half"].min(),
        }
    )


claim = Claim(
    id="A6",
    title="One spike, one community",
    statement="Each spike is one community, and each community one spike.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 1.2, 1.7 and 8.3.",
    expected="qualified",
    study=study,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "off_in_unit",
                "<=",
                0.0,
                "rows of different communities are at right angles in U, so the count is exact",
                statistic="max",
            ),
            Criterion(
                "in_full",
                ">=",
                1.0,
                "the same count in the paper's scaling",
                otherwise="qualified",
                condition="U|Lambda| merges communities that share a strong background",
                statistic="min",
            ),
            Criterion(
                "at_half",
                ">=",
                1.0,
                "the same count at the paper's coverage",
                otherwise="qualified",
                condition="at a coverage of a half only the loudest communities are counted",
                statistic="min",
            ),
        ),
        control=("refuted",),
    ),
    control="the same labels with one affinity for all pairs: there are no communities to count, and one ray",
    figures=(
        Figure(
            kind="strip",
            x="mixing",
            y="in_full",
            xlabel="affinity between communities over that within",
            ylabel="peaks over communities, U|Λ|, coverage 0.999",
            finding="U|Λ| shows {in_full:.0%} of the communities in the worst case",
            lines=(("one each", 1.0),),
        ),
    ),
)
