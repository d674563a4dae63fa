"""C1. Half of the vectors lie under fewer than 1 % of peaks, at cosine 0.9.

Spk is computed for the PPMI embedding of real matrices, of all their items or of the most frequent ones alone. Spk divides peaks
by the number n of vectors, so a large n alone makes it small, and more dimensions need more peaks (docs/theory.md, sections
6.2 and 7.3). The control permutes the items among the contexts, which keeps both degree sequences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.families import placed
from experiments.claims.logs import interactions_of
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate.nulls import permuted_items

MATRICES = ("films-actors", "films-actors-3000")
LIMIT = 0.01


@cache
def frequent_items(name: str) -> Any:
    """Return the items of a matrix that occur in two contexts at least, the most frequent first."""
    counts = np.bincount(interactions_of(name).indices)
    order = np.argsort(-counts, kind="stable")
    return order[: int((counts >= 2).sum())]


def items_kept(cell: Cell) -> int:
    """Return how many items a point keeps."""
    return max(int(cell["share"] * len(frequent_items(cell["matrix"]))), 2)


DOMAIN = Domain(
    (
        Choice("matrix", MATRICES, "matrix", "the data that come with the project; others can be named"),
        Range("share", 0.3, 1, "share of its items", "the whole catalogue, or the most frequent items alone"),
        Range("rank", 16, 128, "dimensions", "around the paper's 64 and 128", whole=True),
    ),
    "the most frequent items of the matrix, PPMI of all their pairs, rows of U Sigma",
    dear=lambda cell: cell["rank"] > 64,
    dear_words="more than 64 dimensions",
    derived=(Derived("items", "items", items_kept),),
)
ROLES = {"null": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """The matrix, of which nothing is drawn; the control with its items permuted."""
    return (
        Arm("claim", points, trial, fixed=lambda cell: True),
        Arm("control", points[:4], permuted_trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compute Spk of a matrix."""
    return _spk(_kept(cell), cell["rank"])


def permuted_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compute the same for a matrix whose items are permuted among the contexts."""
    return _spk(permuted_items(_kept(cell), rngs["null"]), cell["rank"])


def _kept(cell: Cell) -> Any:
    chosen = np.sort(frequent_items(cell["matrix"])[: items_kept(cell)])
    return interactions_of(cell["matrix"])[:, chosen]


def _spk(interactions: Any, rank: int) -> dict[str, Any]:
    spikes = theory.spikiness(
        theory.analyse(interactions, rank, kind="interactions").embedding.vectors("full")
    )
    return {"spk": spikes.value, "peaks": spikes.n_peaks}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return Spk."""
    return rows.set_index("replicate")[["spk"]]


claim = Claim(
    id="C1",
    title="Half of the vectors lie under 1 % of peaks",
    statement="On real matrices, in U Sigma of PPMI with 16 to 128 dimensions, fewer than 1 % of the vectors, taken as peaks, "
    "hold half of all vectors within cosine 0.9.",
    source="Abstract and Table 1 (as reconstructed); docs/theory.md, sections 6.2 and 7.3.",
    expected="qualified",
    arms=arms,
    version=3,
    replicates={"quick": 2, "default": 2, "thorough": 10},  # of the control: nothing else is drawn
    domain=DOMAIN,
    boundary=Boundary(
        "there are many items for the dimensions, about 36 times their number to the power 1.7: 4,000 items in 16 dimensions, "
        "12,000 in 32, 38,000 in 64",
        {"items": 4.87, "rank": -8.14},
        constant=-17.5,
        points=100,
        error=0.02,
    ),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("spk", "peaks as a share of all vectors (Spk)", "%"),
                "<=",
                LIMIT,
                asks="at most {threshold} of the vectors, taken as peaks, hold half of all vectors",
                origin="the paper's 1 %",
                failure="more peaks are needed",
                statistic="max",
            ),
        )
    ),
    control="the matrix with its items permuted among contexts, both degree sequences kept: it must need more peaks",
    matrices=MATRICES,
    figures=(
        Figure(
            kind="scatter",
            x="rank",
            y="spk",
            log="xy",
            xlabel="dimensions f",
            ylabel="Spk",
            finding="up to {spk:.1%} of the vectors are needed as peaks",
            lines=(("1 %", LIMIT),),
            points=placed(DOMAIN),
        ),
    ),
    finding="The boundary was fitted to films and their actors alone; of other matrices (`--matrix`) it may lie elsewhere.",
    headline=True,
)
