"""B3. Without assortativity, no spikes.

The closed form of A1 does not ask for positive eigenvalues: a disassortative or an indefinite affinity of full rank
gives K rays too, provided the signature is kept. So sampled graphs whose nodes prefer *other* communities must show
the spikes of their own communities as clearly as assortative ones of the same strength.
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
from simulate import BlockModel, LogNormal, sample_graph

N_BLOCKS = 4
COSINE = 0.9
# off-diagonal over diagonal affinity: below 1 assortative, above 1 disassortative
PATTERNS = {"assortative": 0.1, "disassortative": 8.0, "indefinite": 0.0, "none": 1.0}


def study(size: Size) -> Study:
    """Assortative graphs as a yardstick, two that are not, and structureless ones as the control."""
    n = at(size, quick=2000, default=3000, thorough=6000)
    arms = {"assortative": "evidence", "disassortative": "claim", "indefinite": "claim", "none": "control"}
    return Study(
        f"B3-{size}",
        [{"arm": arms[pattern], "pattern": pattern, "n": n, "mean_degree": 200.0} for pattern in PATTERNS],
        trial,
        replicates=at(size, quick=6, default=12, thorough=40),
        version=1,
        roles={"graph": ("pattern", "n", "mean_degree")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Sample a graph, embed it, and measure how many rows are in the cone of their own community's axis, and in no other's."""
    rng = rngs["graph"]
    model = _model(cell["pattern"], cell["n"], cell["mean_degree"], rng)
    embedding = theory.embed(sample_graph(model, rng, law="poisson"), N_BLOCKS)
    vectors = embedding.vectors("full")
    norms = np.linalg.norm(vectors, axis=1)
    axes = []
    for block in range(N_BLOCKS):
        rows = vectors[model.labels == block]
        axis = np.linalg.svd(rows, full_matrices=False)[2][0]
        axes.append(axis if (rows @ axis).sum() > 0 else -axis)
    cosines = np.divide(
        vectors @ np.array(axes).T,
        norms[:, None],
        out=np.zeros((len(norms), N_BLOCKS)),
        where=norms[:, None] > 0,
    )
    own = np.arange(N_BLOCKS) == model.labels[:, None]
    # a ray that other communities share is no ray of one's own: without structure all lie along the Perron vector
    alone = (cosines[own] > COSINE) & (np.where(own, -1.0, cosines).max(axis=1) <= COSINE)
    spikes = theory.spikiness(vectors, cosine=COSINE)
    negative = int((embedding.eigenvalues < 0).sum())
    return {"on_own_ray": float(alone.mean()), "peaks": spikes.n_peaks, "negative": negative}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The share of rows on their own ray, averaged over the patterns of the arm."""
    return rows.groupby("replicate")[["on_own_ray"]].mean()


def _model(pattern: str, n: int, mean_degree: float, rng: np.random.Generator) -> BlockModel:
    labels = rng.permutation(np.arange(n) % N_BLOCKS)
    affinity = np.full((N_BLOCKS, N_BLOCKS), PATTERNS[pattern])
    np.fill_diagonal(affinity, 1.0)
    if pattern == "indefinite":
        # two communities that prefer themselves, two that prefer each other: eigenvalues of both signs
        affinity = np.array(
            [[1.0, 0.1, 0.1, 0.1], [0.1, 1.0, 0.1, 0.1], [0.1, 0.1, 0.1, 1.0], [0.1, 0.1, 1.0, 0.1]]
        )
    theta = LogNormal(0.5).sample(n, rng)
    model = BlockModel(theta, labels, affinity)
    return BlockModel(theta, labels, affinity * mean_degree / model.expected_degrees().mean())


claim = Claim(
    id="B3",
    title="No spikes without assortativity",
    statement="If the communities are not assortative, the vectors do not line up in spikes.",
    source="The paper's reading of spikes as communities (as reconstructed); docs/theory.md, sections 1.1 and 7.3.",
    expected="refuted",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "on_own_ray",
                "<=",
                0.5,
                "spikes are absent when fewer than half of the rows, Spk's own coverage, are within cos > 0.9 of their ray",
            ),
        ),
        control=("holds",),
    ),
    control="graphs of the same degrees without any community: their rows must not be on a ray of their (void) label",
    figures=(
        Figure(
            kind="strip",
            x="pattern",
            y="on_own_ray",
            xlabel="affinity between communities",
            ylabel="share of rows with cos > 0.9 to their own ray",
            finding="{on_own_ray:.0%} of the rows are on their own ray without assortativity",
            lines=(("threshold", 0.5),),
        ),
    ),
    finding="Theorem 3.4 itself asks for no sign: the disassortative and the indefinite graphs have negative leading "
    "eigenvalues and the same spikes, as long as the eigenvalues of largest magnitude are kept whatever their sign.",
)
