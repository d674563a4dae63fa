"""C7. Spk means the same for cosine-normalised vectors.

Spk takes peaks in order of norm. Rows of norm 1 all tie, so their order, and with it the number of peaks, is whatever
rule breaks the tie, such as the row index: another order of the same items gives another Spk (docs/theory.md, section 8.5).
Peaks are counted for several orders of the rows of one graph. For the unnormalised rows, the control, the order of the items
must not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import (
    BLOCKS,
    DEGREE,
    MIXING,
    NODES,
    PER_COMMUNITY,
    RANK,
    SPREAD,
    VISIBILITY,
    block_model,
)
from experiments.judging.boundary import Boundary
from experiments.judging.claim import SIZES, Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell

DOMAIN = Domain(
    (NODES, BLOCKS, DEGREE, SPREAD, MIXING, RANK),
    "communities of equal size, log-normal popularity, rows of U Sigma",
    derived=(VISIBILITY, PER_COMMUNITY),
)
ORDERS = 8
ROLES = {"graph": DOMAIN.names, "order": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """One graph per replicate, its rows in several orders: normalised (claim) and as they are (control)."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], unnormalised_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the normalised rows with their ties broken by chance, several times."""
    rows, n = _rows(cell, rngs["graph"]), cell["n"]
    norms = np.linalg.norm(rows, axis=1)[:, None]
    unit = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
    # chance breaks the ties: norms of 1 are told apart by a hundred-thousandth at most, which cosines do not see
    nudges = [1 + rngs["order"].permutation(n) / n * 1e-5 for _ in range(ORDERS)]
    return _over_orders(rows, [unit * nudge[:, None] for nudge in nudges])


def unnormalised_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the rows as they are, in several orders."""
    rows = _rows(cell, rngs["graph"])
    return _over_orders(rows, [rngs["order"].permutation(rows) for _ in range(ORDERS)])


def _rows(cell: Mapping[str, Any], rng: np.random.Generator) -> NDArray[np.float64]:
    return sampled_embedding(block_model(cell, rng), cell["rank"], rng).vectors("full")


def _over_orders(rows: NDArray[np.float64], orders: list[NDArray[np.float64]]) -> dict[str, Any]:
    """Mean peaks over those of the rows as they are, and their spread over the orders relative to their mean."""
    peaks = [theory.spikiness(shown).n_peaks for shown in orders]
    mean = float(np.mean(peaks))
    return {"ratio": mean / theory.spikiness(rows).n_peaks, "spread": (max(peaks) - min(peaks)) / mean}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the relative spread over orders, and how far the number of peaks is from that of the rows as they are."""
    one = rows.set_index("replicate")
    return pd.DataFrame({"spread": one["spread"], "change": (one["ratio"] - 1).abs()})


claim = Claim(
    id="C7",
    title="Spk means the same for normalised vectors",
    statement="In U Sigma, Spk means the same for cosine-normalised vectors as for unnormalised ones: the order of the items "
    "does not move it, and it differs by at most a half.",
    source="The paper's first experiments name it (as reconstructed); docs/theory.md, section 8.5.",
    expected="qualified",
    arms=arms,
    version=2,
    # the spread of a few peaks over orders varies much from graph to graph
    replicates=dict.fromkeys(SIZES, 16),
    domain=DOMAIN,
    boundary=Boundary(
        "there are many dimensions, the more of them the less the communities mix: noise then leaves nearly every vector alone "
        "in its cone",
        {"mixing": 3.43, "rank": 7.01},
        constant=-17.7,
        points=88,
        error=0.023,
    ),
    estimates=estimates,
    rule=Rule(
        (
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
            ),
            Criterion(
                Estimand("change", "change of the number of peaks by normalising, relative to it", "%"),
                "<=",
                0.5,
                asks="normalising changes the number of peaks by at most {threshold}",
                origin="the factor that claim C9 allows between matrices which are said to have the same Spk",
                failure="normalised vectors have another number of peaks",
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
            finding="the order of tied rows moves Spk by up to {spread:.0%}",
            lines=(("threshold", 0.02),),
        ),
    ),
)
