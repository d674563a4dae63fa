"""E2. Norms vary with the top-k filter of PPMI and without it.

With many contexts the complete PPMI matrix of a block model has hardly any variation of norms left (E1). The filter that
keeps the k most frequent partners of each item removes the pairs of rare items, and with them norm: the variation that
popularity is read from then comes from the filter (docs/theory.md, section 7.2). In the control norms stand
beside the popularity of other items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.logs import FEW_ITEMS, SHARED, log_of_few_items
from experiments.claims.norms_in_communities import FOLLOW, THRESHOLD, VARY, norms_in_communities
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Rule
from experiments.judging.domain import Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell


def _kept(cell: Cell) -> float:
    """Partners kept over the items of a community, n / K."""
    return float(cell["kept"] * cell["blocks"])


DOMAIN = Domain(
    (
        *(
            replace(p, low=100.0, origin="many, so that counting hardly makes norms vary")
            if p.name == "per_item"
            else p
            for p in FEW_ITEMS
        ),
        Range(
            "kept",
            0.04,
            1.0,
            "share of partners kept",
            "from the authors' 2,000 of 10^5 to the complete matrix",
        ),
    ),
    "contexts of four items, most of one community, rows of U Sigma, as many dimensions as communities",
    allowed=lambda point: SHARED.function(point) >= 10 * point["cv"] ** 2.8,
    allowed_words="two items of a community share at least 10 CV^2.8 contexts, so that counting hardly makes norms vary (E1)",
    derived=(
        Derived("of_community", "partners kept over the items of a community", _kept),
        SHARED,
    ),
)
LOG = tuple(name for name in DOMAIN.names if name != "kept")
ROLES = {"log": LOG, "shuffle": LOG}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """A log of many contexts through the filter; in the control beside the popularity of other items."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], shuffled_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure how norms vary within communities, over rows that are not zero, and how many items have no such row."""
    return _measured(cell, *log_of_few_items(cell, rngs["log"]))


def shuffled_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the same beside a popularity that belongs to other items."""
    log, theta, labels = log_of_few_items(cell, rngs["log"])
    return _measured(cell, log, rngs["shuffle"].permutation(theta), labels)


def _measured(cell: Cell, log: Any, theta: NDArray[Any], labels: NDArray[Any]) -> dict[str, Any]:
    top_k = max(int(cell["kept"] * (cell["items"] - 1)), 1)
    found = theory.analyse(log, cell["blocks"], kind="interactions", min_count=2, top_k=top_k)
    alive = found.embedding.vectors("full").any(axis=1)
    lost = (cell["items"] - int(alive.sum())) / cell["items"]
    return {**norms_in_communities(found, theta, labels), "lost": lost}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the variation of norms within communities and their rank correlation with popularity."""
    return rows.set_index("replicate")[["varies", "spearman"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many items the filter leaves without a row, over the points."""
    lost = rows[rows["vote"] == "claim"].groupby("replicate")["lost"].mean()
    return pd.DataFrame(
        {Estimand("lost", "items that the filter leaves without a row, mean over points", "%"): lost}
    )


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows[rows["vote"] == "claim"]
    return shown.assign(of_community=[_kept(cell) for cell in shown.to_dict("records")])


claim = Claim(
    id="E2",
    title="Norms vary whatever the filter",
    statement="After PPMI of many contexts, in U Sigma with as many dimensions as communities, norms vary with popularity "
    "within communities, however many of its most frequent partners each item keeps.",
    source="The authors' query keeps ranks below 2000 (as reconstructed); docs/theory.md, section 7.2.",
    expected="qualified",
    arms=arms,
    version=3,
    domain=DOMAIN,
    boundary=Boundary(
        "each item keeps fewer partners than its community has items, at most 0.8 of them",
        {"of_community": -4.46},
        -0.911,
        points=98,
        error=0.051,
    ),
    estimates=estimates,
    rule=Rule((VARY, FOLLOW)),
    measurements=measurements,
    control="norms beside the popularity of other items, drawn at random",
    figures=(
        Figure(
            kind="scatter",
            x="of_community",
            y="varies",
            log="x",
            xlabel="partners kept over the items of a community",
            ylabel="CV of norms within a community",
            finding="norms vary where the filter keeps fewer partners than a community has items",
            lines=(("threshold", THRESHOLD),),
            points=_points,
        ),
    ),
)
