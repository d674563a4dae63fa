"""C7. Spk of cosine-normalised embeddings.

Spk takes peaks in order of norm. Rows of norm 1 all tie, so their order, and with it the number of peaks, is whatever
rule breaks the tie, here the row index: another order of the same items gives another Spk (docs/theory.md, section 8.5).
The unnormalised rows must not care.
"""

from __future__ import annotations

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
from simulate import LogNormal, dcbm, sample_graph

ORDERS = 8


def study(size: Size) -> Study:
    """One graph a replicate, its rows in several orders: normalised (claim) and as they are (control)."""
    n = at(size, quick=600, default=1200, thorough=3000)
    cells = [{"arm": arm, "n": n, "blocks": 8, "rank": 12} for arm in ("claim", "control")]
    return Study(
        f"C7-{size}",
        cells,
        trial,
        replicates=at(size, quick=6, default=12, thorough=40),
        version=1,
        roles={"graph": ("n", "blocks", "rank"), "order": ("n",)},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The spread of the number of peaks over orders of the rows."""
    rng = rngs["graph"]
    model = dcbm(cell["n"], cell["blocks"], heterogeneity=LogNormal(0.6), mean_degree=60, rng=rng)
    rows = theory.embed(sample_graph(model, rng, law="poisson"), cell["rank"]).vectors("full")
    rows = rows[np.linalg.norm(rows, axis=1) > 0]
    plain = theory.spikiness(rows).n_peaks
    order = rngs["order"]
    if cell["arm"] == "claim":
        rows = rows / np.linalg.norm(rows, axis=1)[:, None]
    peaks = []
    for _ in range(ORDERS):
        # chance breaks the ties: norms of 1 are told apart by a hundred-thousandth at most, which cosines do not see
        nudge = 1 + order.permutation(len(rows)) / len(rows) * 1e-5
        shown = rows * nudge[:, None] if cell["arm"] == "claim" else order.permutation(rows)
        peaks.append(theory.spikiness(shown).n_peaks)
    return {
        "peaks": float(np.mean(peaks)),
        "plain": plain,
        "spread": (max(peaks) - min(peaks)) / float(np.mean(peaks)),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The relative spread over orders, and peaks over those of the rows as they are."""
    one = rows.set_index("replicate")
    return pd.DataFrame({"spread": one["spread"], "ratio": one["peaks"] / one["plain"]})


claim = Claim(
    id="C7",
    title="Spk of normalised vectors",
    statement="Spk means the same for cosine-normalised vectors as for unnormalised ones.",
    source="The paper's first experiments name it (as reconstructed); docs/theory.md, section 8.5.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "ratio", "<=", 4.0, "more than four times the peaks would be another measure altogether"
            ),
            Criterion(
                "spread",
                "<=",
                0.02,
                "a number that the items' order moves by more than 2 % is no property of the vectors",
                otherwise="qualified",
                condition="a tie rule decides the order of rows of equal norm, so Spk is defined only together with it",
            ),
        ),
        control=("holds",),
    ),
    control="the same rows unnormalised, in the same orders: the number of peaks must not move",
    figures=(
        Figure(
            kind="strip",
            x="arm",
            y="spread",
            xlabel="claim: rows of norm 1; control: rows as they are",
            ylabel="spread of the number of peaks over orders",
            finding="the order of tied rows moves Spk by {spread:.0%}",
            lines=(("threshold", 0.02),),
        ),
    ),
)
