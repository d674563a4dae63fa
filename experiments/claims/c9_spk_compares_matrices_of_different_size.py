"""C9. Spk, a share of the vectors, compares matrices of different numbers of items.

Where vectors lie on rays, the number of peaks is that of the communities which hold half of them, whatever the number n of
vectors, so that Spk falls as 1 / n (docs/theory.md, section 7.3). Where noise decides, the number of peaks grows with n, and Spk
less. One model is sampled with n nodes and with fewer, its communities, degrees and mixing kept. In the control the larger matrix
has the vectors of the smaller one, each several times: the peaks stay, and Spk is divided (section 8.5).
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
    PER_COMMUNITY,
    RANK,
    SPREAD,
    VISIBILITY,
    block_model,
    placed,
)
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell

DOMAIN = Domain(
    (
        Range("n", 200, 500, "nodes of the smaller matrix", "small catalogues, cheap to sample", whole=True),
        Range("times", 3, 6, "times as many in the larger", "data sets differ by far more", whole=True),
        BLOCKS,
        DEGREE,
        SPREAD,
        MIXING,
        RANK,
    ),
    "one mean degree in both matrices, communities of equal size, log-normal popularity, rows of U Sigma",
    derived=(VISIBILITY, PER_COMMUNITY),
)
ROLES = {"graphs": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """The same model with more and with fewer nodes; in the control the vectors of the smaller one, each several times."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], repeated_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compute Spk of two samples of different size."""
    small = _vectors(cell, cell["n"], rngs["graphs"])
    return _compared(small, _vectors(cell, cell["n"] * cell["times"], rngs["graphs"]))


def repeated_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Compute the same where the larger matrix repeats the vectors of the smaller one."""
    small = _vectors(cell, cell["n"], rngs["graphs"])
    return _compared(small, np.repeat(small, cell["times"], axis=0))


def _vectors(cell: Cell, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return sampled_embedding(block_model({**cell, "n": n}, rng), cell["rank"], rng).vectors("full")


def _compared(small: NDArray[np.float64], large: NDArray[np.float64]) -> dict[str, Any]:
    fewer, more = theory.spikiness(small), theory.spikiness(large)
    return {
        "ratio": fewer.value / more.value,
        "peaks_ratio": more.n_peaks / fewer.n_peaks,
        "peaks": more.n_peaks,
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return Spk of the smaller matrix over that of the larger one."""
    return rows.set_index("replicate")[["ratio"]]


claim = Claim(
    id="C9",
    title="Spk compares matrices of different size",
    statement="Spk of matrices with different numbers of items can be compared: in U Sigma, a model sampled with a third to a "
    "sixth of the nodes has at most one and a half times the Spk.",
    source="Table 1, which ranks data sets of 27 thousand to 1.4 million items by Spk (as reconstructed); docs/theory.md, "
    "sections 7.3 and 8.5.",
    expected="qualified",
    arms=arms,
    domain=DOMAIN,
    boundary=Boundary(
        "noise decides, because the communities hardly stand out of it or there are many more dimensions than communities",
        {"visibility": -7.37, "per_community": 5.29},
        constant=-1.59,
        points=92,
        error=0.011,
    ),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("ratio", "Spk of the smaller matrix over that of the larger one", "times"),
                "<=",
                1.5,
                asks="the smaller matrix has at most {threshold} the Spk of the larger one",
                origin="half of the least that a difference of size alone makes where vectors lie on rays",
                failure="a smaller matrix of the same model has a larger Spk",
            ),
        ),
    ),
    control="the vectors of the smaller matrix, each repeated, in place of the larger matrix",
    figures=(
        Figure(
            kind="scatter",
            x="visibility",
            y="ratio",
            log="xy",
            xlabel="eigenvalues of communities over the spectral edge",
            ylabel="Spk of the smaller over the larger matrix",
            finding="a smaller matrix has up to {ratio:.1f} times the Spk of a larger one",
            lines=(("threshold", 1.5),),
            points=placed(DOMAIN),
        ),
    ),
)
