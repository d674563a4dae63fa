"""A1. The rows of a population DCBM lie on at most K rays.

With S = Psi B Psi = H Lambda H' and psi_k the norm of the propensities of block k, P = E[A] has the eigenpairs
(Lambda, U) with U_i = (theta_i / psi_c) H_c (Lei and Rinaldo 2015; Qin and Rohe 2013). So the rows of a block share a
direction in every scaling, whatever the signs of Lambda and for every truncation f <= K. The oracle is a dense
decomposition of P, which knows nothing of blocks: its rows are compared with the closed form of the rays.

The paper's own objects are block models too. With interactions E[X] = a_u b_i B_{y z}, M M* = E[X]'E[X] has the
propensities b and the affinity B' Psi_a^2 B, and the right singular vectors of E[X] itself are its eigenvectors. The PPMI
matrix has lost the propensities (docs/theory.md, section 7.1): it is the block model of equal ones, its K rays K points.
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
from simulate import BipartiteModel, BlockModel, InteractionModel

N_BLOCKS = 5
POWERS: dict[theory.Scaling, float] = {"unit": 0.0, "half": 0.5, "full": 1.0}
ALL, FEW = N_BLOCKS, 3
AFFINITIES = ("assortative", "disassortative", "indefinite", "rank-deficient")
OBJECTS = ("co-occurrence", "interactions", "PPMI")  # of interactions whose contexts have blocks too
Matrix = NDArray[np.float64]


def study(size: Size) -> Study:
    """Every kind of affinity, and the paper's objects, at two truncations; mixed membership as the control."""
    n = at(size, quick=200, default=400, thorough=800)
    pure = [
        {"arm": "claim", "matrix": kind, "rank": rank, "n": n}
        for kind in (*AFFINITIES, *OBJECTS)
        for rank in (FEW, 4 if kind == "rank-deficient" else ALL)
    ]
    return Study(
        f"A1-{size}",
        [*pure, {"arm": "control", "matrix": "assortative", "rank": ALL, "n": n}],
        trial,
        replicates=at(size, quick=4, default=10, thorough=40),
        version=2,
        roles={"model": ("arm", "matrix", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Decompose the matrix densely and compare its rows with the rays that the model's closed form promises."""
    rank = cell["rank"]
    model, eigenvalues, basis = _decomposed(cell, rngs["model"])
    labels = model.labels
    kept = np.argsort(-np.abs(eigenvalues), kind="stable")[:rank]
    eigenvalues, basis = eigenvalues[kept], basis[:, kept]
    closed, _ = model.spectrum()
    # a dense solver's eigenvectors are good to epsilon |lambda_1| / |lambda_f|; angles are read in that unit
    conditioning = float(np.abs(eigenvalues[-1]) / np.abs(eigenvalues[0]))
    row: dict[str, Any] = {"eigenvalue_error": _relative(eigenvalues, closed[:rank])}
    for scaling, power in POWERS.items():
        vectors = basis * np.abs(eigenvalues) ** power
        rays = theory.rays(model, scaling=scaling, rank=rank)
        norms = np.linalg.norm(vectors, axis=1)
        directions = np.stack([_axis(vectors[labels == block]) for block in range(N_BLOCKS)])
        along = (vectors * directions[labels]).sum(1)
        # a truncation can leave a row almost nothing of its length; rounding is relative to what it had in all dimensions
        whole = theory.rays(model, scaling=scaling).norms
        off = np.linalg.norm(vectors - along[:, None] * directions[labels], axis=1) / whole
        row[f"{scaling}_departure"] = float(conditioning * off.max() if (along > 0).all() else 2.0)
        row[f"{scaling}_norm_error"] = _relative(norms, rays.norms)
        row[f"{scaling}_cosine_error"] = float(np.abs(directions @ directions.T - rays.cosines).max())
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest departures over scalings, affinities and truncations, one row a replicate."""
    worst = pd.DataFrame({"replicate": rows["replicate"]})
    for name, ending in (
        ("departure", "_departure"),
        ("norm_error", "_norm_error"),
        ("cosine_error", "_cosine_error"),
    ):
        worst[name] = rows[[column for column in rows if str(column).endswith(ending)]].max(axis=1)
    worst["eigenvalue_error"] = rows["eigenvalue_error"]
    return worst.groupby("replicate").max()


def _decomposed(cell: Mapping[str, Any], rng: np.random.Generator) -> tuple[BlockModel, Matrix, Matrix]:
    """The block model, and eigenvalues and eigenvectors of its dense population matrix."""
    kind, n = cell["matrix"], cell["n"]
    labels = rng.permutation(np.arange(n) % N_BLOCKS)
    theta = rng.lognormal(0.0, 0.8, n)
    if kind == "PPMI":
        # contexts of one size and of wide mixtures, so that communities have a positive PMI with each other too
        log = InteractionModel(theta, labels, mean_length=1.0, concentration=10.0, length_cv=0.5)
        single = log.item_probability()
        moments = log.mixture_moments()[np.ix_(labels, labels)]
        pairs = (1 + log.length_cv**2) * np.outer(log.within_block(), log.within_block()) * moments
        pmi = np.maximum(np.log(pairs / np.outer(single, single)), 0.0)
        return BlockModel(np.ones(n), labels, np.maximum(log.pmi(), 0.0)), *np.linalg.eigh(pmi)
    if kind in OBJECTS:
        a, y = rng.lognormal(0.0, 0.5, n // 2), rng.integers(0, N_BLOCKS, n // 2)
        log_model = BipartiteModel(a, y, theta, labels, _affinity("assortative", rng))
        squares = log_model.contexts.block_sums(2)
        model = BlockModel(theta, labels, (log_model.affinity.T * squares) @ log_model.affinity)
        expected = a[:, None] * theta * log_model.affinity[np.ix_(y, labels)]
        if kind == "co-occurrence":
            return model, *np.linalg.eigh(expected.T @ expected)
        singular = np.linalg.svd(expected, full_matrices=False)
        return model, singular[1] ** 2, singular[2].T
    model = BlockModel(theta, labels, _affinity(kind, rng))
    memberships = np.eye(N_BLOCKS)[labels]
    if cell["arm"] == "control":
        memberships = 0.7 * memberships + 0.3 * rng.dirichlet(np.ones(N_BLOCKS), n)
    factor = theta[:, None] * memberships
    return model, *np.linalg.eigh(factor @ model.affinity @ factor.T)


def _affinity(kind: str, rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    background = rng.uniform(0.05, 0.3, (N_BLOCKS, N_BLOCKS))
    affinity = (background + background.T) / 2
    if kind == "assortative":
        affinity += np.diag(rng.uniform(0.5, 1.0, N_BLOCKS))
    elif kind == "disassortative":
        affinity = 1.0 - affinity - np.diag(rng.uniform(0.4, 0.6, N_BLOCKS))
    elif kind == "indefinite":
        affinity += np.diag(rng.uniform(0.5, 1.0, N_BLOCKS) * np.array([1, 0, 1, 0, 1]))
    else:
        factor = rng.uniform(0.1, 1.0, (N_BLOCKS, 4)) * np.array([1.0, 1.0, 1.0, 0.5])
        affinity = factor @ factor.T
    return np.asarray(affinity)


def _axis(rows: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    axis = np.linalg.svd(rows, full_matrices=False)[2][0]
    return np.asarray(axis if (rows @ axis).sum() > 0 else -axis)


def _relative(seen: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> float:
    return float(np.abs(seen - expected).max() / np.abs(expected).max())


def _departures(rows: pd.DataFrame) -> pd.DataFrame:
    columns = {f"{scaling}_departure": scaling for scaling in ("unit", "half", "full")}
    long = rows.melt(["arm", "matrix"], list(columns), "scaling", "departure").replace({"scaling": columns})
    long["case"] = np.where(long["arm"] == "control", "mixed membership", long["matrix"])
    return long


ORIGIN = (
    "machine epsilon times a condition number of 1e5 at most, far below any angle that a figure could show"
)

claim = Claim(
    id="A1",
    title="A block model's rows lie on rays",
    statement="The rows of the truncated SVD of a population DCBM lie on at most K rays through the origin, in every "
    "scaling, for any signs of the eigenvalues and any truncation f <= K, with norms and angles in closed form.",
    source="Theorem 3.4 (as reconstructed), DCBM => spikes; docs/theory.md, sections 1.1 to 1.3.",
    expected="holds",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        tuple(
            Criterion(name, "<=", 1e-10, ORIGIN, statistic="max")
            for name in ("departure", "norm_error", "cosine_error", "eigenvalue_error")
        ),
        control=("refuted",),
    ),
    control="the same rows when 30 % of each membership is mixed at random: they must be reported as not on rays",
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
