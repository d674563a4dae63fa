"""B6. Spikes come from communities.

In a sparse random graph without communities, a hub whose degree is well above the others' has a pair of eigenvectors with
eigenvalues +-sqrt(d) that its neighbours share and nobody else does. The neighbours that belong to one hub alone are
collinear: a spike (docs/theory.md, section 6.6). Formally that is a disassortative block model with blocks of one node; it
is no community.

Spectral decay makes spikes too. Rows of a random subspace whose singular values halve from one dimension to the next have no
structure at all, yet nearly all of them point along the first few dimensions: few cones hold half of them, where directions
without decay need hundreds. So a small Spk means little without a null of the same spectrum.
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
from simulate import erdos_renyi_with_hubs, random_subspace

HUBS, BACKGROUND = 12, 8.0
DIMENSIONS, DECAY = 8, 0.5  # of the random subspaces
ROLES = {"graph": ("n", "hub_degree"), "subspace": ("n", "decay"), "isotropic": ("n",)}


def arms(size: Size) -> tuple[Arm, ...]:
    """Hubs in a random graph and a decaying spectrum; in the control no node has more edges, and the spectrum does not decay."""
    n = at(size, quick=1500, default=2500, thorough=5000)
    return (
        Arm("claim", [{"n": n, "hub_degree": 150.0, "decay": DECAY}], trial, ROLES),
        Arm("control", [{"n": n, "hub_degree": 0.0, "decay": 1.0}], trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure which pairs of one hub's exclusive neighbours are within cos > 0.9, and peaks with and without decay."""
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
    """Return the share of collinear pairs, and the peaks of a random subspace over those without spectral decay."""
    return rows.set_index("replicate")[["collinear", "of_decay"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how spiky the graph of hubs is as a whole, and how many hubs are peaks themselves."""
    hubs = rows[rows["vote"] == "claim"].set_index("replicate")
    return pd.DataFrame(
        {
            Estimand("spk_of_hubs", "Spk of the graph with hubs", "%"): hubs["spk_of_hubs"],
            Estimand("hubs_among_peaks", "hubs that are peaks", "%"): hubs["hubs_among_peaks"],
        }
    )


claim = Claim(
    id="B6",
    title="Spikes come from communities",
    statement="Vectors on one spike belong to one community; without communities there are no spikes.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 6.6 and 7.3.",
    expected="refuted",
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 30},
    version=3,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("collinear", "pairs of neighbours of one hub that lie within one cone", "%"),
                "<=",
                0.5,
                asks="in a random graph with hubs, at most {threshold} of the pairs of one hub's neighbours lie within one cone",
                origin="if most pairs of a hub's neighbours are within the cone, they are a spike by Spk's own measure",
                failure="the neighbours of a hub make a spike without any community",
            ),
            Criterion(
                Estimand(
                    "of_decay", "peaks of random rows with a decaying spectrum, over those without decay", "%"
                ),
                ">=",
                0.5,
                asks="random rows whose spectrum decays need at least {threshold} of the peaks of rows without decay",
                origin="without communities at least half of the peaks of isotropic directions are needed",
                failure="a decaying spectrum alone leaves few peaks",
                condition="the spectrum does not decay, or Spk is compared with that of a null of the same spectrum",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="a random graph without hubs and a spectrum without decay, where neighbours of a node must not be collinear",
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
    finding="Whether a spike is a community or the neighbours of a hub shows in its peak: a hub is the peak of a spike that "
    "holds nobody else, since the two eigenvectors have opposite signs on a hub and equal signs on its neighbours.",
    headline=True,
)
