"""C2. Spk lies above 0 and at most at the coverage rho.

Every peak covers at least itself. The pseudo-code stops once rho n rows are covered, the authors' code once *more* than
rho n are; so with mutually orthogonal rows, where a peak covers nothing else, the code needs floor(rho n) + 1 peaks, and
Spk exceeds rho by up to 1 / n (docs/theory.md, section 8.1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study

COVERAGES = (0.25, 0.5, 0.8, 1.0)


def study(size: Size) -> Study:
    """Orthogonal rows, isotropic rows and rows on few rays; a rule that never counts the peak itself as the control."""
    n = at(size, quick=60, default=120, thorough=400)
    kinds = ("orthogonal", "isotropic", "rays")
    cells = [{"arm": "claim", "rows": kind, "n": n, "coverage": rho} for kind in kinds for rho in COVERAGES]
    cells += [{"arm": "control", "rows": "orthogonal", "n": n, "coverage": rho} for rho in COVERAGES[:3]]
    return Study(
        f"C2-{size}",
        cells,
        trial,
        replicates=at(size, quick=4, default=10, thorough=40),
        version=1,
        roles={"rows": ("rows", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count peaks; excess over the bounds of the code and of the paper, in peaks."""
    n, rho = cell["n"], cell["coverage"]
    rows = _rows(cell["rows"], n, rngs["rows"])
    if cell["arm"] == "control":
        peaks = _peaks_that_do_not_count_themselves(rows, rho)
    else:
        peaks = theory.spikiness(rows, coverage=rho).n_peaks
    allowed = min(math.floor(rho * n) + 1, n)
    return {"peaks": peaks, "over_code": peaks - allowed, "over_coverage": peaks / n - rho}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest excess over floor(rho n) + 1 peaks and over rho, and the least number of peaks."""
    by = rows.groupby("replicate")
    return pd.DataFrame(
        {
            "over_code": by["over_code"].max(),
            "over_coverage": by["over_coverage"].max(),
            "least_peaks": by["peaks"].min(),
        }
    )


def _rows(kind: str, n: int, rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    norms = rng.lognormal(0.0, 0.5, n)[:, None]
    if kind == "orthogonal":
        return np.asarray(norms * np.eye(n)[rng.permutation(n)])
    directions = rng.standard_normal((n if kind == "isotropic" else 7, 12))
    return np.asarray(norms * directions[np.arange(n) % len(directions)])


def _peaks_that_do_not_count_themselves(rows: np.ndarray[Any, np.dtype[np.float64]], coverage: float) -> int:
    norms = np.linalg.norm(rows, axis=1)
    directions = rows / norms[:, None]
    free, covered, peaks = np.ones(len(rows), dtype=bool), 0, 0
    for row in np.argsort(-norms, kind="stable"):
        if covered > coverage * len(rows) or not free[row]:
            continue
        free[row] = False
        joined = free & (directions @ directions[row] > 0.9)
        free &= ~joined
        covered += int(joined.sum())
        peaks += 1
    return peaks


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["arm"] == "claim"].assign(spk=lambda part: part["peaks"] / part["n"])


claim = Claim(
    id="C2",
    title="Spk lies between 0 and the coverage",
    statement="0 < Spk <= rho.",
    source="The paper's remark on its metric (as reconstructed); docs/theory.md, section 8.1.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion("least_peaks", ">=", 1.0, "a peak is needed to cover anything", statistic="min"),
            Criterion(
                "over_code",
                "<=",
                0.0,
                "every peak covers itself, so floor(rho n) + 1 suffice",
                statistic="max",
            ),
            Criterion(
                "over_coverage",
                "<=",
                0.0,
                "the statement itself",
                otherwise="qualified",
                condition="the bound is rho + 1/n: the code stops only when more than rho n rows are covered",
                statistic="max",
            ),
        ),
        control=("refuted",),
    ),
    control="peaks that do not count themselves as covered, so that orthogonal rows are all taken before the rule stops",
    figures=(
        Figure(
            kind="strip",
            x="coverage",
            y="spk",
            hue="rows",
            xlabel="coverage ρ",
            ylabel="Spk",
            finding="Spk exceeds the coverage by {over_coverage:.3f} at most, one peak",
            points=_named,
        ),
    ),
)
