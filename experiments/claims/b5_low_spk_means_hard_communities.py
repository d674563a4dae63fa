"""B5. A low Spk means hard communities.

Rows of a mixed-membership model fill a cone instead of rays. With as many dimensions as communities, a few wide caps of
cosine 0.9 still hold half of such a cone: Spk at coverage 0.5 hardly tells the two apart, and coverage 0.9 does no better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import sampled_embedding
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import (
    BlockModel,
    LogNormal,
    dcbm,
    mixed_membership,
    overlapping_membership,
    sample_factor_graph,
)

BLOCKS = 6
COVERAGES = (0.5, 0.9)
ROLES = {"graph": ("members", "n")}
SOFT: dict[str, Callable[..., Any]] = {"mixed": mixed_membership, "overlapping": overlapping_membership}


def arms(size: Size) -> tuple[Arm, ...]:
    """Hard beside mixed members (Dirichlet(1)) at f = K; in the control isotropic directions; overlapping members as evidence."""
    n = at(size, quick=1200, default=2000, thorough=4000)

    def arm(vote: Any, members: str, trial: Any, name: str = "") -> Arm:
        return Arm(vote, [{"members": members, "n": n}], trial, ROLES, name)

    return (
        arm("claim", "hard", hard_trial, "hard"),
        arm("claim", "mixed", soft_trial, "mixed"),
        arm("control", "hard", hard_trial, "control-hard"),
        arm("control", "isotropic", isotropic_trial, "control-isotropic"),
        arm("evidence", "overlapping", soft_trial),
    )


def hard_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of a block model at both coverages."""
    return _peaks(sampled_embedding(_model(cell["n"], rngs["graph"]), BLOCKS, rngs["graph"]).vectors("full"))


def soft_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the same model with memberships that are mixed or overlap."""
    rng = rngs["graph"]
    soft = SOFT[cell["members"]](_model(cell["n"], rng), 1.0, rng)[0]
    return _peaks(theory.embed(sample_factor_graph(soft, rng, law="poisson"), BLOCKS).vectors("full"))


def isotropic_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of directions without any preference."""
    rng, n = rngs["graph"], cell["n"]
    return _peaks(rng.standard_normal((n, BLOCKS)) * rng.lognormal(0, 0.6, (n, 1)))


def _model(n: int, rng: np.random.Generator) -> BlockModel:
    return dcbm(n, BLOCKS, heterogeneity=LogNormal(0.6), mean_degree=150, mixing=0.05, rng=rng)


def _peaks(vectors: Any) -> dict[str, Any]:
    return {f"peaks_{rho:g}": theory.spikiness(vectors, coverage=rho).n_peaks for rho in COVERAGES}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return peaks without hard communities over peaks with them."""
    return pd.DataFrame({"ratio": _over_hard(rows, 0.5)})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same where nine tenths of the rows are to be covered."""
    words = "peaks of mixed communities over peaks of hard ones, at coverage 0.9"
    ratio = _over_hard(rows[rows["vote"] == "claim"], 0.9)
    return pd.DataFrame({Estimand("ratio_at_most_rows", words, "times"): ratio})


def _over_hard(rows: pd.DataFrame, coverage: float) -> pd.Series:
    peaks, hard = rows.set_index("replicate")[f"peaks_{coverage:g}"], (rows["members"] == "hard").to_numpy()
    return peaks[~hard] / peaks[hard]


def _long(rows: pd.DataFrame) -> pd.DataFrame:
    peaks = [f"peaks_{rho:g}" for rho in COVERAGES]
    long = rows[rows["vote"] != "control"].melt(["members"], peaks, "coverage", "peaks")
    return long.assign(coverage=long["coverage"].str.removeprefix("peaks_"))


claim = Claim(
    id="B5",
    title="A low Spk means hard communities",
    statement="A matrix with a low Spk has hard communities: with soft ones it needs many more peaks.",
    source="A reading of the paper's metric (as reconstructed); docs/theory.md, sections 6.1 and 7.3.",
    expected="refuted",
    arms=arms,
    replicates={"quick": 8, "default": 16, "thorough": 40},
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
                failure="with six communities in six dimensions, members of several communities give nearly as low a Spk",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="isotropic directions, which need far more peaks than hard communities",
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
