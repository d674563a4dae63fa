"""Interaction logs that several claims share, synthetic and real, and what the paper decomposes of interactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.judging.domain import Derived, Range
from experiments.running.study import Cell
from simulate import InteractionModel, LogNormal, sample_interactions


@dataclass(frozen=True)
class Log:
    """A synthetic log: how many items, blocks, contexts; items per context; spread of popularity; mixing of contexts."""

    items: int
    blocks: int
    contexts: int
    length: float
    sigma: float
    mixture: float


LOGS = {
    # contexts of one community, and popularity that varies much
    "pure rays": Log(1200, blocks=4, contexts=3000, length=8.0, sigma=1.2, mixture=0.02),
    # contexts that mix communities, as listeners do
    "mixed contexts": Log(600, blocks=8, contexts=6000, length=10.0, sigma=0.8, mixture=0.3),
}

REAL_RANK = 32
LENGTH = 4.0  # mean items of a context of the logs in which finite counts are studied
# few items, so that counts grow large as interactions are added
FEW_ITEMS = (
    Range("items", 160, 480, "items", "few, so that pairs are counted often", whole=True),
    Range("blocks", 2, 8, "communities", "two, to as many as twenty items each allow", whole=True),
    Range(
        "per_item", 15, 600, "interactions per item", "from where pairs begin to repeat, to a hit's listeners"
    ),
    Range("cv", 0.5, 1.2, "spread of popularity (CV)", "enough to see, to a heavy tail"),
)


def _shared(cell: Cell) -> float:
    """n p / L contexts of L items, a share 1/K of them in the community, whose n/K items they hold: p L K / n for a pair."""
    return float(cell["per_item"] * LENGTH * cell["blocks"] / cell["items"])


SHARED = Derived("shared", "contexts that two items of a community share, expected", _shared)


def log_of_few_items(cell: Cell, rng: np.random.Generator) -> tuple[Any, NDArray[Any], NDArray[Any]]:
    """Return the log of a point of `FEW_ITEMS`, and the items' propensities and labels."""
    theta = LogNormal.from_cv(cell["cv"], maximum=6.0).sample(cell["items"], rng)
    labels = np.arange(cell["items"]) % cell["blocks"]
    model = InteractionModel(theta, labels, mean_length=LENGTH, concentration=0.2, length_cv=0.0)
    contexts = int(cell["items"] * cell["per_item"] / LENGTH)
    return sample_interactions(model, contexts, rng, clip=True)[0], theta, labels


def interactions_of(name: str, rng: np.random.Generator | None = None) -> Any:
    """Return the interactions (contexts x items) of a real matrix, or of a synthetic log by name, drawn with `rng`.

    Raises
    ------
    ValueError
        for a graph, which has no contexts.
    """
    if name not in LOGS:
        from experiments.matrices import load

        matrix = load(name)
        if matrix.interactions is None:
            raise ValueError(f"{name} is a graph; this claim speaks of contexts and items")
        return matrix.interactions
    assert rng is not None, "a log is drawn"
    log = LOGS[name]
    theta = LogNormal(log.sigma, maximum=15.0).sample(log.items, rng)
    labels = np.arange(log.items) % log.blocks
    model = InteractionModel(theta, labels, mean_length=log.length, concentration=log.mixture)
    return sample_interactions(model, log.contexts, rng, clip=True)[0]


def rank_of(name: str) -> int:
    """Return the rank at which a matrix is analysed: the communities of a synthetic log, 32 for a real matrix."""
    return LOGS[name].blocks if name in LOGS else REAL_RANK


@dataclass(frozen=True, eq=False)
class Decomposed:
    """A truncated decomposition: the `vectors` of `items`, their `degrees` in the matrix, and these as `estimated` from it."""

    vectors: NDArray[np.float64]
    items: NDArray[np.int64]
    degrees: NDArray[np.float64]
    estimated: NDArray[np.float64]


def decompositions(interactions: Any, rank: int) -> dict[str, Decomposed]:
    """Return U Sigma of M M* (counts, without its diagonal) and of PPMI, and V Sigma of the interactions themselves."""
    counts = theory.analyse(theory.cooccurrence(interactions).counts, rank, kind="graph")
    result = {}
    for name, found in (("M M*", counts), ("PPMI", theory.analyse(interactions, rank, kind="interactions"))):
        degrees = np.asarray(found.matrix.sum(axis=1), dtype=np.float64)
        estimated = theory.estimate_degrees(found.embedding)
        result[name] = Decomposed(found.embedding.vectors(), found.items, degrees, estimated)
    whole = theory.embed_rectangular(interactions, rank)
    gram = theory.Embedding(whole.singular_values**2, whole.items)  # M'M, with its diagonal
    degrees = np.asarray(interactions.T @ interactions.sum(axis=1), dtype=np.float64)
    result["interactions"] = Decomposed(whole.vectors(), counts.items, degrees, theory.estimate_degrees(gram))
    return result
