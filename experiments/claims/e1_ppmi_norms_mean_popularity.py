"""E1. PPMI keeps the meaning of norms.

The PMI of two items of a block model is constant on pairs of blocks: popularity cancels, and in the population all items of
a block are one point (docs/theory.md, section 7.1). Norms vary with popularity only because rare pairs are not seen often
enough to be counted, so the variation fades as contexts are added, while raw counts keep it (section 7.2). The same items are
followed through logs of 500 contexts and more, as PPMI and, for the control, as raw counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

import theory
from experiments.claims.logs import BLOCKS, log_of_few_items
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import product

ROLES = {"log": ("contexts",)}
MEASURED = {"cv": "CV of norms", "spearman": "rank correlation of norm and popularity"}


def arms(size: Size) -> tuple[Arm, ...]:
    """The same items in logs that grow 32-fold or more, through PPMI (claim) and as raw counts (control)."""
    cells = product(contexts=[500, 4_000, at(size, quick=16_000, default=32_000, thorough=128_000)])
    return Arm("claim", cells, trial, ROLES), Arm("control", cells, counts_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the norms of the PPMI embedding."""
    log, theta, labels = log_of_few_items(cell["contexts"], rngs["log"])
    found = theory.analyse(log, BLOCKS, kind="interactions", min_count=2)
    return {"values": "PPMI", **_within_blocks(found, theta, labels)}


def counts_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the norms of the embedding of raw co-occurrence counts."""
    log, theta, labels = log_of_few_items(cell["contexts"], rngs["log"])
    found = theory.analyse(theory.cooccurrence(log).counts, BLOCKS, kind="graph")
    return {"values": "counts", **_within_blocks(found, theta, labels)}


def _within_blocks(found: theory.Analysed, theta: NDArray[Any], labels: NDArray[Any]) -> dict[str, float]:
    """Variation of the norms within blocks, and their rank correlation with popularity, both as means over blocks."""
    norms = np.linalg.norm(found.embedding.vectors("full"), axis=1)
    blocks = [labels[found.items] == block for block in range(BLOCKS)]
    variation = [norms[mine].std() / norms[mine].mean() for mine in blocks]
    correlation = [stats.spearmanr(norms[mine], theta[found.items][mine]).statistic for mine in blocks]
    return {"cv": float(np.mean(variation)), "spearman": float(np.mean(correlation))}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Rank correlation with few contexts, and the variation left once there are many, over that with few."""
    by = rows.pivot_table(index="replicate", columns="contexts", values=["cv", "spearman"])
    few, many = min(rows["contexts"]), max(rows["contexts"])
    return pd.DataFrame({"spearman": by["spearman", few], "cv_kept": by["cv", many] / by["cv", few]})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """How norms vary and follow popularity as contexts are added, by PPMI and by raw counts."""
    table = rows.pivot_table(index="replicate", columns=["values", "contexts"], values=list(MEASURED))
    names = [(name, *found) for name in MEASURED for found in table[name]]
    words = [
        f"{MEASURED[name]} within blocks, {values}, {contexts:,} contexts" for name, values, contexts in names
    ]
    return table[names].set_axis(words, axis=1)


claim = Claim(
    id="E1",
    title="PPMI keeps norms meaningful",
    statement="After PPMI the norm of a vector still tells its popularity within its community.",
    source="The paper's pipeline (as reconstructed); docs/theory.md, sections 7.1 and 7.2.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 30},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "spearman",
                    "rank correlation of norm and popularity within communities, with few contexts",
                ),
                ">=",
                0.6,
                asks="with few contexts, norms and popularity have a rank correlation of at least {threshold} within communities",
                origin="a rank correlation that most readers would call strong",
                failure="norms do not follow popularity, even with few contexts",
            ),
            Criterion(
                Estimand(
                    "cv_kept", "variation of norms with many contexts, as a share of that with few", "%"
                ),
                ">=",
                0.5,
                asks="with many contexts, norms keep at least {threshold} of the variation that they have with few",
                origin="a variation that survives keeps at least half of itself",
                failure="the variation of norms comes from finite counts, and fades as contexts are added",
                condition="there are few contexts, such as 500 for 240 items",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="raw co-occurrence counts of the same logs, whose norms must keep both",
    figures=(
        Figure(
            kind="line",
            x="contexts",
            y="cv",
            hue="values",
            log="xy",
            xlabel="contexts",
            ylabel="CV of norms within a block",
            finding="from few contexts to many, PPMI keeps {cv_kept:.0%} of the variation of norms",
        ),
    ),
)
