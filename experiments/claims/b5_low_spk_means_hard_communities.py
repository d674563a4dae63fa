"""B5. A low Spk means hard communities.

Rows of a mixed-membership model fill a cone instead of rays. A few wide caps of cosine 0.9 still hold half of such a cone, so
that Spk at coverage 0.5 hardly tells the two apart as long as there is a cone: the eigenvalues of mixed communities are K + 1
times smaller than those of hard ones. Where they are below the spectral edge, about 2 (d (1 + CV^2))^(1/2), the rows of mixed
members are noise in all dimensions but the first, which needs many peaks (docs/theory.md, sections 5.2 and 6.4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.families import (
    BLOCKS,
    CLEAR_WORDS,
    DEGREE,
    MIXING,
    NODES,
    SPREAD,
    VISIBILITY,
    block_model,
    is_clear,
    placed,
)
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim, Vote
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import mixed_membership, sample_factor_graph


def _drowned(cell: Cell) -> float:
    """Memberships drawn from Dirichlet(1) vary 1 / (K + 1) times as much as hard ones, and so do the eigenvalues."""
    loud = cell["mean_degree"] * (1.0 + cell["cv"] ** 2)
    return 2.0 * (float(cell["blocks"]) + 1.0) / math.sqrt(loud)


DOMAIN = Domain(
    (NODES, BLOCKS, DEGREE, SPREAD, MIXING),
    "as many dimensions as communities, communities of equal size, log-normal popularity, rows of U Sigma",
    allowed=is_clear,
    allowed_words=CLEAR_WORDS,
    derived=(
        VISIBILITY,
        Derived(
            "drowned", "edge over eigenvalues of mixed communities without a background", _drowned, border=1.0
        ),
    ),
)
COVERAGES = (0.5, 0.9)
ROLES = {"graph": ("members", *DOMAIN.names)}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Hard beside mixed members (Dirichlet(1)) at f = K; in the control hard ones of another sample in their place."""

    def arm(vote: Vote, members: str, at: Sequence[Cell]) -> Arm:
        return Arm(vote, [{"members": members, **point} for point in at], trial, ROLES, f"{vote}-{members}")

    return (
        arm("claim", "hard", points),
        arm("claim", "mixed", points),
        arm("control", "hard", points[:4]),
        arm("control", "again", points[:4]),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks at both coverages."""
    model = block_model(cell, rngs["graph"])
    mixed, _ = mixed_membership(model, 1.0 if cell["members"] == "mixed" else 0.0, rngs["graph"])
    graph = sample_factor_graph(mixed, rngs["graph"], law="poisson")
    vectors = theory.embed(graph, cell["blocks"]).vectors("full")
    return {f"peaks_{rho:g}": theory.spikiness(vectors, coverage=rho).n_peaks for rho in COVERAGES}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return peaks without hard communities over peaks with them."""
    return pd.DataFrame({"ratio": _over_hard(rows, 0.5)})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same where nine tenths of the rows are to be covered."""
    words = "peaks of mixed communities over peaks of hard ones, at coverage 0.9, mean over points"
    claimed = rows[rows["vote"] == "claim"]
    ratios = [_over_hard(part, 0.9) for _, part in claimed.groupby(list(DOMAIN.names))]
    return pd.DataFrame(
        {Estimand("ratio_at_most_rows", words, "times"): pd.concat(ratios, axis=1).mean(axis=1)}
    )


def _over_hard(rows: pd.DataFrame, coverage: float) -> pd.Series:
    peaks, hard = rows.set_index("replicate")[f"peaks_{coverage:g}"], (rows["members"] == "hard").to_numpy()
    return peaks[~hard] / peaks[hard]


def _ratios(rows: pd.DataFrame) -> pd.DataFrame:
    """The ratio at each point of the claim and of its control beside the quantity of the boundary."""
    parts = [
        part[part["members"] == "hard"].assign(ratio=_over_hard(part, 0.5).to_numpy())
        for _, part in placed(DOMAIN)(rows).groupby(["vote", *DOMAIN.names])
    ]
    return pd.concat(parts)


claim = Claim(
    id="B5",
    title="A low Spk means hard communities",
    statement="A matrix with a low Spk has hard communities: in U Sigma with as many dimensions as communities, where hard "
    "ones are clear of the noise, mixed communities need at least three times their peaks at coverage 0.5.",
    source="A reading of the paper's metric (as reconstructed); docs/theory.md, sections 6.1 and 7.3.",
    expected="qualified",
    arms=arms,
    version=3,
    domain=DOMAIN,
    reach="always",
    boundary=Boundary(
        "mixed communities are too many for the degree to be seen: for K communities of mean degree d whose popularity spreads "
        "by CV, d (1 + CV^2) is at most 1.7 (K + 1)^2",
        {"drowned": 10.3},
        -4.38,
        91,
        0.011,
    ),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "ratio", "peaks of mixed communities over peaks of hard ones, at coverage 0.5", "times"
                ),
                ">=",
                3.0,
                asks="mixed communities need at least {threshold} the peaks of hard ones",
                origin="with three times the peaks the two can be told apart by eye",
                failure="members of several communities give nearly as low a Spk",
            ),
        ),
        control=("refuted",),
    ),
    measurements=measurements,
    control="hard communities in place of the mixed ones, in another sample",
    figures=(
        Figure(
            kind="scatter",
            x="drowned",
            y="ratio",
            hue="vote",
            log="xy",
            xlabel="spectral edge over the eigenvalues of mixed communities",
            ylabel="peaks of mixed over peaks of hard communities",
            finding="mixed communities need few peaks more until they drown in noise",
            lines=(("threshold", 3.0),),
            verticals=(("boundary", 1.53),),
            points=_ratios,
        ),
    ),
)
