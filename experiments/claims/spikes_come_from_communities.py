"""B6. Spikes come from communities.

In a sparse random graph without communities, a hub of degree well above the others has a pair of eigenvectors of its own,
+-sqrt(d), that its neighbours share and nobody else does: the neighbours that belong to one hub alone are collinear, a
spike (docs/theory.md, section 6.6). Formally that is a disassortative block model with blocks of one node; in the reading
of spikes as communities it is none.
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
from simulate.nulls import erdos_renyi_with_hubs

HUBS, BACKGROUND = 12, 8.0


def study(size: Size) -> Study:
    """Hubs in a random graph; the same nodes with no more edges than the others as the control."""
    n = at(size, quick=1500, default=2500, thorough=5000)
    hub_degree = {"claim": 150.0, "control": BACKGROUND}
    return Study(
        f"B6-{size}",
        [{"arm": arm, "n": n, "hub_degree": degree} for arm, degree in hub_degree.items()],
        trial,
        replicates=at(size, quick=6, default=12, thorough=30),
        version=1,
        roles={"graph": ("n", "hub_degree")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The share of pairs of one hub's exclusive neighbours that are within cos > 0.9 of each other, averaged over hubs."""
    graph, hubs = erdos_renyi_with_hubs(cell["n"], BACKGROUND, HUBS, cell["hub_degree"], rngs["graph"])
    vectors = theory.embed(graph, 2 * HUBS + 1).vectors("full")
    norms = np.linalg.norm(vectors, axis=1)
    unit = np.divide(vectors, norms[:, None], out=np.zeros_like(vectors), where=norms[:, None] > 0)
    to_hubs = graph[:, hubs].toarray() > 0
    alone = to_hubs.sum(axis=1) == 1
    shares = []
    for k in range(HUBS):
        mine = unit[to_hubs[:, k] & alone]
        pairs = np.triu_indices(len(mine), 1)
        if pairs[0].size:
            shares.append(float(((mine @ mine.T)[pairs] > 0.9).mean()))
    peaks = theory.spikiness(vectors).peaks
    return {"collinear": float(np.mean(shares)), "hubs_among_peaks": float(np.isin(hubs, peaks).mean())}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The share of collinear pairs."""
    return rows.set_index("replicate")[["collinear"]]


claim = Claim(
    id="B6",
    title="Spikes come from communities",
    statement="Vectors on one spike belong to one community; without communities there are no spikes.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 6.6 and 7.3.",
    expected="refuted",
    study=study,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "collinear",
                "<=",
                0.5,
                "where most pairs of a hub's own neighbours are within the cone, they are a spike by Spk's own measure",
            ),
        ),
        control=("holds",),
    ),
    control="the same graphs without hubs: the neighbours of ordinary nodes must not be collinear",
    figures=(
        Figure(
            kind="strip",
            x="hub_degree",
            y="collinear",
            xlabel="degree of twelve nodes in a random graph of mean degree 8",
            ylabel="collinear pairs of their own neighbours",
            finding="{collinear:.0%} of the pairs of a hub's own neighbours are collinear, with no community at all",
            lines=(("threshold", 0.5),),
        ),
    ),
    finding="Whether a spike is a community or a hub's neighbourhood shows in its peak: hubs are peaks of spikes that hold "
    "nobody else, since the pair +-sqrt(d) has opposite signs on a hub and on its neighbours.",
)
