"""A7. The theorem with communities of unequal size, and with more or fewer dimensions than communities.

Nobody who embeds a catalogue knows how many communities it has, and they are not of one size. Up to as many dimensions as
communities the resummed local law predicts which share of the rows lies near the axis of its community, whatever the sizes.
Beyond them each further dimension is noise, which turns rows away from their axis; the prediction leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.claims.families import UNEVEN
from experiments.claims.shares_on_rays import (
    DEGREE,
    LAW,
    MIXING,
    RIVALS,
    SPREAD,
    allowed_words,
    can_be_wrong,
    compared,
    estimates,
    within,
)
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Rule
from experiments.judging.domain import Derived, Domain, Range
from experiments.judging.figure import Figure
from experiments.running.study import Cell

STANDS_OUT = 1.3  # edges, from which on directions of nearly equal strength are told apart


def with_rank(point: Cell) -> dict[str, Any]:
    """Return a point with the number of dimensions and the paper's cone."""
    return {**point, "rank": max(1, round(point["kept"] * point["blocks"])), "cosine": 0.9}


PER_DIMENSION = Derived(
    "per_dimension",
    "communities per dimension",
    lambda cell: cell["blocks"] / with_rank(cell)["rank"],
    border=1.0,
)
DOMAIN = Domain(
    (
        Range("n", 1000, 2400, "nodes", "enough for shares to one in a hundred", whole=True),
        Range(
            "blocks", 2, 12, "communities", "few and many; with more, most of a small one drowns", whole=True
        ),
        Range(
            "kept",
            0.5,
            3.0,
            "dimensions per community",
            "half of the communities' number to thrice",
            log=False,
        ),
        UNEVEN,
        DEGREE,
        SPREAD,
        MIXING,
        LAW,
    ),
    "rows of U|Λ|, cones of cosine 0.9, Poisson edges",
    lambda point: can_be_wrong(with_rank(point), STANDS_OUT, models=1),
    allowed_words(STANDS_OUT),
    derived=(PER_DIMENSION,),
)
ROLES = {"graph": DOMAIN.names, "prediction": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """A model at each point, and graphs in which half of the communities are drowned as control."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], drowned_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the share of rows within the cone of their axis, and predict it from the directions of the communities."""
    return compared(with_rank(cell), rngs, stands_out=STANDS_OUT)


def drowned_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Do the same where the larger half of the communities of the graph prefer themselves to others no more."""
    return compared(with_rank(cell), rngs, drowned=cell["blocks"] // 2, stands_out=STANDS_OUT)


def _gaps(rows: pd.DataFrame) -> pd.DataFrame:
    words = {"claim": "as sampled", "control": "half of the communities drowned (control)"}
    ratio = [with_rank(cell)["rank"] / cell["blocks"] for cell in rows[["kept", "blocks"]].to_dict("records")]
    return rows.assign(ratio=ratio, gap=rows["measured"] - rows["predicted"], case=rows["vote"].map(words))


claim = Claim(
    id="A7",
    title="Spikes whatever the sizes and dimensions",
    statement="In graphs sampled from a DCBM with communities of unequal size, rows of U|Λ| line up in spikes whatever the "
    "number of kept dimensions, where those of the communities stand out of the noise (eigenvalues of at least "
    f"{STANDS_OUT} times its spectral edge): the share of rows within cosine 0.9 of the axis of their community is what the "
    "fluctuation theory of these dimensions predicts.",
    source="Theorem 3.4 (as reconstructed) in finite samples, for any f; docs/theory.md, sections 1.3, 4.5 and 6.2.",
    expected="qualified",
    arms=arms,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        within(
            0.05,
            "one row in twenty: directions of nearly equal strength mix where the truncation falls between them",
        )
    ),
    rivals=RIVALS,
    boundary=Boundary(
        "at most 1.27 dimensions are kept for each community that there is",
        {"per_dimension": 9.68},
        2.32,
        97,
        0.0,
    ),
    control="graphs in which the larger half of the communities do not prefer themselves, predicted as if they did",
    figures=(
        Figure(
            kind="scatter",
            x="ratio",
            y="gap",
            hue="case",
            log="x",
            xlabel="dimensions per community",
            ylabel="share in the cone, measured less predicted",
            finding="up to as many dimensions as communities the share is as predicted",
            lines=(("tolerance", 0.05), ("tolerance", -0.05)),
            verticals=(("as many as communities", 1.0),),
            points=_gaps,
        ),
    ),
)
