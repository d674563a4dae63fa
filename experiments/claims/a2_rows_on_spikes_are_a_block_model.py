"""A2. Rows on spikes make a block model, on the part of the rows that is on spikes.

If U_i = a_i d_c(i) with a_i >= 0, then (U Lambda U')_ij = a_i a_j d_k' Lambda d_l: a DCBM with theta = a and
B = D Lambda D', which is real and may be negative. Recovery sees the rows and the eigenvalues alone, spikes included: a
cone of a hundred thousandth of a radian finds those with more than two rows. It is judged on the block model that it returns,
entry by entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study

N_BLOCKS = 6


def study(size: Size) -> Study:
    """Rays in general position, with fewer, as many and more dimensions than rays; rows off rays as the control."""
    n = at(size, quick=150, default=300, thorough=600)
    cells = [
        {"arm": "claim", "rank": rank, "on_spikes": share, "n": n}
        for rank in (3, 6, 9)
        for share in (1.0, 0.6)
    ]
    return Study(
        f"A2-{size}",
        [*cells, {"arm": "control", "rank": 6, "on_spikes": 0.0, "n": n}],
        trial,
        replicates=at(size, quick=4, default=10, thorough=40),
        version=2,
        roles={"rows": ("arm", "rank", "on_spikes", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Plant rows on rays, recover theta, labels and B from them, and compare the block model with M_f."""
    rng = rngs["rows"]
    n, rank = cell["n"], cell["rank"]
    directions = rng.standard_normal((N_BLOCKS, rank))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    labels = rng.integers(0, N_BLOCKS, n)
    rows = rng.lognormal(0.0, 0.7, n)[:, None] * directions[labels]
    off = rng.random(n) >= cell["on_spikes"]
    steps = rng.standard_normal((int(off.sum()), rank))
    if cell["arm"] == "control":  # a twentieth of the row's own length
        steps *= 0.05 * np.linalg.norm(rows[off], axis=1)[:, None] / np.linalg.norm(steps, axis=1)[:, None]
    rows[off] += steps
    # M = X J X' for rows X and a signature J: its eigenvectors span the columns of X, so they inherit the rays
    signature = rng.choice([-1.0, 1.0], rank)
    core_basis, core = np.linalg.qr(rows)
    eigenvalues, rotation = np.linalg.eigh(core @ np.diag(signature) @ core.T)
    real = np.abs(eigenvalues) > 1e-9 * np.abs(eigenvalues).max()  # six rays span six dimensions at most
    eigenvalues, basis = eigenvalues[real], core_basis @ rotation[:, real]
    spike = (
        _spikes(basis) if cell["arm"] == "claim" else labels
    )  # in the control no row is near enough to another
    recovered = theory.block_model_from_spikes(basis, eigenvalues, spike)
    on = np.flatnonzero(spike >= 0)
    matrix = (basis[on] * eigenvalues) @ basis[on].T
    theta, block = recovered.propensities[on], spike[on]
    model = theta[:, None] * theta * recovered.affinity[np.ix_(block, block)]
    return {
        "residual": float(np.abs(matrix - model).max() / np.abs(matrix).max()),
        "least_affinity": float(recovered.affinity.min()),
        "missed": float((spike < 0).sum() - off.sum()) / n if cell["arm"] == "claim" else 0.0,
    }


def _spikes(basis: NDArray[np.float64]) -> NDArray[np.int64]:
    """The spike of each row, numbered from 0 on; -1 for rows that share a direction with at most one other."""
    found = theory.spikiness(basis, cosine=1 - 1e-10, coverage=1 - 0.5 / len(basis))
    many = found.sizes > 2
    number = np.append(
        np.where(many, np.cumsum(many) - 1, -1), -1
    )  # rows without a spike are at -1, the last
    return np.asarray(number[found.membership])


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest entrywise error relative to the largest entry of M_f, and the rows wrongly held to be on or off a spike."""
    by = rows.groupby("replicate")
    return pd.DataFrame(
        {"residual": by["residual"].max(), "missed": by["missed"].agg(lambda x: float(x.abs().max()))}
    )


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    words = {1.0: "all rows on spikes", 0.6: "60 % on spikes", 0.0: "rows off rays (control)"}
    return rows.assign(case=rows["on_spikes"].map(words), residual=rows["residual"].clip(lower=1e-17))


claim = Claim(
    id="A2",
    title="Rows on spikes are a block model",
    statement="Where the rows of a truncated SVD lie on spikes, the submatrix of those rows follows a DCBM exactly, with "
    "propensities the lengths along the rays; B may be negative.",
    source="Theorem 3.4 (as reconstructed), spikes => DCBM; docs/theory.md, section 1.4.",
    expected="holds",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "residual",
                "<=",
                1e-10,
                "machine epsilon times a condition number of 1e5 at most",
                statistic="max",
            ),
            Criterion(
                "missed",
                "<=",
                0.0,
                "the rows on spikes are found from the vectors, all of them",
                statistic="max",
            ),
        ),
        control=("refuted",),
    ),
    control="every row pushed off its ray by a twentieth of its length: no block model may be certified exactly",
    figures=(
        Figure(
            kind="strip",
            x="rank",
            y="residual",
            hue="case",
            xlabel="rank f (six rays)",
            ylabel="largest error of the recovered block model",
            log="y",
            finding="the recovered block model is off by {residual:.0e} at most",
            lines=(("threshold", 1e-10),),
            points=_cases,
        ),
    ),
)
