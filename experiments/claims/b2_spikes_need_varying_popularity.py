"""B2. Without popularity that varies inside communities there are no spikes.

Spk counts directions and ignores norms, so a plain block model needs as few peaks as a degree-corrected one. What tells them
apart is the dispersion of norms within a community: its coefficient of variation (CV) is that of theta where theta varies, and
otherwise what sampling alone gives, about sqrt(R / d) (docs/theory.md, sections 3.2 and 7.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import (
    CLEAR_WORDS,
    DEGREE,
    LAW,
    MIXING,
    NODES,
    SPREAD,
    block_model,
    is_clear,
)
from experiments.judging.claim import Arm, Claim, Vote
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import random_subspace

BLOCKS = Range(
    "blocks", 4, 24, "communities", "in fewer dimensions random directions need few peaks too", whole=True
)
DOMAIN = Domain(
    (NODES, BLOCKS, DEGREE, SPREAD, LAW, MIXING),
    "as many dimensions as communities, communities of equal size, rows of U Sigma",
    allowed=lambda cell: is_clear({**cell, "cv": 0.0}),
    allowed_words=f"{CLEAR_WORDS} even where all members are equally popular",
)
ROLES = {"graph": ("members", *DOMAIN.names), "directions": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Members that are equally popular beside others of the same communities; in the control rows of random directions."""

    def arm(vote: Vote, members: str, at: Sequence[Cell]) -> Arm:
        cells = [{"members": members, **point} for point in at]
        return Arm(vote, cells, trial, ROLES, f"{vote}-{members}")

    return (
        arm("claim", "equal", points),
        arm("claim", "unequal", points),
        arm("control", "scattered", points[:4]),
        arm("control", "unequal", points[:4]),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count peaks, and measure how norms vary within communities."""
    popular = cell if cell["members"] == "unequal" else {**cell, "cv": 0.0, "law": "lognormal"}
    model = block_model(popular, rngs["graph"])
    vectors = sampled_embedding(model, cell["blocks"], rngs["graph"]).vectors("full")
    norms = np.linalg.norm(vectors, axis=1)
    if cell["members"] == "scattered":
        directions = random_subspace(np.ones(cell["blocks"]), cell["n"], rngs["directions"])
        vectors = directions * (norms / np.linalg.norm(directions, axis=1))[:, None]
    groups = [norms[model.labels == k] for k in range(cell["blocks"])]
    return {
        "peaks": theory.spikiness(vectors).n_peaks,
        "cv_of_norms": float(np.mean([mine.std() / mine.mean() for mine in groups])),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the peaks of equally popular members over those of others."""
    return pd.DataFrame({"ratio": _over_unequal(rows, "peaks")})


def _over_unequal(rows: pd.DataFrame, column: str) -> pd.Series:
    values, unequal = rows.set_index("replicate")[column], (rows["members"] == "unequal").to_numpy()
    return values[~unequal] / values[unequal]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how little norms vary among equally popular members, mean over the points."""
    claimed = rows[rows["vote"] == "claim"]
    ratios = [_over_unequal(part, "cv_of_norms") for _, part in claimed.groupby(list(DOMAIN.names))]
    words = "variation of norms in communities of equally popular members, over that in others, mean over the points"
    return pd.DataFrame({Estimand("dispersion", words, "%"): pd.concat(ratios, axis=1).mean(axis=1)})


claim = Claim(
    id="B2",
    title="No spikes without varying popularity",
    statement="If the members of a community are equally popular, their vectors do not form spikes: in U Sigma with as many "
    "dimensions as communities, half of the vectors need at least twice the peaks that they need where popularity varies.",
    source="The paper's mechanism of spikes (as reconstructed); docs/theory.md, section 7.3.",
    expected="refuted",
    arms=arms,
    version=3,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "ratio",
                    "peaks where members are equally popular, over peaks where popularity varies",
                    "times",
                ),
                ">=",
                2.0,
                asks="communities of equally popular members need at least {threshold} the peaks of others",
                origin="if the members of each community were on no common ray, many more cones would be needed",
                failure="Spk does not notice that popularity is equal: about as few peaks hold half of the rows",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="rows of the same lengths in random directions, which form no spikes",
    figures=(
        Figure(
            kind="strip",
            x="members",
            y="cv_of_norms",
            xlabel="popularity within communities",
            ylabel="variation of norms within communities (CV)",
            finding="equally popular members need {ratio:.1f} times the peaks; only their norms vary less",
            points=lambda rows: rows[rows["vote"] == "claim"],
        ),
    ),
    finding="A spike in the sense of Spk is a common direction. That its vectors also differ widely in length, which is what the "
    "word suggests, does need varying popularity: the variation of norms shows it, and Spk does not.",
)
