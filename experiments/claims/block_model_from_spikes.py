"""A2. Rows on spikes make a block model, on the part of the rows that is on spikes.

If U_i = a_i d_c(i) with a_i >= 0, then (U Lambda U')_ij = a_i a_j d_k' Lambda d_l: a DCBM with theta = a and
B = D Lambda D', which is real and may be negative. Recovery sees the rows and the eigenvalues alone; it is judged on
the block model that it returns, entry by entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claim import Claim, Figure, Size, at
from experiments.study import Study
from experiments.verdict import Criterion, Rule

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
        version=1,
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
    wandering = 0.05 if cell["arm"] == "control" else 1.0
    off = rng.random(n) >= cell["on_spikes"]
    rows[off] += wandering * rng.standard_normal((int(off.sum()), rank))
    # M = X J X' for rows X and a signature J: its eigenvectors span the columns of X, so they inherit the rays
    signature = rng.choice([-1.0, 1.0], rank)
    core_basis, core = np.linalg.qr(rows)
    eigenvalues, rotation = np.linalg.eigh(core @ np.diag(signature) @ core.T)
    real = np.abs(eigenvalues) > 1e-9 * np.abs(eigenvalues).max()  # six rays span six dimensions at most
    eigenvalues, basis = eigenvalues[real], core_basis @ rotation[:, real]
    planted = np.where(off, -1, labels) if cell["arm"] == "claim" else labels
    recovered = theory.block_model_from_spikes(basis, eigenvalues, planted)
    on = np.flatnonzero(planted >= 0)
    matrix = (basis[on] * eigenvalues) @ basis[on].T
    theta, block = recovered.propensities[on], planted[on]
    model = theta[:, None] * theta * recovered.affinity[np.ix_(block, block)]
    return {
        "residual": float(np.abs(matrix - model).max() / np.abs(matrix).max()),
        "least_affinity": float(recovered.affinity.min()),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest entrywise error relative to the largest entry of M_f."""
    return rows.groupby("replicate")[["residual"]].max()


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
    study=study,
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
