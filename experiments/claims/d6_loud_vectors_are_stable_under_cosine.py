"""D6. Under cosine too, loud vectors keep more of their neighbours.

Within a pure ray all cosines are 1 in the population: an item's neighbours by cosine are ordered by noise alone, and the
noises of a row in two snapshots correlate as sqrt(keep) whatever its norm (docs/theory.md, section 9.3). The share kept must
then be flat in the norm. The control asks the same of dot products, where the norm decides. Dated real matrices are beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.snapshots import (
    FIFTHS,
    MATRICES,
    NEIGHBOURS,
    overlaps,
    real_stability,
    snapshots,
    top_and_rest,
)
from experiments.judging.claim import Claim, Size, at, named
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study


def study(size: Size, matrices: tuple[str, ...] = MATRICES) -> Study:
    """Block models under cosine; the same under dot, where the norm does matter, as the control; dated matrices as evidence."""
    n = at(size, quick=1500, default=3000, thorough=6000)
    cells: list[dict[str, Any]] = [
        {
            "arm": arm,
            "data": "graph",
            "n": n,
            "mean_degree": 100.0,
            "growth": "uniform",
            "similarity": similarity,
        }
        for arm, similarity in (("claim", "cosine"), ("control", "dot"))
    ]
    if size != "quick" or matrices != MATRICES:
        real = {"arm": "evidence", "n": 0, "mean_degree": 0.0, "similarity": "cosine"}
        cells += [
            {**real, "data": name, "growth": growth} for name in matrices for growth in ("dates", "permuted")
        ]
    return Study(
        named("D6", size, matrices, MATRICES),
        cells,
        trial,
        replicates=at(size, quick=8, default=16, thorough=40),
        version=2,
        roles={"graph": ("data", "n", "mean_degree", "growth"), "queries": ("data", "n", "mean_degree")},
        fixed=lambda cell: cell["data"] != "graph",
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Overlap by fifths of the norm."""
    if cell["data"] != "graph":
        return overlaps(real_stability(cell["data"], rngs, "cosine", null=cell["growth"] == "permuted"))
    _, pair = snapshots(cell, rngs["graph"])
    return overlaps(
        theory.stability(
            *pair,
            NEIGHBOURS,
            rng=rngs["queries"],
            similarity=cell["similarity"],
            n_queries=200,
            within_part=True,
        )
    )


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The lead of the loudest fifth over the mean of the others."""
    top, rest = top_and_rest(rows.groupby("replicate").mean(numeric_only=True))
    return pd.DataFrame({"lead": top - rest})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """The lead by cosine on dated real matrices, and on the same with items permuted."""
    found = {}
    for (data, growth), part in rows[rows["data"] != "graph"].groupby(["data", "growth"], sort=False):
        top, rest = top_and_rest(part.set_index("replicate"))
        words = f"{data}{', items permuted' if growth == 'permuted' else ''}"
        found[f"overlap of the loudest fifth, cosine, {words}"] = top
        found[f"its lead over the others, cosine, {words}"] = top - rest
    return pd.DataFrame(found)


def _long(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["growth"] != "permuted"]
    of = np.where(rows["data"] == "graph", rows["similarity"], rows["similarity"] + ", " + rows["data"])
    return pd.concat(
        pd.DataFrame({"fifth": k + 1, "overlap": rows[f"overlap_{k}"], "similarity": of})
        for k in range(FIFTHS)
    )


claim = Claim(
    id="D6",
    title="Under cosine loud vectors are stable too",
    statement="By cosine, too, the loudest fifth of the vectors keeps clearly more of its neighbours than quiet ones.",
    source="The paper's figure of stability (as reconstructed); docs/theory.md, section 9.3.",
    expected="refuted",
    **from_study(study, MATRICES),
    estimates=estimates,
    rule=Rule(
        (Criterion("lead", ">=", 0.03, "half of the lead that dot products show"),),
        control=("holds",),
    ),
    matrices=MATRICES,
    dated=True,
    measurements=measurements,
    control="the same snapshots under dot, where the norm decides",
    finding="Films do show a gradient under cosine, as large with their items permuted: it is that of finite counts, which leave "
    "quiet items few pairs, and no evidence for rays. Pure rays under uniform growth have none.",
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
