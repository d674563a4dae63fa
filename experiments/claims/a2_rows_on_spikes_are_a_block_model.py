"""A2. Rows on spikes make a block model, on the part of the rows that is on spikes.

If U_i = a_i d_c(i) with a_i >= 0, then (U Lambda U')_ij = a_i a_j d_k' Lambda d_l: a DCBM with theta = a and
B = D Lambda D', which is real and may be negative. Recovery sees the rows and the eigenvalues alone, spikes included: a
cone of a hundred thousandth of a radian finds those with more than two rows. It is judged on the block model that it returns,
entry by entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.families import BLOCKS, LAW, SPREAD, popularity
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]
EXACT, NEAR = (
    1 - 1e-10,
    0.98,
)  # cosines of the cones in which spikes are looked for, where rows are on rays and off them
LEAST = 20  # rows per spike on average: with three one can tell a spike from rows that are on none
OFF = 0.05  # of its length, by which every row leaves its ray in the control
DOMAIN = Domain(
    (
        Range("n", 150, 400, "rows", "enough for all pairs of rows to be compared", whole=True),
        BLOCKS,
        Range("rank", 3, 24, "dimensions", "fewer, as many and more than rays", whole=True),
        Range("on_spikes", 0.3, 1.0, "share of the rows on spikes", "a third of them, to all", log=False),
        SPREAD,
        LAW,
    ),
    "rays in random directions and eigenvalues of either sign",
    lambda point: point["n"] * point["on_spikes"] >= LEAST * point["blocks"],
    f"a spike is expected to hold at least {LEAST} rows",
)


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Rays in random directions, and rows that are pushed off them as the control."""
    roles = {"rows": tuple(DOMAIN.names)}
    off = [{"off": OFF, "cosine": NEAR, **point} for point in points[:4]]
    return Arm("claim", points, trial, roles), Arm("control", off, trial, roles)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Plant rows on rays and some off them, find the spikes, and recover theta, labels and B from them."""
    rng, n, rank = rngs["rows"], cell["n"], cell["rank"]
    directions = rng.standard_normal((cell["blocks"], rank))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    lengths = popularity(cell).sample(n, rng)[:, None]
    rows = lengths * directions[rng.permutation(np.arange(n) % cell["blocks"])]
    off = rng.random(n) >= cell["on_spikes"]
    rows[off] += rng.standard_normal((int(off.sum()), rank))
    if "off" in cell:
        steps = rng.standard_normal(rows.shape)
        rows += cell["off"] * lengths * steps / np.linalg.norm(steps, axis=1)[:, None]
    basis, eigenvalues = _eigenvectors(rows, rng)
    spike = _spikes(basis, cell.get("cosine", EXACT))
    missed = abs(float((spike < 0).sum() - off.sum())) / n
    return {**_recovered(basis, eigenvalues, spike), "missed": missed}


def _eigenvectors(rows: Matrix, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Eigenvectors and eigenvalues of X J X' for rows X and a signature J: they span the columns of X, and inherit its rays."""
    signature = rng.choice([-1.0, 1.0], rows.shape[1])
    core_basis, core = np.linalg.qr(rows)
    eigenvalues, rotation = np.linalg.eigh(core @ np.diag(signature) @ core.T)
    # K rays span K dimensions at most
    real = np.abs(eigenvalues) > 1e-9 * np.abs(eigenvalues).max()
    return core_basis @ rotation[:, real], eigenvalues[real]


def _spikes(basis: Matrix, cosine: float) -> Labels:
    """The spike of each row, numbered from 0 on; -1 for rows that share a direction with at most one other."""
    found = theory.spikiness(basis, cosine=cosine, coverage=1 - 0.5 / len(basis))
    many = found.sizes > 2
    # the last entry is that of rows without a spike
    number = np.append(np.where(many, np.cumsum(many) - 1, -1), -1)
    return np.asarray(number[found.membership])


def _recovered(basis: Matrix, eigenvalues: Matrix, spike: Labels) -> dict[str, float]:
    """The largest error of the block model that is recovered from the spikes, and of one whose affinity ignores signs."""
    on = np.flatnonzero(spike >= 0)
    matrix = (basis[on] * eigenvalues) @ basis[on].T
    errors = []
    for values in (eigenvalues, np.abs(eigenvalues)):
        recovered = theory.block_model_from_spikes(basis, values, spike)
        theta, block = recovered.propensities[on], spike[on]
        model = theta[:, None] * theta * recovered.affinity[np.ix_(block, block)]
        errors.append(float(np.abs(matrix - model).max() / np.abs(matrix).max()))
    return {"residual": errors[0], "without_signs": errors[1]}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the largest error of an entry, relative to the largest entry, and the rows wrongly held to be on or off a spike."""
    return rows[["residual", "missed"]]


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    words = {"claim": "rows on rays", "control": "rows off rays (control)"}
    return rows.assign(case=rows["vote"].map(words), residual=rows["residual"].clip(lower=1e-17))


claim = Claim(
    id="A2",
    title="Rows on spikes are a block model",
    statement="Where the rows of a truncated SVD lie on spikes, be it all rows or a part, and whatever the number of dimensions "
    "and the signs of the eigenvalues, the submatrix of those rows is exactly that of a DCBM, whose propensities are the "
    "lengths along the rays and whose affinities may be negative.",
    source="Theorem 3.4 (as reconstructed), spikes => DCBM; docs/theory.md, section 1.4.",
    expected="holds",
    arms=arms,
    version=4,
    domain=DOMAIN,
    reach="always",
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "residual",
                    "error of an entry of the recovered block model, relative to the largest entry",
                ),
                "<=",
                1e-10,
                asks="the block model recovered from the spikes is the matrix itself, up to {threshold} of its largest entry",
                origin="machine epsilon times a condition number of at most 1e5",
                failure="the block model recovered from the spikes differs from the matrix by more than rounding",
                statistic="max",
            ),
            Criterion(
                Estimand("missed", "rows wrongly put on a spike or off one", "%"),
                "<=",
                0.0,
                asks="{threshold} of the rows are wrongly put on a spike or off one",
                origin="which rows are on spikes is found from the vectors alone, so that all of them must be found",
                failure="the rows on spikes cannot be told from the others",
                statistic="max",
            ),
        )
    ),
    rivals=(
        Rival(
            "scalar products of the rays as affinities, without the signs of the eigenvalues",
            lambda rows: rows.assign(residual=rows["without_signs"]),
        ),
    ),
    control="every row pushed off its ray by a twentieth of its length, and spikes of cosine 0.98",
    figures=(
        Figure(
            kind="scatter",
            x="rank",
            y="residual",
            hue="case",
            xlabel="rank f",
            ylabel="largest error of the recovered block model",
            log="y",
            finding="the recovered block model is off by {residual:.0e} at most",
            lines=(("threshold", 1e-10),),
            points=_cases,
        ),
    ),
)
