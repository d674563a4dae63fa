"""A1. The rows of a population DCBM lie on at most K rays.

With S = Psi B Psi = H Lambda H' and psi_k the norm of the propensities of block k, P = E[A] has the eigenpairs
(Lambda, U) with U_i = (theta_i / psi_c) H_c (Lei and Rinaldo 2015; Qin and Rohe 2013). So the rows of a block share a
direction in every scaling, whatever the signs of Lambda and for every truncation f <= K. The oracle is a dense
decomposition of P, which knows nothing of blocks: its rows are compared with the closed form of the rays.

The paper's own objects, M M*, the PPMI matrix and the interactions themselves, are block models too
(`experiments.claims.expected_matrices`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.expected_matrices import MATRICES
from experiments.claims.families import BLOCKS, LAW, SPREAD, UNEVEN, block_sizes, popularity
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import BlockModel

MIXED = 0.3  # of each membership, in the control
GAP = 1e-4  # between the last kept eigenvalue and the next, over the largest: a truncation at a tie is not unique
Matrix = NDArray[np.float64]


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """The matrix of each point, and the same with 30 % of each membership drawn at random as the control."""
    roles = {"model": tuple(DOMAIN.names)}
    control = [{"mixed": MIXED, **point} for point in points[:4]]
    return Arm("claim", points, trial, roles), Arm("control", control, trial, roles)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Decompose the matrix densely and compare its rows with the rays that the model's closed form promises."""
    rng = rngs["model"]
    labels = rng.permutation(np.repeat(np.arange(cell["blocks"]), block_sizes(cell)))
    theta, memberships = popularity(cell).sample(cell["n"], rng), np.eye(cell["blocks"])[labels]
    if mixed := cell.get("mixed", 0.0):
        alpha = np.ones(cell["blocks"])
        memberships = (1 - mixed) * memberships + mixed * rng.dirichlet(alpha, cell["n"])
    return _compared(cell["kept"], *MATRICES[cell["matrix"]](theta, labels, memberships, rng))


DOMAIN = Domain(
    (
        Choice(
            "matrix",
            tuple(MATRICES),
            "matrix",
            "graphs of four sorts of affinity, and what the paper decomposes",
        ),
        Range(
            "n",
            150,
            400,
            "nodes",
            "small enough for a dense decomposition, which knows nothing of blocks",
            whole=True,
        ),
        BLOCKS,
        Range(
            "kept", 0.3, 1.0, "share of the dimensions that are kept", "a third of them, to all", log=False
        ),
        SPREAD,
        LAW,
        UNEVEN,
    )
)


def _compared(kept: float, model: BlockModel, eigenvalues: Matrix, basis: Matrix) -> dict[str, Any]:
    """How far a dense decomposition of the population's matrix is from the rays of the model's closed form."""
    labels, predicted = model.labels, model.spectrum()[0]
    size = np.append(np.abs(predicted), 0.0)
    separate = 1 + np.flatnonzero(-np.diff(size) > GAP * size[0])
    rank = int(separate[np.abs(separate - max(1, kept * len(predicted))).argmin()])
    order = np.argsort(-np.abs(eigenvalues), kind="stable")[:rank]
    embedding = theory.Embedding(eigenvalues[order], basis[:, order])
    # a dense solver's eigenvectors are good to epsilon |lambda_1| / |lambda_f|; angles are read in that unit
    conditioning = float(np.abs(eigenvalues[order[-1]]) / np.abs(eigenvalues[order[0]]))
    row = {"eigenvalue_error": _relative(embedding.eigenvalues, predicted[:rank])}
    for scaling in theory.SCALINGS:
        vectors = embedding.vectors(scaling)
        rays = theory.rays(model, scaling=scaling, rank=rank)
        directions = np.stack([_axis(vectors[labels == block]) for block in range(model.n_blocks)])
        along = np.maximum((vectors * directions[labels]).sum(1), 0.0)
        # a truncation can leave a row almost nothing of its length; rounding is relative to what it had in all dimensions
        whole = theory.rays(model, scaling=scaling).norms
        off = np.linalg.norm(vectors - along[:, None] * directions[labels], axis=1) / whole
        lengths = np.linalg.norm(vectors, axis=1)
        per_propensity = float(lengths.sum() / model.propensities.sum())
        row[f"{scaling}_departure"] = float(conditioning * off.max())
        row[f"{scaling}_norm_error"] = _relative(lengths, rays.norms)
        row[f"{scaling}_cosine_error"] = float(np.abs(directions @ directions.T - rays.cosines).max())
        row[f"{scaling}_one_factor"] = _relative(lengths, per_propensity * model.propensities)
        row[f"{scaling}_right_angles"] = float(
            np.abs(directions @ directions.T - np.eye(len(directions))).max()
        )
    return row


