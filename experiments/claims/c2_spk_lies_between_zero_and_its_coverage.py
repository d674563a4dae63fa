"""C2. Spk lies above 0 and at most at the coverage rho.

Every peak covers at least itself. The pseudo-code stops once rho n rows are covered, the authors' code once *more* than rho n
are. Where a peak covers nothing else, the code therefore needs floor(rho n) + 1 peaks, and Spk exceeds rho by up to 1 / n
(docs/theory.md, section 8.1). Where two vectors share a cone, it does not. How many pairs of n isotropic vectors do is known from
the share p_f of a cone in f dimensions (section 6.4). In the control every vector is at right angles to all others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.families import placed
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell

COVERAGES = (0.25, 0.5, 0.75)
ROLES = {"vectors": ("n", "rank", "coverage")}


def pairs_within_a_cone(cell: Cell) -> float:
    """Return how many pairs of the vectors that are to be covered share a cone, as chance has it in that many dimensions."""
    wanted = cell["coverage"] * cell["n"]
    chance = theory.cap_probability(cell["rank"], 0.9)
    return float(wanted * (cell["n"] - wanted / 2) * chance)


DOMAIN = Domain(
    (
        Range("n", 40, 1000, "vectors", "from a few on; more vectors only crowd the cones", whole=True),
        Range("rank", 3, 32, "dimensions", "from those of few communities to the paper's", whole=True),
        Choice("coverage", COVERAGES, "coverage", "the paper's, half and one and a half of it"),
    ),
    "isotropic directions, which have the fewest vectors in a cone",
    allowed=lambda cell: cell["n"] % 4 == 0,
    allowed_words="the coverage is a whole number of vectors",
    derived=(Derived("pairs", "expected pairs of vectors in one cone", pairs_within_a_cone),),
)


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Isotropic vectors; vectors at right angles to each other as the control."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], orthogonal_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of isotropic vectors."""
    return _excess(rngs["vectors"].standard_normal((cell["n"], cell["rank"])), cell)


def orthogonal_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the same for vectors at right angles to each other, of different norms."""
    return _excess(np.diag(rngs["vectors"].lognormal(0.0, 0.5, cell["n"])), cell)


def _excess(vectors: NDArray[np.float64], cell: Mapping[str, Any]) -> dict[str, Any]:
    """Peaks, those beyond what the code can need, and by how much Spk exceeds the coverage."""
    n, rho = cell["n"], cell["coverage"]
    peaks = theory.spikiness(vectors, coverage=rho).n_peaks
    most = math.floor(rho * n) + 1
    return {"peaks": peaks, "over_code": peaks - most, "over_coverage": peaks / n - rho}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the number of peaks and the excess of Spk over the coverage."""
    return rows.set_index("replicate")[["peaks", "over_coverage"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many peaks there are beyond what the code can need: none, or the statement about the code is wrong."""
    words = "most peaks beyond the share of vectors to be covered, plus one, isotropic and orthogonal vectors"
    return rows.groupby("replicate")[["over_code"]].max().set_axis([Estimand("code", words, "peaks")], axis=1)


claim = Claim(
    id="C2",
    title="Spk lies between 0 and the coverage",
    statement="Spk, as the authors' code computes it, is above 0 and at most the coverage.",
    source="The paper's remark on its metric (as reconstructed); docs/theory.md, sections 6.4 and 8.1.",
    expected="qualified",
    arms=arms,
    version=2,
    domain=DOMAIN,
    reach="always",
    boundary=Boundary(
        "two or three pairs of the vectors to be covered are expected within one cone, as in few dimensions or of many vectors",
        {"pairs": 1.29},
        constant=-1.13,
        points=150,
        error=0.033,
    ),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("over_coverage", "Spk less the coverage", "%"),
                "<=",
                0.0,
                asks="Spk never exceeds the coverage",
                origin="the statement itself",
                failure="Spk can exceed the coverage, by at most one peak",
                statistic="max",
            ),
            Criterion(
                Estimand("peaks", "number of peaks", "peaks"),
                ">=",
                1.0,
                asks="vectors are never covered without at least one peak",
                origin="without a peak nothing is covered",
                failure="vectors can be covered without a peak",
                statistic="min",
            ),
        ),
    ),
    measurements=measurements,
    control="vectors at right angles to each other: each peak covers itself alone",
    figures=(
        Figure(
            kind="scatter",
            x="pairs",
            y="over_coverage",
            hue="vote",
            log="x",
            xlabel="pairs of vectors that share a cone, expected",
            ylabel="Spk less the coverage",
            finding="Spk exceeds the coverage by {over_coverage:.3f} at most, one peak",
            lines=(("threshold", 0.0),),
            points=placed(DOMAIN),
        ),
    ),
)
