"""B6. Spikes come from communities.

In a sparse random graph without communities, a hub whose degree is well above the others' has a pair of eigenvectors with
eigenvalues +-sqrt(d) that its neighbours share and nobody else does. The neighbours that belong to one hub alone are
collinear, and not with those of other hubs: a spike each (docs/theory.md, section 6.6). Formally that is a disassortative block
model with blocks of one node; it is no community.

Spectral decay makes few peaks too. Rows of a random subspace whose singular values fall from one dimension to the next have no
structure at all, yet nearly all of them point along the first few dimensions. So a small Spk means little without a null of the
same spectrum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import alone_on_own_ray
from experiments.claims.families import NODES
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import erdos_renyi_with_hubs, random_subspace

DIMENSIONS, COSINE = 8, 0.9  # dimensions of the random subspaces
DOMAIN = Domain(
    (
        NODES,
        Range("background", 5, 15, "mean degree of the other nodes", "sparse graphs of co-occurrence"),
        Range(
            "hubs", 4, 12, "hubs", "some items that everybody has, in more than a few dimensions", whole=True
        ),
        Range(
            "hub_ratio",
            8,
            30,
            "degree of hubs over that of others",
            "clearly popular, to the head of a catalogue",
        ),
        Range(
            "decay",
            0.3,
            0.8,
            "singular value over the one before, in the subspaces",
            "steep to gentle",
            log=False,
        ),
    ),
    "two dimensions for each hub and one for the mean, rows of U Sigma",
    allowed=lambda cell: _degree(cell) <= cell["n"] / 4,
    allowed_words="no hub is joined to more than a quarter of the nodes",
)
GRAPH = ("members", "n", "background", "hubs", "hub_ratio")
ROLES = {"graph": GRAPH, "subspace": ("n", "decay"), "isotropic": ("n",)}


def _degree(cell: Cell) -> float:
    return float(cell["background"] * cell["hub_ratio"])


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Random graphs with hubs; in the control no node has more edges than others."""
    return (
        Arm("claim", [{"members": "with hubs", **point} for point in points], trial, ROLES),
        Arm("control", [{"members": "without hubs", **point} for point in points[:4]], trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure how many neighbours of one hub alone share a cone of their own, and peaks with and without decay."""
    n, n_hubs = cell["n"], cell["hubs"]
    extra = _degree(cell) if cell["members"] == "with hubs" else 0.0
    graph, hubs = erdos_renyi_with_hubs(n, cell["background"], n_hubs, extra, rngs["graph"])
    vectors = theory.embed(graph, 2 * n_hubs + 1).vectors("full")
    to_hubs = graph[:, hubs].toarray() > 0
    theirs = np.flatnonzero(to_hubs.sum(axis=1) == 1)
    found = theory.spikiness(vectors)
    decaying = random_subspace(cell["decay"] ** np.arange(DIMENSIONS), n, rngs["subspace"])
    isotropic = random_subspace(np.ones(DIMENSIONS), n, rngs["isotropic"])
    alone = alone_on_own_ray(vectors[theirs], np.argmax(to_hubs[theirs], axis=1), COSINE)
    return {
        "on_own_ray": float(alone.mean()),
        "hubs_among_peaks": float(np.isin(hubs, found.peaks).mean()),
        "of_decay": theory.spikiness(decaying).n_peaks / theory.spikiness(isotropic).n_peaks,
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of a hub's neighbours that are a spike of their own."""
    return rows.set_index("replicate")[["on_own_ray"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many hubs are peaks themselves, and the peaks that a decaying spectrum leaves, mean over the points."""
    means = rows[rows["vote"] == "claim"].groupby("replicate")[["hubs_among_peaks", "of_decay"]].mean()
    words = "peaks of random rows with a decaying spectrum, over those without decay, mean over the points"
    return pd.DataFrame(
        {
            Estimand("hubs_among_peaks", "hubs that are peaks, mean over the points", "%"): means[
                "hubs_among_peaks"
            ],
            Estimand("of_decay", words, "%"): means["of_decay"],
        }
    )


claim = Claim(
    id="B6",
    title="Spikes come from communities",
    statement="Vectors on one spike belong to one community; without communities there are no spikes: in a random graph with "
    "hubs, at most half of the neighbours that a hub has to itself lie within one cone of their own.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 6.6 and 7.3.",
    expected="refuted",
    arms=arms,
    version=4,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "on_own_ray",
                    "neighbours of one hub alone that lie in their cone and in that of no other hub",
                    "%",
                ),
                "<=",
                0.5,
                asks="at most {threshold} of the neighbours that a hub has to itself lie within one cone of their own",
                origin="half of the rows is the coverage at which Spk itself speaks of spikes",
                failure="the neighbours of a hub make a spike without any community",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="a random graph without hubs, where neighbours of a node must not be collinear",
    figures=(
        Figure(
            kind="scatter",
            x="hub_ratio",
            y="on_own_ray",
            hue="members",
            log="x",
            xlabel="degree of hubs over that of others",
            ylabel="neighbours of a hub on a ray of their own",
            finding="up to {on_own_ray:.0%} of a hub's own neighbours are a spike",
            lines=(("threshold", 0.5),),
        ),
    ),
    finding="Whether a spike is a community or the neighbours of a hub shows in its peak: a hub is the peak of a spike that "
    "holds nobody else, since the two eigenvectors have opposite signs on a hub and equal signs on its neighbours. "
    "Spectral decay alone leaves few peaks too, so that Spk has to be compared with a null of the same spectrum.",
    headline=True,
)
