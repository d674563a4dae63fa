"""B7. The vector of largest norm represents its spike.

It is the row with the most edges, and so the least noisy one. But the mean row of node i is multiplied by 1 / (1 - (V g)_i /
z_k), which differs between dimensions k and is far from 1 for hubs: in sparse graphs with a heavy tail the longest rows bend
away from the ray of their community (docs/theory.md, section 5.5). And where a community lies below the spectral edge, the
dimension kept in its place is a noise vector, localised on hubs. The trial measures the share of the community that lies
nearer to its axis than the longest row. The axis is that of the other rows, each scaled to length 1: the longest row would
pull the axis towards itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from experiments.claims.draws import sampled_embedding
from experiments.claims.families import (
    BLOCKS,
    CLEAR,
    CLEAR_WORDS,
    DEGREE,
    MIXING,
    NODES,
    VISIBILITY,
    placed,
    visibility,
)
from experiments.judging.claim import SIZES, Arm, Claim, Vote
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import Pareto, dcbm


def _moment(power: float, cell: Cell) -> float:
    """E theta^power of the Pareto law of a point, from 1 to `loudest`."""
    a = cell["tail"]
    whole = special.boxcox(cell["loudest"], -a)
    return float(special.boxcox(cell["loudest"], power - a) / whole)


def _visibility(cell: Cell) -> float:
    variance = _moment(2, cell) / _moment(1, cell) ** 2 - 1.0
    return visibility({**cell, "cv": float(np.sqrt(variance))})


DOMAIN = Domain(
    (
        NODES,
        BLOCKS,
        DEGREE,
        Range(
            "tail",
            1.5,
            6.0,
            "tail index of popularity",
            "from heavier tails than in any catalogue to mild ones",
        ),
        Range("loudest", 5, 60, "largest over smallest popularity", "from a mild cut of the tail to hubs"),
        MIXING,
    ),
    "as many dimensions as communities, communities of equal size, Pareto popularity, rows of U Sigma",
    allowed=lambda cell: _visibility(cell) >= CLEAR,
    allowed_words=CLEAR_WORDS,
    derived=(replace(VISIBILITY, function=_visibility),),
)
ROLES = {"graph": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """The longest row of each community; in the control the shortest one."""

    def arm(vote: Vote, chosen: str, at: Sequence[Cell]) -> Arm:
        return Arm(vote, [{"chosen": chosen, **point} for point in at], trial, ROLES)

    return arm("claim", "longest", points), arm("control", "shortest", points[:4])


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure which share of its community lies nearer to the axis than the chosen row, and the angle of that row."""
    rng, law = rngs["graph"], Pareto(cell["tail"], maximum=cell["loudest"])
    model = dcbm(
        cell["n"],
        cell["blocks"],
        heterogeneity=law,
        mean_degree=cell["mean_degree"],
        mixing=cell["mixing"],
        rng=rng,
    )
    vectors = sampled_embedding(model, cell["blocks"], rng).vectors("full")
    norms = np.linalg.norm(vectors, axis=1)
    nearer, angles = [], []
    for block in range(cell["blocks"]):
        mine = np.flatnonzero((model.labels == block) & (norms > 0))
        k = int((np.argmax if cell["chosen"] == "longest" else np.argmin)(norms[mine]))
        cosines = _cosines(vectors[mine] / norms[mine, None], k)
        nearer.append(float((cosines > cosines[k]).mean()))
        angles.append(float(np.degrees(np.arccos(np.clip(cosines[k], -1.0, 1.0)))))
    return {"nearer": float(np.mean(nearer)), "degrees": float(np.mean(angles))}


def _cosines(directions: NDArray[np.float64], chosen: int) -> NDArray[np.float64]:
    """Cosines of directions with the axis of those that are not `chosen`."""
    others = np.delete(directions, chosen, axis=0)
    axis = np.linalg.eigh(others.T @ others)[1][:, -1]
    return np.asarray(directions @ (axis if (others @ axis).sum() > 0 else -axis))


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of rows nearer to the axis than the representative."""
    return rows.set_index("replicate")[["nearer"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the angle of the longest row to the axis, mean over the points."""
    angles = rows[rows["vote"] == "claim"].groupby("replicate")["degrees"].mean()
    return pd.DataFrame(
        {Estimand("degrees", "angle of the longest row to the axis, mean over the points", "degrees"): angles}
    )


claim = Claim(
    id="B7",
    title="The longest vector represents its spike",
    statement="The vector of largest norm points along its spike better than most of the vectors that it stands for, in U Sigma "
    "with as many dimensions as communities, all clear of the noise.",
    source="The representatives of Theorem 3.4 (as reconstructed); docs/theory.md, section 5.5.",
    expected="qualified",
    arms=arms,
    replicates=dict.fromkeys(SIZES, 40),
    version=3,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("nearer", "members of a community nearer to its axis than its longest vector", "%"),
                "<=",
                0.5,
                asks="at most {threshold} of a community lie nearer to its axis than its longest vector",
                origin="better than most is better than half, where a random member is",
                failure="many vectors represent their spike better than the longest one",
            ),
        ),
        control=("refuted",),
    ),
    measurements=measurements,
    control="the shortest row of the community in place of the longest one",
    figures=(
        Figure(
            kind="scatter",
            x="visibility",
            y="nearer",
            hue="chosen",
            log="x",
            xlabel="eigenvalues of the communities over the spectral edge",
            ylabel="share of the community nearer to its axis",
            finding="the longest vector is nearer to the axis than most of its community",
            lines=(("a random member", 0.5),),
            points=placed(DOMAIN),
        ),
    ),
)
