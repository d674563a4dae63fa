"""Synthetic interaction logs that several claims share, by name."""

from __future__ import annotations

from typing import Any

import numpy as np

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


def interactions_of(name: str, rng: np.random.Generator) -> Any:
    """Return the interactions (contexts x items) of a log by name, or of a real matrix.

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
    p = LOGS[name]
    items, blocks = int(p["items"]), int(p["blocks"])
    theta = LogNormal(p["sigma"], maximum=15.0).sample(items, rng)
    model = InteractionModel(
        theta, np.arange(items) % blocks, mean_length=p["length"], concentration=p["mixture"]
    )
    return sample_interactions(model, int(p["contexts"]), rng, clip=True)[0]
