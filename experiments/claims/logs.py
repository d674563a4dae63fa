"""Synthetic interaction logs that several claims share, by name, and what the paper decomposes of interactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from simulate import InteractionModel, LogNormal, sample_interactions

LOGS = {
    # contexts of one community, and popularity that varies much: pure rays
    "pure rays": {
        "items": 1200,
        "blocks": 4,
        "contexts": 3000,
        "length": 8.0,
        "sigma": 1.2,
        "mixture": 0.02,
    },
    # the same without popularity
    "equal popularity": {
        "items": 1200,
        "blocks": 4,
        "contexts": 3000,
        "length": 8.0,
        "sigma": 0.0,
        "mixture": 0.02,
    },
    # contexts that mix communities, as listeners do
    "mixed contexts": {
        "items": 600,
        "blocks": 8,
        "contexts": 6000,
        "length": 10.0,
        "sigma": 0.8,
        "mixture": 0.3,
    },
}


BLOCKS, ITEMS = 4, 240  # of the log in which finite counts are studied


def log_of_few_items(contexts: int, rng: np.random.Generator) -> tuple[Any, NDArray[Any], NDArray[Any]]:
    """Return a log of 240 items, so that counts grow large as contexts are added, and the items' propensities and labels."""
    theta = LogNormal(0.9, maximum=6.0).sample(ITEMS, rng)
    labels = np.arange(ITEMS) % BLOCKS
    model = InteractionModel(theta, labels, mean_length=4.0, concentration=0.2, length_cv=0.0)
    return sample_interactions(model, contexts, rng, clip=True)[0], theta, labels


def interactions_of(name: str, rng: np.random.Generator | None = None) -> Any:
    """Return the interactions (contexts x items) of a log by name, drawn with `rng`, or of a real matrix.

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
    p = LOGS[name]
    items, blocks = int(p["items"]), int(p["blocks"])
    theta = LogNormal(p["sigma"], maximum=15.0).sample(items, rng)
    model = InteractionModel(
        theta, np.arange(items) % blocks, mean_length=p["length"], concentration=p["mixture"]
    )
    return sample_interactions(model, int(p["contexts"]), rng, clip=True)[0]


@dataclass(frozen=True, eq=False)
class Decomposed:
    """A truncated decomposition: the `vectors` of `items`, their `degrees` in the matrix, and these as `estimated` from it."""

    vectors: NDArray[np.float64]
    items: NDArray[np.int64]
    degrees: NDArray[np.float64]
    estimated: NDArray[np.float64]


def decompositions(interactions: Any, rank: int) -> dict[str, Decomposed]:
    """Return U Sigma of M M* (counts, without its diagonal) and of PPMI, and V Sigma of the interactions themselves."""
    counts = theory.cooccurrence(interactions).counts
    found = theory.ppmi(interactions, top_k=None)
    everything = np.arange(counts.shape[0])
    result = {}
    for name, matrix, items in (("M M*", counts, everything), ("PPMI", found.matrix, found.items)):
        embedding = theory.embed(matrix, rank)
        degrees = np.asarray(matrix.sum(axis=1), dtype=np.float64)
        result[name] = Decomposed(embedding.vectors(), items, degrees, theory.estimate_degrees(embedding))
    whole = theory.embed_rectangular(interactions, rank)
    gram = theory.Embedding(whole.singular_values**2, whole.items)  # M'M, with its diagonal
    degrees = np.asarray(interactions.T @ interactions.sum(axis=1), dtype=np.float64)
    result["interactions"] = Decomposed(whole.vectors(), everything, degrees, theory.estimate_degrees(gram))
    return result
