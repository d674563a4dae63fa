"""C7. Spk means the same for cosine-normalised vectors.

Spk takes peaks in order of norm. Rows of norm 1 all tie, so their order, and with it the number of peaks, is whatever
rule breaks the tie, here the row index: another order of the same items gives another Spk (docs/theory.md, section 8.5).
Peaks are counted for several orders of the rows of one graph. For the unnormalised rows, the control, the order of the items
must not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import LogNormal, dcbm

ORDERS = 8
ROLES = {"graph": ("n", "blocks", "rank"), "order": ("n",)}


def arms(size: Size) -> tuple[Arm, ...]:
    """One graph per replicate, its rows in several orders: normalised (claim) and as they are (control)."""
    cells = [{"n": at(size, quick=600, default=1200, thorough=3000), "blocks": 8, "rank": 12}]
    return Arm("claim", cells, trial, ROLES), Arm("control", cells, unnormalised_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the normalised rows with their ties broken by chance, several times."""
    rows, n = _rows(cell, rngs["graph"]), cell["n"]
    unit = rows / np.linalg.norm(rows, axis=1)[:, None]
    # chance breaks the ties: norms of 1 are told apart by a hundred-thousandth at most, which cosines do not see
    nudges = [1 + rngs["order"].permutation(n) / n * 1e-5 for _ in range(ORDERS)]
    return _over_orders(rows, [unit * nudge[:, None] for nudge in nudges])


def unnormalised_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the rows as they are, in several orders."""
    rows = _rows(cell, rngs["graph"])
    return _over_orders(rows, [rngs["order"].permutation(rows) for _ in range(ORDERS)])


def _rows(cell: Mapping[str, Any], rng: np.random.Generator) -> NDArray[np.float64]:
    model = dcbm(cell["n"], cell["blocks"], heterogeneity=LogNormal(0.6), mean_degree=60, rng=rng)
    return sampled_embedding(model, cell["rank"], rng).vectors("full")


def _over_orders(rows: NDArray[np.float64], orders: list[NDArray[np.float64]]) -> dict[str, Any]:
    """Peaks of the rows as they are, their mean over orders, and their spread relative to that mean."""
    peaks = [theory.spikiness(shown).n_peaks for shown in orders]
    mean = float(np.mean(peaks))
    return {
        "peaks": mean,
        "plain": theory.spikiness(rows).n_peaks,
        "spread": (max(peaks) - min(peaks)) / mean,
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The relative spread over orders, and peaks over those of the rows as they are."""
    one = rows.set_index("replicate")
    return pd.DataFrame({"spread": one["spread"], "ratio": one["peaks"] / one["plain"]})


claim = Claim(
    id="C7",
    title="Spk means the same for normalised vectors",
    statement="Spk means the same for cosine-normalised vectors as for unnormalised ones.",
    source="The paper's first experiments name it (as reconstructed); docs/theory.md, section 8.5.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 6, "default": 12, "thorough": 40},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "ratio", "peaks of normalised vectors over those of the vectors as they are", "times"
                ),
                "<=",
                4.0,
                asks="normalised vectors have at most {threshold} the peaks of the vectors as they are",
                origin="more than four times the peaks would be another measure altogether",
                failure="normalised vectors have many more peaks",
            ),
            Criterion(
                Estimand(
                    "spread",
                    "spread of the number of peaks over orders of the items, relative to its mean",
                    "%",
                ),
                "<=",
                0.02,
                asks="the order of the items moves the number of peaks by at most {threshold}",
                origin="a number that the items' order moves by more than 2 % is no property of the vectors",
                failure="the order of the items, which breaks the ties of equal norms, changes the number of peaks",
                condition="a rule fixes the order of vectors of equal norm, and up to four times the peaks count as the same",
            ),
        ),
        control=("holds",),
    ),
    control="the same vectors unnormalised, in the same orders: the number of peaks must not change",
    figures=(
        Figure(
            kind="strip",
            x="vote",
            y="spread",
            xlabel="claim: vectors of norm 1; control: vectors as they are",
            ylabel="spread of the number of peaks over orders",
            finding="the order of tied rows moves Spk by {spread:.0%}",
            lines=(("threshold", 0.02),),
        ),
    ),
)
