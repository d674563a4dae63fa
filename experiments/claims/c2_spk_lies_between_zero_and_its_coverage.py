"""C2. Spk lies above 0 and at most at the coverage rho.

Every peak covers at least itself. The pseudo-code stops once rho n rows are covered, the authors' code once *more* than
rho n are. With mutually orthogonal rows, where a peak covers nothing else, the code therefore needs floor(rho n) + 1 peaks, and
Spk exceeds rho by up to 1 / n (docs/theory.md, section 8.1). The control does not count a peak among the rows that it covers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import product

COVERAGES = (0.25, 0.5, 0.8, 1.0)
DIRECTIONS: dict[str, Callable[[int, np.random.Generator], NDArray[np.float64]]] = {
    "orthogonal": lambda n, rng: np.eye(n)[rng.permutation(n)],
    "isotropic": lambda n, rng: rng.standard_normal((n, 12)),
    "rays": lambda n, rng: rng.standard_normal((7, 12)),
}
ROLES = {"rows": ("rows", "n")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Orthogonal rows, isotropic rows and rows on seven rays; peaks that do not count themselves as the control."""
    n = [at(size, quick=60, default=120, thorough=400)]
    return (
        Arm("claim", product(rows=list(DIRECTIONS), n=n, coverage=COVERAGES), trial, ROLES),
        Arm("control", product(rows=["orthogonal"], n=n, coverage=COVERAGES[:3]), uncounted_trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count peaks, and by how much they exceed what the code and the statement allow."""
    rows = _rows(cell["rows"], cell["n"], rngs["rows"])
    return _excess(theory.spikiness(rows, coverage=cell["coverage"]).n_peaks, cell)


def uncounted_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the same with a rule that leaves a peak out of the rows that it covers."""
    rows = _rows(cell["rows"], cell["n"], rngs["rows"])
    norms = np.linalg.norm(rows, axis=1)
    directions, wanted = rows / norms[:, None], cell["coverage"] * cell["n"]
    free, covered, peaks = np.ones(len(rows), dtype=bool), 0, 0
    for row in np.argsort(-norms, kind="stable"):
        if free[row] and covered <= wanted:
            free[row] = False
            joined = free & (directions @ directions[row] > 0.9)
            free &= ~joined
            covered, peaks = covered + int(joined.sum()), peaks + 1
    return _excess(peaks, cell)


def _rows(kind: str, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    norms = rng.lognormal(0.0, 0.5, n)[:, None]
    directions = DIRECTIONS[kind](n, rng)
    return np.asarray(norms * directions[np.arange(n) % len(directions)])


def _excess(peaks: int, cell: Mapping[str, Any]) -> dict[str, Any]:
    n, rho = cell["n"], cell["coverage"]
    allowed = min(math.floor(rho * n) + 1, n)
    return {"peaks": peaks, "spk": peaks / n, "over_code": peaks - allowed, "over_coverage": peaks / n - rho}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest excess over floor(rho n) + 1 peaks and over rho, and the least number of peaks."""
    by = rows.groupby("replicate")
    return by[["over_code", "over_coverage"]].max().assign(least_peaks=by["peaks"].min())


claim = Claim(
    id="C2",
    title="Spk lies between 0 and the coverage",
    statement="Spk is above 0 and at most the coverage.",
    source="The paper's remark on its metric (as reconstructed); docs/theory.md, section 8.1.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 4, "default": 10, "thorough": 40},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("least_peaks", "least number of peaks", "peaks"),
                ">=",
                1.0,
                asks="rows are never covered without at least one peak",
                origin="without a peak nothing is covered",
                failure="rows can be covered without a peak",
                statistic="min",
            ),
            Criterion(
                Estimand("over_code", "peaks beyond the share of rows to be covered, plus one", "peaks"),
                "<=",
                0.0,
                asks="the code never takes more peaks than the share of rows to be covered, plus one",
                origin="every peak covers itself",
                failure="the code takes more peaks than it can need",
                statistic="max",
            ),
            Criterion(
                Estimand("over_coverage", "Spk less the coverage", "%"),
                "<=",
                0.0,
                asks="Spk never exceeds the coverage",
                origin="the statement itself",
                failure="Spk can exceed the coverage, by at most one peak",
                condition="one peak more than the coverage is allowed, because the code stops only when more rows than this are "
                "covered",
                statistic="max",
            ),
        ),
    ),
    control="peaks that do not count themselves as covered: all of the orthogonal rows are then taken before the code stops",
    figures=(
        Figure(
            kind="strip",
            x="coverage",
            y="spk",
            hue="rows",
            xlabel="coverage ρ",
            ylabel="Spk",
            finding="Spk exceeds the coverage by {over_coverage:.3f} at most, one peak",
            points=lambda rows: rows[rows["vote"] == "claim"],
        ),
    ),
)
