"""Dense expected matrices and the block model that each of them is: graphs of four sorts of affinity, and the paper's objects.

With interactions E[X] = a_u b_i B_{y z}, M M* = E[X]'E[X] has the propensities b and the affinity B' Psi_a^2 B, and the right
singular vectors of E[X] itself are its eigenvectors. The PPMI matrix has lost the propensities (docs/theory.md, section 7.1): it
is the block model of equal ones. Each function takes propensities, labels and memberships of the nodes, which are those of the
labels or, in a control, mixed; the block model is that of the labels.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import BipartiteModel, BlockModel, InteractionModel

Matrix = NDArray[np.float64]
# the model of a dense matrix, its eigenvalues and eigenvectors
Decomposed = tuple[BlockModel, Matrix, Matrix]
Generator = np.random.Generator


def _affinity(kind: str, blocks: int, rng: Generator) -> Matrix:
    background = rng.uniform(0.05, 0.3, (blocks, blocks))
    return np.asarray(AFFINITIES[kind]((background + background.T) / 2, rng))


def _graph(kind: str, theta: Matrix, labels: Any, memberships: Matrix, rng: Generator) -> Decomposed:
    """E[A]."""
    model = BlockModel(theta, labels, _affinity(kind, memberships.shape[1], rng))
    factor = theta[:, None] * memberships
    return model, *np.linalg.eigh(factor @ model.affinity @ factor.T)


def _interactions(
    theta: Matrix, labels: Any, memberships: Matrix, rng: Generator
) -> tuple[BlockModel, Matrix]:
    """The block model of M M*, and E[X] (contexts x items)."""
    blocks, contexts = memberships.shape[1], len(theta) // 2
    a, y = rng.lognormal(0.0, 0.5, contexts), rng.permutation(np.arange(contexts) % blocks)
    log = BipartiteModel(a, y, theta, labels, _affinity("assortative", blocks, rng))
    model = BlockModel(theta, labels, (log.affinity.T * log.contexts.block_sums(2)) @ log.affinity)
    return model, a[:, None] * theta * (log.affinity @ memberships.T)[y]


def _cooccurrence(*drawn: Any) -> Decomposed:
    model, expected = _interactions(*drawn)
    return model, *np.linalg.eigh(expected.T @ expected)


def _right_singular_vectors(*drawn: Any) -> Decomposed:
    model, expected = _interactions(*drawn)
    _, singular, right = np.linalg.svd(expected, full_matrices=False)
    return model, np.square(singular), right.T


def _ppmi(theta: Matrix, labels: Any, memberships: Matrix, rng: Generator) -> Decomposed:
    """Contexts have wide mixtures and sizes that vary, so that communities have a positive PMI with each other too."""
    log = InteractionModel(theta, labels, mean_length=1.0, concentration=10.0, length_cv=0.5)
    within = log.within_block()
    single = within * (memberships @ log.shares)
    moments = memberships @ log.mixture_moments() @ memberships.T
    pairs = (1 + log.length_cv**2) * np.outer(within, within) * moments
    pmi = np.maximum(np.log(pairs / np.outer(single, single)), 0.0)
    return BlockModel(np.ones(len(theta)), labels, np.maximum(log.pmi(), 0.0)), *np.linalg.eigh(pmi)


def _of_less_rank(background: Matrix, rng: Generator) -> Matrix:
    factor = rng.uniform(0.1, 1.0, (len(background), len(background) - 1))
    return np.asarray(factor @ factor.T)


def _diagonal(low: float, high: float, background: Matrix, rng: Generator) -> Matrix:
    return np.diag(rng.uniform(low, high, len(background)))


AFFINITIES: dict[str, Callable[[Matrix, Generator], Matrix]] = {
    "assortative": lambda background, rng: background + _diagonal(0.5, 1.0, background, rng),
    "disassortative": lambda background, rng: 1.0 - background - _diagonal(0.4, 0.6, background, rng),
    # every other community prefers itself
    "indefinite": lambda background, rng: (
        background + _diagonal(0.5, 1.0, background, rng) * (np.arange(len(background)) % 2)
    ),
    "rank-deficient": _of_less_rank,
}
MATRICES: dict[str, Callable[..., Decomposed]] = {
    **{kind: partial(_graph, kind) for kind in AFFINITIES},
    "co-occurrence": _cooccurrence,
    "interactions": _right_singular_vectors,
    "PPMI": _ppmi,
}
