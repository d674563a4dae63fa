"""B5. A low Spk means hard communities.

Rows of a mixed-membership model fill a cone instead of rays. A few wide caps of cosine 0.9 still hold half of such a cone, so
that Spk at coverage 0.5 hardly tells the two apart as long as there is a cone: the eigenvalues of mixed communities are K + 1
times smaller than those of hard ones. Where they are below the spectral edge, about 2 (d (1 + CV^2))^(1/2), the rows of mixed
members are noise in all dimensions but the first, which needs many peaks (docs/theory.md, sections 5.2 and 6.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

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
)
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import mixed_membership, overlapping_membership, sample_factor_graph


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
SOFT: dict[str, Callable[..., Any]] = {"mixed": mixed_membership, "overlapping": overlapping_membership}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Hard beside mixed members (Dirichlet(1)) at f = K; in the control isotropic directions; overlapping members as evidence."""

    def arm(vote: Any, members: str, trial: Any, name: str = "", at: Sequence[Cell] = points) -> Arm:
        return Arm(vote, [{"members": members, **point} for point in at], trial, ROLES, name)

    return (
        arm("claim", "hard", hard_trial, "hard"),
        arm("claim", "mixed", soft_trial, "mixed"),
        arm("control", "hard", hard_trial, "control-hard", points[:4]),
        arm("control", "hard again", hard_trial, "control-again", points[:4]),
        arm("evidence", "overlapping", soft_trial, at=points[:4]),
    )


def hard_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of a block model at both coverages."""
    model = block_model(cell, rngs["graph"])
    return _peaks(sampled_embedding(model, cell["blocks"], rngs["graph"]).vectors("full"))


def soft_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the same model with memberships that are mixed or overlap."""
    rng = rngs["graph"]
    soft = SOFT[cell["members"]](block_model(cell, rng), 1.0, rng)[0]
    return _peaks(theory.embed(sample_factor_graph(soft, rng, law="poisson"), cell["blocks"]).vectors("full"))


def _peaks(vectors: Any) -> dict[str, Any]:
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


def _long(rows: pd.DataFrame) -> pd.DataFrame:
    peaks = [f"peaks_{rho:g}" for rho in COVERAGES]
    long = rows[rows["vote"] != "control"].melt(["members", "blocks"], peaks, "coverage", "peaks")
    return long.assign(coverage=long["coverage"].str.removeprefix("peaks_"))


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
            kind="strip",
            x="members",
            y="peaks",
            hue="coverage",
            log="y",
            xlabel="communities",
            ylabel="peaks",
            finding="at coverage 0.5 soft communities need {ratio:.1f} times the peaks of hard ones",
            points=_long,
        ),
    ),
)
