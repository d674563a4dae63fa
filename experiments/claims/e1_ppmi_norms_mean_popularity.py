"""E1. PPMI keeps the meaning of norms.

The PMI of two items of a block model is constant on pairs of blocks: popularity cancels, and in the population all items of
a block are one point (docs/theory.md, section 7.1). Norms vary with popularity only because rare pairs are not seen often
enough to be counted, so the variation fades as contexts are added, while raw counts keep it (section 7.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

import theory
from experiments.claims.logs import BLOCKS, ITEMS, log_of_few_items
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study

FEW = 500


def study(size: Size) -> Study:
    """The same items in logs that grow 32-fold, through PPMI (claim) and as raw counts (control)."""
    many = at(size, quick=16_000, default=32_000, thorough=128_000)
    cells = [
        {"arm": arm, "values": values, "contexts": contexts}
        for arm, values in (("claim", "PPMI"), ("control", "counts"))
        for contexts in (FEW, 4_000, many)
    ]
    return Study(
        f"E1-{size}",
        cells,
        trial,
        replicates=at(size, quick=6, default=12, thorough=30),
        version=1,
        roles={"log": ("contexts",)},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Variation of the norms within blocks, and their rank correlation with popularity."""
    log, theta, labels = log_of_few_items(cell["contexts"], rngs["log"])
    if cell["values"] == "PPMI":
        found = theory.ppmi(log, min_count=2, top_k=None)
        matrix, items = found.matrix, found.items
    else:
        matrix, items = theory.cooccurrence(log).counts, np.arange(ITEMS)
    norms = np.linalg.norm(theory.embed(matrix, BLOCKS).vectors("full"), axis=1)
    variation, correlation = [], []
    for block in range(BLOCKS):
        mine = norms[labels[items] == block]
        variation.append(mine.std() / mine.mean())
        correlation.append(stats.spearmanr(mine, theta[items][labels[items] == block]).statistic)
    return {"cv": float(np.mean(variation)), "spearman": float(np.mean(correlation))}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Rank correlation with few contexts, and the variation left once there are many, over that with few."""
    by = rows.pivot_table(index="replicate", columns="contexts", values=["cv", "spearman"])
    few, many = min(rows["contexts"]), max(rows["contexts"])
    return pd.DataFrame({"spearman": by["spearman", few], "cv_kept": by["cv", many] / by["cv", few]})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """How norms vary and follow popularity as contexts are added, by PPMI and by raw counts."""
    words = {
        "cv": "CV of norms within blocks",
        "spearman": "rank correlation of norm and popularity within blocks",
    }
    table = rows.pivot_table(index="replicate", columns=["values", "contexts"], values=list(words))
    return pd.DataFrame(
        {
            f"{text}, {values}, {contexts:,} contexts": table[name, values, contexts]
            for name, text in words.items()
            for values, contexts in table[name]
        }
    )


claim = Claim(
    id="E1",
    title="PPMI keeps norms meaningful",
    statement="After PPMI the norm of a vector still tells its popularity within its community.",
    source="The paper's pipeline (as reconstructed); docs/theory.md, sections 7.1 and 7.2.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion("spearman", ">=", 0.6, "a rank correlation that a reader would call a strong one"),
            Criterion(
                "cv_kept",
                ">=",
                0.5,
                "a variation that survives keeps at least half of itself",
                otherwise="qualified",
                condition="there are few contexts: the variation is of finite counts, and fades as they grow",
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
