"""B6. Spikes come from communities.

In a sparse random graph without communities, a hub of degree well above the others has a pair of eigenvectors of its own,
+-sqrt(d), that its neighbours share and nobody else does: the neighbours that belong to one hub alone are collinear, a
spike (docs/theory.md, section 6.6). Formally that is a disassortative block model with blocks of one node; in the reading
of spikes as communities it is none.

Spectral decay makes spikes too. Rows of a random subspace whose singular values halve from one dimension to the next have no
structure at all, yet nearly all of them point along the first few dimensions: few cones hold half of them, where directions
without decay need hundreds. So a small Spk says little without a null of the same spectrum.
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
from simulate.nulls import erdos_renyi_with_hubs, random_subspace

HUBS, BACKGROUND = 12, 8.0
DIMENSIONS, DECAY = 8, 0.5  # of the random subspaces


def study(size: Size) -> Study:
    """Hubs in a random graph and a decaying spectrum; no node with more edges, and no decay, as the control."""
    n = at(size, quick=1500, default=2500, thorough=5000)
    kinds = {"claim": (150.0, DECAY), "control": (0.0, 1.0)}
    return Study(
        f"B6-{size}",
        [{"arm": arm, "n": n, "hub_degree": hub, "decay": decay} for arm, (hub, decay) in kinds.items()],
        trial,
        replicates=at(size, quick=6, default=12, thorough=30),
        version=3,
        roles={"graph": ("n", "hub_degree"), "subspace": ("n", "decay"), "isotropic": ("n",)},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The share of pairs of one hub's exclusive neighbours within cos > 0.9 of each other; peaks with and without decay."""
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
    found = theory.spikiness(vectors)
    decaying = random_subspace(cell["decay"] ** np.arange(DIMENSIONS), cell["n"], rngs["subspace"])
    isotropic = random_subspace(np.ones(DIMENSIONS), cell["n"], rngs["isotropic"])
    return {
        "collinear": float(np.mean(shares)),
        "hubs_among_peaks": float(np.isin(hubs, found.peaks).mean()),
        "spk_of_hubs": found.value,
        "of_decay": theory.spikiness(decaying).n_peaks / theory.spikiness(isotropic).n_peaks,
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The share of collinear pairs, and peaks of a random subspace over those without spectral decay."""
    return rows.set_index("replicate")[["collinear", "of_decay"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """How spiky the graph of hubs is as a whole, and how many hubs are peaks themselves."""
    hubs = rows[rows["arm"] == "claim"].set_index("replicate")
    return pd.DataFrame(
        {"Spk of the graph with hubs": hubs["spk_of_hubs"], "hubs that are peaks": hubs["hubs_among_peaks"]}
    )


claim = Claim(
    id="B6",
    title="Spikes come from communities",
    statement="Vectors on one spike belong to one community; without communities there are no spikes.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 6.6 and 7.3.",
    expected="refuted",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "collinear",
                "<=",
                0.5,
                "where most pairs of a hub's own neighbours are within the cone, they are a spike by Spk's own measure",
            ),
            Criterion(
                "of_decay",
                ">=",
                0.5,
                "without communities at least half of the peaks of isotropic directions are needed",
                otherwise="qualified",
                condition="the spectrum does not decay: a decay alone gives few peaks, so Spk needs a null of the same spectrum",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="no hubs, and no decay: neighbours of ordinary nodes must not be collinear, and peaks as many as without structure",
    figures=(
        Figure(
            kind="strip",
            x="hub_degree",
            y="collinear",
            xlabel="edges planted on each of twelve nodes in a random graph of mean degree 8",
            ylabel="collinear pairs of their own neighbours",
            finding="{collinear:.0%} of the pairs of a hub's neighbours are collinear; decay leaves {of_decay:.1%} of the peaks",
            lines=(("threshold", 0.5),),
        ),
    ),
    finding="Whether a spike is a community or a hub's neighbourhood shows in its peak: hubs are peaks of spikes that hold "
    "nobody else, since the pair +-sqrt(d) has opposite signs on a hub and on its neighbours.",
)