def _axis(rows: Matrix) -> Matrix:
    """By an SVD of the rows themselves: their Gram matrix would square the rounding that is judged here."""
    axis = np.linalg.svd(rows, full_matrices=False)[2][0]
    return np.asarray(axis if (rows @ axis).sum() > 0 else -axis)


def _relative(seen: Matrix, expected: Matrix) -> float:
    return float(np.abs(seen - expected).max() / np.abs(expected).max())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the largest errors over the scalings."""
    names = [criterion.estimand.name for criterion in RULE.criteria]
    return pd.DataFrame({name: rows.filter(regex=f"{name}$").max(axis=1) for name in names})


def _departures(rows: pd.DataFrame) -> pd.DataFrame:
    columns = {f"{scaling}_departure": scaling for scaling in theory.SCALINGS}
    long = rows.melt(["vote", "matrix"], list(columns), "scaling", "departure").replace({"scaling": columns})
    return long.assign(case=long["matrix"].where(long["vote"] == "claim", "mixed membership"))


def _exact(name: str, words: str, what: str) -> Criterion:
    asks, failure = f"{what} are as predicted, up to {{threshold}}", f"{what} are not as predicted"
    origin = "machine epsilon times a condition number of at most 1e5, far below what a figure shows"
    return Criterion(Estimand(name, words), "<=", 1e-10, asks, origin, failure, statistic="max")


RULE = Rule(
    (
        _exact(
            "departure",
            "sine between a row and its block's ray, times the least over the largest eigenvalue",
            "rays",
        ),
        _exact("norm_error", "error of a row's length, relative to the longest row", "lengths of rows"),
        _exact("cosine_error", "error of the cosine between two rays", "angles between rays"),
        _exact("eigenvalue_error", "error of an eigenvalue, relative to the largest", "signed eigenvalues"),
    )
)

claim = Claim(
    id="A1",
    title="The rows of a block model lie on rays",
    statement="The rows of the truncated SVD of the expected matrix of a DCBM with K blocks lie on at most K rays through the "
    "origin, in every scaling, for any sizes of the blocks, any signs of the eigenvalues and any number of kept dimensions up to "
    "K; their lengths and the angles between rays have closed forms.",
    source="Theorem 3.4 (as reconstructed), DCBM => spikes; docs/theory.md, sections 1.1 to 1.3.",
    expected="holds",
    arms=arms,
    version=4,
    domain=DOMAIN,
    reach="always",
    estimates=estimates,
    rule=RULE,
    rivals=(
        Rival(
            "rays at right angles in every scaling",
            lambda rows: rows.assign(full_cosine_error=rows["full_right_angles"]),
        ),
        Rival(
            "one length per propensity for all communities",
            lambda rows: rows.assign(full_norm_error=rows["full_one_factor"]),
        ),
    ),
    control="the same matrices with 30 % of each membership mixed at random, compared with the rays of pure membership",
    figures=(
        Figure(
            kind="strip",
            x="case",
            y="departure",
            hue="scaling",
            xlabel="affinity of a graph, or what is decomposed of interactions",
            ylabel="largest sine to the block's ray, times |λ_f / λ_1|",
            log="y",
            finding="rows of a block model leave their rays by {departure:.0e} at most",
            lines=(("threshold", 1e-10),),
            points=_departures,
        ),
    ),
)
