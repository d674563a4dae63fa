"""B3. Without assortativity there are no spikes.

The closed form of A1 does not need positive eigenvalues: a disassortative or an indefinite affinity of full rank gives K rays
too, as long as the signature is kept. So graphs whose nodes prefer *other* communities must show the spikes of their own
communities as clearly as assortative graphs of the same degree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import alone_on_own_ray, of_mean_degree, sampled_embedding
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import BlockModel, LogNormal

N_BLOCKS, COSINE = 4, 0.9
# off-diagonal over diagonal affinity: below 1 assortative, above 1 disassortative
PATTERNS = {"assortative": 0.1, "disassortative": 8.0, "indefinite": 0.0, "none": 1.0}
ROLES = {"graph": ("pattern", "n", "mean_degree")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Graphs that are not assortative; graphs without structure as the control; assortative ones for comparison."""
    n = at(size, quick=2000, default=3000, thorough=6000)

    def cells(*patterns: str) -> list[dict[str, Any]]:
        return [{"pattern": pattern, "n": n, "mean_degree": 200.0} for pattern in patterns]

    return (
        Arm("evidence", cells("assortative"), trial, ROLES),
        Arm("claim", cells("disassortative", "indefinite"), trial, ROLES),
        Arm("control", cells("none"), trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure how many rows of a sampled embedding lie in the cone of their own community's axis, and in no other's."""
    model = _model(cell["pattern"], cell["n"], cell["mean_degree"], rngs["graph"])
    embedding = sampled_embedding(model, N_BLOCKS, rngs["graph"])
    vectors = embedding.vectors("full")
    return {
        "on_own_ray": float(alone_on_own_ray(vectors, model.labels, COSINE).mean()),
        "peaks": theory.spikiness(vectors, cosine=COSINE).n_peaks,
        "negative": int((embedding.eigenvalues < 0).sum()),
    }


def _model(pattern: str, n: int, mean_degree: float, rng: np.random.Generator) -> BlockModel:
    labels = rng.permutation(np.arange(n) % N_BLOCKS)
    affinity = np.full((N_BLOCKS, N_BLOCKS), PATTERNS[pattern])
    np.fill_diagonal(affinity, 1.0)
    if (
        pattern == "indefinite"
    ):  # two communities prefer themselves, two prefer each other: eigenvalues of both signs
        affinity = np.full((N_BLOCKS, N_BLOCKS), 0.1)
        affinity[[0, 1, 2, 3], [0, 1, 3, 2]] = 1.0
    return of_mean_degree(BlockModel(LogNormal(0.5).sample(n, rng), labels, affinity), mean_degree)


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Average the share of rows on their own ray over the patterns."""
    return rows.groupby("replicate")[["on_own_ray"]].mean()


ON_OWN_RAY = Estimand(
    "on_own_ray", "rows within 25.8 degrees of their own community's ray and of no other", "%"
)

claim = Claim(
    id="B3",
    title="No spikes without assortativity",
    statement="If the communities are not assortative, the vectors do not line up in spikes.",
    source="The paper's reading of spikes as communities (as reconstructed); docs/theory.md, sections 1.1 and 7.3.",
    expected="refuted",
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 40},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                ON_OWN_RAY,
                "<=",
                0.5,
                asks="fewer than {threshold} of the rows lie on a ray of their own community",
                origin="half of the rows is the coverage at which Spk itself speaks of spikes",
                failure="communities that avoid each other, or prefer each other in pairs, make spikes too",
            ),
        ),
        control=("holds",),
    ),
    control="graphs of the same degrees without any community, whose rows must not lie on a ray of their (meaningless) label",
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
    finding="Theorem 3.4 does not ask for positive eigenvalues. The disassortative and the indefinite graphs have negative "
    "leading eigenvalues and the same spikes, as long as the eigenvalues of largest magnitude are kept whatever their sign.",
    headline=True,
)
