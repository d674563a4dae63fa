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

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import BipartiteModel, BlockModel, InteractionModel

N_BLOCKS, FEW = 5, 3
TWO_WEAK = np.array([1, 0, 1, 0, 1])  # communities that prefer themselves, and two that do not
Matrix = NDArray[np.float64]
Decomposed = tuple[
    BlockModel, Matrix, Matrix
]  # the model of a dense matrix, its eigenvalues and eigenvectors
ROLES = {"model": ("matrix", "n")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Graphs of four affinities, and the paper's three objects, at two truncations; mixed membership as the control."""
    n = at(size, quick=200, default=400, thorough=800)
    ranks = {matrix: (FEW, 4 if matrix == "rank-deficient" else N_BLOCKS) for matrix in MATRICES}
    pure = [{"matrix": matrix, "rank": rank, "n": n} for matrix in MATRICES for rank in ranks[matrix]]
    mixed = [{"matrix": "assortative", "rank": N_BLOCKS, "n": n}]
    return Arm("claim", pure, trial, ROLES), Arm("control", mixed, mixed_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Decompose the matrix densely and compare its rows with the rays that the model's closed form promises."""
    return _compared(cell["rank"], *MATRICES[cell["matrix"]](cell["n"], rngs["model"]))


def mixed_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The same with 30 % of each membership drawn at random, compared with the rays of pure membership."""
    return _compared(cell["rank"], *_graph(cell["matrix"], cell["n"], rngs["model"], mixed=0.3))


def _nodes(n: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], Matrix]:
    return rng.permutation(np.arange(n) % N_BLOCKS), rng.lognormal(0.0, 0.8, n)


def _affinity(kind: str, rng: np.random.Generator) -> Matrix:
    background = rng.uniform(0.05, 0.3, (N_BLOCKS, N_BLOCKS))
    return np.asarray(AFFINITIES[kind]((background + background.T) / 2, rng))


def _graph(kind: str, n: int, rng: np.random.Generator, mixed: float = 0.0) -> Decomposed:
    """E[A], with a share of each membership that is drawn at random."""
    labels, theta = _nodes(n, rng)
    model = BlockModel(theta, labels, _affinity(kind, rng))
    memberships: Matrix = np.eye(N_BLOCKS)[labels]
    if mixed:
        memberships = (1 - mixed) * memberships + mixed * rng.dirichlet(np.ones(N_BLOCKS), n)
    factor = theta[:, None] * memberships
    return model, *np.linalg.eigh(factor @ model.affinity @ factor.T)


def _interactions(n: int, rng: np.random.Generator) -> tuple[BlockModel, Matrix]:
    """The block model of M M*, and E[X] (contexts x items)."""
    labels, theta = _nodes(n, rng)
    a, y = rng.lognormal(0.0, 0.5, n // 2), rng.integers(0, N_BLOCKS, n // 2)
    log = BipartiteModel(a, y, theta, labels, _affinity("assortative", rng))
    model = BlockModel(theta, labels, (log.affinity.T * log.contexts.block_sums(2)) @ log.affinity)
    return model, a[:, None] * theta * log.affinity[np.ix_(y, labels)]


def _cooccurrence(n: int, rng: np.random.Generator) -> Decomposed:
    model, expected = _interactions(n, rng)
    return model, *np.linalg.eigh(expected.T @ expected)


def _right_singular_vectors(n: int, rng: np.random.Generator) -> Decomposed:
    model, expected = _interactions(n, rng)
    _, singular, right = np.linalg.svd(expected, full_matrices=False)
    return model, np.square(singular), right.T


def _ppmi(n: int, rng: np.random.Generator) -> Decomposed:
    """Contexts have one size and wide mixtures, so that communities have a positive PMI with each other too."""
    labels, theta = _nodes(n, rng)
    log = InteractionModel(theta, labels, mean_length=1.0, concentration=10.0, length_cv=0.5)
    single, within = log.item_probability(), log.within_block()
    pairs = (1 + log.length_cv**2) * np.outer(within, within) * log.mixture_moments()[np.ix_(labels, labels)]
    pmi = np.maximum(np.log(pairs / np.outer(single, single)), 0.0)
    return BlockModel(np.ones(n), labels, np.maximum(log.pmi(), 0.0)), *np.linalg.eigh(pmi)


def _of_rank_four(background: Matrix, rng: np.random.Generator) -> Matrix:
    factor = rng.uniform(0.1, 1.0, (N_BLOCKS, 4)) * [1.0, 1.0, 1.0, 0.5]
    return np.asarray(factor @ factor.T)


AFFINITIES: dict[str, Callable[[Matrix, np.random.Generator], Matrix]] = {
    "assortative": lambda background, rng: background + np.diag(rng.uniform(0.5, 1.0, N_BLOCKS)),
    "disassortative": lambda background, rng: 1.0 - background - np.diag(rng.uniform(0.4, 0.6, N_BLOCKS)),
    "indefinite": lambda background, rng: background + np.diag(rng.uniform(0.5, 1.0, N_BLOCKS) * TWO_WEAK),
    "rank-deficient": _of_rank_four,
}
MATRICES: dict[str, Callable[[int, np.random.Generator], Decomposed]] = {
    **{kind: partial(_graph, kind) for kind in AFFINITIES},
    "co-occurrence": _cooccurrence,
    "interactions": _right_singular_vectors,
    "PPMI": _ppmi,
}


def _compared(rank: int, model: BlockModel, eigenvalues: Matrix, basis: Matrix) -> dict[str, Any]:
    """How far a dense decomposition of the population's matrix is from the rays of the model's closed form."""
    labels = model.labels
    kept = np.argsort(-np.abs(eigenvalues), kind="stable")[:rank]
    embedding = theory.Embedding(eigenvalues[kept], basis[:, kept])
    # a dense solver's eigenvectors are good to epsilon |lambda_1| / |lambda_f|; angles are read in that unit
    conditioning = float(np.abs(eigenvalues[kept[-1]]) / np.abs(eigenvalues[kept[0]]))
    row = {"eigenvalue_error": _relative(embedding.eigenvalues, model.spectrum()[0][:rank])}
    for scaling in theory.SCALINGS:
        vectors = embedding.vectors(scaling)
        rays = theory.rays(model, scaling=scaling, rank=rank)
        directions = np.stack([_axis(vectors[labels == block]) for block in range(N_BLOCKS)])
        along = (vectors * directions[labels]).sum(1)
        # a truncation can leave a row almost nothing of its length; rounding is relative to what it had in all dimensions
        whole = theory.rays(model, scaling=scaling).norms
        off = np.linalg.norm(vectors - along[:, None] * directions[labels], axis=1) / whole
        row[f"{scaling}_departure"] = float(conditioning * off.max() if (along > 0).all() else 2.0)
        row[f"{scaling}_norm_error"] = _relative(np.linalg.norm(vectors, axis=1), rays.norms)
        row[f"{scaling}_cosine_error"] = float(np.abs(directions @ directions.T - rays.cosines).max())
    return row


def _axis(rows: Matrix) -> Matrix:
    """By an SVD of the rows themselves: their Gram matrix would square the rounding that is judged here."""
    axis = np.linalg.svd(rows, full_matrices=False)[2][0]
    return np.asarray(axis if (rows @ axis).sum() > 0 else -axis)


def _relative(seen: Matrix, expected: Matrix) -> float:
    return float(np.abs(seen - expected).max() / np.abs(expected).max())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest errors over scalings, matrices and truncations, by replicate."""
    names = [criterion.estimand.name for criterion in RULE.criteria]
    worst = pd.DataFrame({name: rows.filter(regex=f"{name}$").max(axis=1) for name in names})
    return worst.groupby(rows["replicate"]).max()


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
            "rays of blocks",
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
    "origin, in every scaling, for any signs of the eigenvalues and any number of kept dimensions up to K; their lengths and "
    "the angles between rays have closed forms.",
    source="Theorem 3.4 (as reconstructed), DCBM => spikes; docs/theory.md, sections 1.1 to 1.3.",
    expected="holds",
    arms=arms,
    replicates={"quick": 4, "default": 10, "thorough": 40},
    version=3,
    estimates=estimates,
    rule=RULE,
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
