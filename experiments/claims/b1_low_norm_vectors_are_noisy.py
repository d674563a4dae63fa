"""B1. Noise dominates in vectors of low norm: the sine of the angle to the ray falls like theta^(-1/2).

To first order a row of U|Lambda| is a point on its ray plus noise of covariance theta_i S_c, while its length grows like
theta_i (docs/theory.md, sections 4.2 and 4.3). So E sin^2 is proportional to 1 / theta_i as long as every kept dimension rises
above the noise and the angles are not so wide that the sine can grow no more. The slope of the logarithm of the root mean
square sine on that of theta, over ten bins of equal size, is -1/2 then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
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
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Domain
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import mixed_membership

FloatArray = NDArray[np.float64]
SMOOTH = Choice(
    "law",
    ("lognormal", "gamma"),
    "law of popularity",
    "with few and with many quiet items; no hubs, which bend rays",
)
DOMAIN = Domain(
    (NODES, BLOCKS, DEGREE, SPREAD, SMOOTH, MIXING),
    "as many dimensions as communities, communities of equal size, popularity up to 8 times the median, rows of U Sigma",
    allowed=is_clear,
    allowed_words=CLEAR_WORDS,
    derived=(VISIBILITY,),
)
BINS = 10
ROLES = {"graph": ("members", *DOMAIN.names), "deal": ("members", *DOMAIN.names)}
DEALT = {
    "angles": "the angles of the same rows, dealt to them at random",
    "noise": "noise of the same sizes, dealt to the same rows at random",
}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Nodes in one community each; in the control, without noise, nodes that belong to all."""
    return (
        Arm("claim", [{"members": "hard", **point} for point in points], trial, ROLES),
        Arm("control", [{"members": "mixed", **point} for point in points[:4]], trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Fit the slope of the sines, and those of the rivals on the same rows."""
    rng, rank = rngs["graph"], cell["blocks"]
    model = block_model(cell, rng)
    theta, labels = model.propensities, model.labels
    if cell["members"] == "hard":
        vectors = sampled_embedding(model, rank, rng).vectors("full")
    else:
        mixed, memberships = mixed_membership(model, 1.0, rng)
        labels = np.argmax(memberships, axis=1)
        expected = mixed.factors @ mixed.affinity @ mixed.factors.T
        vectors = theory.embed((expected + expected.T) / 2, rank).vectors("full")
    norms = np.linalg.norm(vectors, axis=1)
    cosines = np.clip(theory.cosines_to_axes(vectors, labels, rank), -1.0, 1.0)
    norms, cosines, theta = norms[norms > 0], cosines[norms > 0], theta[norms > 0]
    noise = rngs["deal"].permutation(norms * np.sqrt(1.0 - cosines**2))
    return {
        "slope": _slope(1.0 - cosines**2, theta),
        "slope_angles": _slope(1.0 - rngs["deal"].permutation(cosines) ** 2, theta),
        "slope_noise": _slope(noise**2 / (noise**2 + (norms * cosines) ** 2), theta),
    }


def _slope(squares: FloatArray, theta: FloatArray) -> float:
    """The slope over bins of theta of as many rows each."""
    bins = np.array_split(np.argsort(theta, kind="stable"), BINS)
    logs = np.array([(np.log(theta[mine]).mean(), np.log(np.mean(squares[mine])) / 2) for mine in bins])
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the slope."""
    return rows.set_index("replicate")[["slope"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the slopes of the rivals, mean over the points."""
    claimed = rows[rows["vote"] == "claim"].groupby("replicate")
    return pd.DataFrame(
        {
            Estimand(name, f"slope for {words}"): claimed[f"slope_{name}"].mean()
            for name, words in DEALT.items()
        }
    )


SLOPE = Estimand("slope", "slope of the logarithm of the rms sine of the angle on that of the propensity")
_ORIGIN = "nearer to the law's power -1/2 than to 0, of angles that ignore popularity, and to -1, of noise of one size"

claim = Claim(
    id="B1",
    title="Low-norm vectors are the noisy ones",
    statement="Noise dominates in low-norm vectors: in U Sigma with as many dimensions as communities, all clear of the noise, "
    "the sine of the angle between a vector and its ray falls like the inverse square root of its propensity.",
    source="The paper's mechanism of spikes (as reconstructed); docs/theory.md, sections 4.2 and 4.3.",
    expected="holds",
    arms=arms,
    version=3,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                SLOPE,
                "<=",
                -0.25,
                asks="angles fall at least as steeply as the propensity to the power {threshold}",
                origin=_ORIGIN,
                failure="angles fall more slowly than the inverse square root of the propensity",
            ),
            Criterion(
                SLOPE,
                ">=",
                -0.75,
                asks="angles fall no more steeply than the propensity to the power {threshold}",
                origin=_ORIGIN,
                failure="angles fall faster than the inverse square root of the propensity",
            ),
        ),
        control=("refuted",),
    ),
    rivals=tuple(
        Rival(words, lambda rows, name=name: rows.assign(slope=rows[f"slope_{name}"]))  # type: ignore[misc]
        for name, words in DEALT.items()
    ),
    measurements=measurements,
    control="the expected graph of nodes that belong to all communities to different extents, whose angles come from their "
    "memberships alone",
    figures=(
        Figure(
            kind="scatter",
            x="visibility",
            y="slope",
            hue="members",
            log="x",
            xlabel="eigenvalues of the communities over the spectral edge",
            ylabel="slope of the rms sine on the propensity",
            finding="the angle falls like the inverse square root of the propensity",
            lines=(("theory", -0.5), ("limits", -0.25), ("limits", -0.75)),
            points=placed(DOMAIN),
        ),
    ),
)
