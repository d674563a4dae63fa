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
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure

N_BLOCKS = 6
ROLES = {"rows": ("rank", "on_spikes", "n")}
Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]


def arms(size: Size) -> tuple[Arm, ...]:
    """Rays in general position, with fewer, as many and more dimensions than rays; rows off rays as the control."""
    n = at(size, quick=150, default=300, thorough=600)
    cells = [{"rank": f, "on_spikes": share, "n": n} for f in (3, 6, 9) for share in (1.0, 0.6)]
    off = [{"rank": 6, "on_spikes": 0.0, "n": n}]
    return Arm("claim", cells, trial, ROLES), Arm("control", off, off_rays_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Plant rows on rays and some off them, find the spikes, and recover theta, labels and B from them."""
    rows, _, steps, off = _planted(cell, rngs["rows"])
    rows[off] += steps
    basis, eigenvalues = _eigenvectors(rows, rngs["rows"])
    spike = _spikes(basis)
    return {
        **_recovered(basis, eigenvalues, spike),
        "missed": float((spike < 0).sum() - off.sum()) / cell["n"],
    }


def off_rays_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Push every row off its ray by a twentieth of its length; its spike is given, since no row is near enough to another."""
    rows, labels, steps, _ = _planted(cell, rngs["rows"])
    steps *= 0.05 * np.linalg.norm(rows, axis=1)[:, None] / np.linalg.norm(steps, axis=1)[:, None]
    rows += steps
    return {**_recovered(*_eigenvectors(rows, rngs["rows"]), labels), "missed": 0.0}


def _planted(
    cell: Mapping[str, Any], rng: np.random.Generator
) -> tuple[Matrix, Labels, Matrix, NDArray[np.bool_]]:
    """Rows on rays, the number of each one's ray, and steps for those that are to leave theirs."""
    n, rank = cell["n"], cell["rank"]
    directions = rng.standard_normal((N_BLOCKS, rank))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    labels = rng.integers(0, N_BLOCKS, n)
    rows = rng.lognormal(0.0, 0.7, n)[:, None] * directions[labels]
    off = rng.random(n) >= cell["on_spikes"]
    return rows, labels, rng.standard_normal((int(off.sum()), rank)), off


def _eigenvectors(rows: Matrix, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Eigenvectors and eigenvalues of X J X' for rows X and a signature J: they span the columns of X, and inherit its rays."""
    signature = rng.choice([-1.0, 1.0], rows.shape[1])
    core_basis, core = np.linalg.qr(rows)
    eigenvalues, rotation = np.linalg.eigh(core @ np.diag(signature) @ core.T)
    real = np.abs(eigenvalues) > 1e-9 * np.abs(eigenvalues).max()  # six rays span six dimensions at most
    return core_basis @ rotation[:, real], eigenvalues[real]


def _spikes(basis: Matrix) -> Labels:
    """The spike of each row, numbered from 0 on; -1 for rows that share a direction with at most one other."""
    found = theory.spikiness(basis, cosine=1 - 1e-10, coverage=1 - 0.5 / len(basis))
    many = found.sizes > 2
    number = np.append(np.where(many, np.cumsum(many) - 1, -1), -1)  # the last: of rows without a spike
    return np.asarray(number[found.membership])


def _recovered(basis: Matrix, eigenvalues: Matrix, spike: Labels) -> dict[str, float]:
    """The largest error of the block model that is recovered from the spikes, and its least affinity."""
    recovered = theory.block_model_from_spikes(basis, eigenvalues, spike)
    on = np.flatnonzero(spike >= 0)
    matrix = (basis[on] * eigenvalues) @ basis[on].T
    theta, block = recovered.propensities[on], spike[on]
    model = theta[:, None] * theta * recovered.affinity[np.ix_(block, block)]
    error = np.abs(matrix - model).max() / np.abs(matrix).max()
    return {"residual": float(error), "least_affinity": float(recovered.affinity.min())}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest entrywise error relative to the largest entry of M_f, and the rows wrongly held to be on or off a spike."""
    return rows.assign(missed=rows["missed"].abs()).groupby("replicate")[["residual", "missed"]].max()


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    words = {1.0: "all rows on spikes", 0.6: "60 % on spikes", 0.0: "rows off rays (control)"}
    return rows.assign(case=rows["on_spikes"].map(words), residual=rows["residual"].clip(lower=1e-17))


RESIDUAL = Estimand(
    "residual", "error of an entry of the recovered block model, relative to the largest entry"
)
MISSED = Estimand("missed", "rows wrongly put on a spike or off one", "%")

claim = Claim(
    id="A2",
    title="Rows on spikes are a block model",
    statement="Where the rows of a truncated SVD lie on spikes, the submatrix of those rows is exactly that of a DCBM, whose "
    "propensities are the lengths along the rays and whose affinities may be negative.",
    source="Theorem 3.4 (as reconstructed), spikes => DCBM; docs/theory.md, section 1.4.",
    expected="holds",
    arms=arms,
    replicates={"quick": 4, "default": 10, "thorough": 40},
    version=3,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                RESIDUAL,
                "<=",
                1e-10,
                asks="the block model recovered from the spikes is the matrix itself, up to {threshold} of its largest entry",
                origin="machine epsilon times a condition number of at most 1e5",
                failure="the block model recovered from the spikes differs from the matrix by more than rounding",
                statistic="max",
            ),
            Criterion(
                MISSED,
                "<=",
                0.0,
                asks="{threshold} of the rows are wrongly put on a spike or off one",
                origin="which rows are on spikes is found from the vectors alone, so that all of them must be found",
                failure="the rows on spikes cannot be told from the others",
                statistic="max",
            ),
        )
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
