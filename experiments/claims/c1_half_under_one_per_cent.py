"""C1. Half of the vectors lie under fewer than 1 % of peaks, at cosine 0.9.

Spk is computed for the PPMI embedding of a real matrix, and again after the items are permuted among the contexts, which keeps
both degree sequences. Without this null a small Spk means little: Spk divides peaks by the number n of vectors, so a large n
alone makes it small, and in few dimensions any directions lie close together. The control starts from a matrix that is
permuted already. The first matrix decides; the others are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.logs import interactions_of
from experiments.judging.claim import Arm, Claim, Size
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate.nulls import permuted_items

RANKS = (6, 8, 16, 32, 64)
MATRICES = ("films-actors", "films-actors-3000")
ROLES = {"null": ("matrix",)}


def arms(size: Size, matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """The first matrix, also with its items permuted as the control; the other matrices for comparison."""
    shown = [{"matrix": name} for name in matrices]
    voting, others = shown[:1], [] if size == "quick" and matrices == MATRICES else shown[1:]
    decide = (Arm("claim", voting, trial, ROLES), Arm("control", voting, permuted_trial, ROLES))
    return (*decide, Arm("evidence", others, trial, ROLES)) if others else decide


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compute Spk of a matrix and of its permuted items."""
    return _beside_null(interactions_of(cell["matrix"]), rngs["null"])


def permuted_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compute the same for a matrix whose items are permuted beforehand."""
    return _beside_null(permuted_items(interactions_of(cell["matrix"]), rngs["null"]), rngs["null"])


def _beside_null(interactions: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Spk and peaks at every rank, of the interactions and of their permuted items."""
    row: dict[str, Any] = {}
    for name, source in (("spk", interactions), ("null", permuted_items(interactions, rng))):
        embedding = theory.analyse(source, max(RANKS), kind="interactions").embedding
        curve = theory.spikiness_curve(embedding, [min(rank, embedding.rank) for rank in RANKS])
        for rank, spikes in zip(RANKS, curve.spikes):
            row |= {f"{name}_{rank}": spikes.value, f"{name}_peaks_{rank}": spikes.n_peaks}
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Spk at ranks 32 and 64, and its ratio to the null's at ranks 6 and 32."""
    table = {f"spk_at_{rank}": rows[f"spk_{rank}"] for rank in (32, 64)}
    table |= {f"spk_over_null_at_{rank}": rows[f"spk_{rank}"] / rows[f"null_{rank}"] for rank in (6, 32)}
    return pd.DataFrame(table).groupby(rows["replicate"]).mean()


def _curves(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] != "control"]
    return pd.concat(
        rows[["matrix"]].assign(rank=rank, spk=100 * rows[f"{name}_{rank}"], case=case)
        for rank in RANKS
        for name, case in (("spk", "as it is"), ("null", "items permuted"))
    )


def _few(rank: int, origin: str, condition: str = "") -> Criterion:
    return Criterion(
        Estimand(f"spk_at_{rank}", f"peaks as a share of all vectors (Spk) at rank {rank}", "%"),
        "<=",
        0.01,
        asks=f"at rank {rank}, at most {{threshold}} of the vectors, taken as peaks, hold half of all vectors",
        origin=origin,
        failure=f"more peaks are needed at rank {rank}",
        condition=condition,
    )


def _below_null(rank: int, condition: str = "") -> Criterion:
    words = f"Spk at rank {rank}, as a share of that of permuted items"
    return Criterion(
        Estimand(f"spk_over_null_at_{rank}", words, "%"),
        "<=",
        0.5,
        asks=f"at rank {rank}, Spk is at most {{threshold}} of what permuted items give",
        origin="with more than half of what the degree sequences alone give, Spk would say little about communities",
        failure=f"permuted items need about as few peaks at rank {rank}",
        condition=condition,
    )


claim = Claim(
    id="C1",
    title="Half of the vectors lie under 1 % of peaks",
    statement="On real matrices fewer than 1 % of the vectors, taken as peaks, hold half of all vectors within cosine 0.9.",
    source="Abstract and Table 1 (as reconstructed); docs/theory.md, sections 6.4 and 7.3.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 2, "default": 6, "thorough": 30},
    version=2,
    estimates=estimates,
    rule=Rule(
        (
            _few(32, "the paper's 1 %, in the middle of the ranks that it uses"),
            _below_null(32),
            _few(64, "the paper's 1 %, at its rank 64", condition="the rank is at most 32"),
            _below_null(6, condition="the rank is above 6"),
        )
    ),
    control="the matrix with its items permuted among contexts, both degree sequences kept: it must need more peaks",
    matrices=MATRICES,
    figures=(
        Figure(
            kind="line",
            x="rank",
            y="spk",
            hue="case",
            column="matrix",
            xlabel="rank f",
            ylabel="Spk, % of the non-zero rows",
            log="xy",
            finding="{spk_at_32:.2%} of peaks at f = 32, {spk_over_null_at_32:.0%} of what permuted items need",
            lines=(("1 %", 1.0),),
            points=_curves,
        ),
    ),
    headline=True,
)
