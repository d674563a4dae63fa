"""D6. Under cosine too, loud vectors keep more of their neighbours.

Within a pure ray all cosines are 1 in the population: an item's neighbours by cosine are ordered by noise alone, and the
noises of a row in two snapshots correlate as sqrt(keep) whatever its norm (docs/theory.md, section 9.3). The share kept must
then be flat in the norm. The control asks the same of dot products, where the norm decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claim import Claim, Figure, Size, at
from experiments.claims.snapshots import FIFTHS, NEIGHBOURS, snapshots
from experiments.study import Study
from experiments.verdict import Criterion, Rule


def study(size: Size) -> Study:
    """Block models under cosine; the same under dot, where the norm does matter, as the control."""
    n = at(size, quick=1500, default=3000, thorough=6000)
    cells = [
        {"arm": arm, "n": n, "mean_degree": 100.0, "trend": 0.0, "similarity": similarity}
        for arm, similarity in (("claim", "cosine"), ("control", "dot"))
    ]
    return Study(
        f"D6-{size}",
        cells,
        trial,
        replicates=at(size, quick=8, default=16, thorough=40),
        version=1,
        roles={"graph": ("n", "mean_degree", "trend"), "queries": ("n", "mean_degree")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Overlap by fifths of the norm."""
    _, pair = snapshots(cell, rngs["graph"])
    found = theory.stability(
        *pair, NEIGHBOURS, rng=rngs["queries"], similarity=cell["similarity"], n_queries=200, within_part=True
    )
    return {f"overlap_{k}": float(found.overlap[k]) for k in range(FIFTHS)}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The lead of the loudest fifth over the mean of the others."""
    by = rows.groupby("replicate").mean(numeric_only=True)
    rest = by[[f"overlap_{k}" for k in range(FIFTHS - 1)]].mean(axis=1)
    return pd.DataFrame({"lead": by[f"overlap_{FIFTHS - 1}"] - rest})


def _long(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"fifth": k + 1, "overlap": rows[f"overlap_{k}"], "similarity": rows["similarity"]})
        for k in range(FIFTHS)
    )


claim = Claim(
    id="D6",
    title="Under cosine loud vectors are stable too",
    statement="By cosine, too, the loudest fifth of the vectors keeps clearly more of its neighbours than quiet ones.",
    source="The paper's figure of stability (as reconstructed); docs/theory.md, section 9.3.",
    expected="refuted",
    study=study,
    estimates=estimates,
    rule=Rule(
        (Criterion("lead", ">=", 0.03, "half of the lead that dot products show"),),
        control=("holds",),
    ),
    control="the same snapshots under dot, where the norm decides",
    finding="A gradient in the norm under cosine, on real data, speaks against pure rays or against uniform growth.",
    figures=(
        Figure(
            kind="line",
            x="fifth",
            y="overlap",
            hue="similarity",
            xlabel="fifth of the norm, quietest first",
            ylabel=f"overlap at {NEIGHBOURS}",
            finding="by cosine the loudest fifth leads by {lead:.3f}: flat in the norm",
            points=_long,
        ),
    ),
)
