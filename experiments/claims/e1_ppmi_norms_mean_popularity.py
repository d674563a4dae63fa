"""E1. PPMI keeps the meaning of norms.

The PMI of two items of a block model is constant on pairs of blocks: popularity cancels, and in the population all items of
a block are one point (docs/theory.md, section 7.1). Norms vary with popularity only because rare pairs are not seen often
enough to be counted, so the variation fades as interactions are added, while raw counts keep it (section 7.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.logs import FEW_ITEMS, SHARED, log_of_few_items
from experiments.claims.norms_in_communities import FOLLOW, THRESHOLD, VARY, norms_in_communities
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Rule
from experiments.judging.domain import Domain
from experiments.judging.figure import Figure
from experiments.running.study import Cell

DOMAIN = Domain(
    FEW_ITEMS,
    "contexts of four items, most of one community, rows of U Sigma, as many dimensions as communities",
    derived=(SHARED,),
)
ROLES = {"log": DOMAIN.names, "shuffle": DOMAIN.names}
MEASURED = {"varies": "CV of norms", "spearman": "rank correlation of norm and popularity"}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """PPMI of a log; beside the popularity of other items as the control; raw counts of the same logs for comparison."""

    def cells(values: str, points: Sequence[Cell]) -> list[Cell]:
        return [{"values": values, **point} for point in points]

    return (
        Arm("claim", cells("PPMI", points), trial, ROLES),
        Arm("control", cells("PPMI", points[:4]), shuffled_trial, ROLES),
        Arm("evidence", cells("counts", points[:8]), trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the norms of the embedding of PPMI, or of raw co-occurrence counts."""
    log, theta, labels = log_of_few_items(cell, rngs["log"])
    return norms_in_communities(_analysed(log, cell), theta, labels)


def shuffled_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the same beside a popularity that belongs to other items."""
    log, theta, labels = log_of_few_items(cell, rngs["log"])
    return norms_in_communities(_analysed(log, cell), rngs["shuffle"].permutation(theta), labels)


def _analysed(log: Any, cell: Cell) -> theory.Analysed:
    if cell["values"] == "counts":
        return theory.analyse(theory.cooccurrence(log).counts, cell["blocks"], kind="graph")
    return theory.analyse(log, cell["blocks"], kind="interactions", min_count=2)


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the variation of norms within communities and their rank correlation with popularity."""
    return rows.set_index("replicate")[list(MEASURED)]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same by raw counts, which keep both, over the same points."""
    counts = rows[rows["vote"] == "evidence"].groupby("replicate")[list(MEASURED)].mean()
    return counts.rename(
        columns={name: f"{words} within communities, raw counts" for name, words in MEASURED.items()}
    )


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows[rows["vote"] != "control"]
    return shown.assign(shared=[SHARED.function(cell) for cell in shown.to_dict("records")])


claim = Claim(
    id="E1",
    title="PPMI keeps norms meaningful",
    statement="After PPMI, in U Sigma with as many dimensions as communities, the norm of a vector still tells its "
    "popularity within its community.",
    source="The paper's pipeline (as reconstructed); docs/theory.md, sections 7.1 and 7.2.",
    expected="qualified",
    arms=arms,
    version=2,
    domain=DOMAIN,
    boundary=Boundary(
        "two items of a community share few contexts for how much popularity varies, at most about 8.7 times CV^2.8",
        {"shared": -5.49, "cv": 15.2},
        11.9,
        points=114,
        error=0.026,
    ),
    estimates=estimates,
    rule=Rule((FOLLOW, VARY)),
    measurements=measurements,
    control="norms beside the popularity of other items, drawn at random",
    figures=(
        Figure(
            kind="scatter",
            x="shared",
            y="varies",
            hue="values",
            log="xy",
            xlabel="contexts that two items of a community share, expected",
            ylabel="CV of norms within a community",
            finding="with more contexts PPMI loses the variation of norms that raw counts keep",
            lines=(("threshold", THRESHOLD),),
            points=_points,
        ),
    ),
)
