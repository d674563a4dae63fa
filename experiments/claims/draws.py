"""Draws and measures that several claims share, each written once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import theory
from simulate import BlockModel, sample_graph


def of_mean_degree(model: BlockModel, mean_degree: float) -> BlockModel:
    """Return the model with its affinity scaled so that the expected degrees have this mean."""
    affinity = model.affinity * mean_degree / model.expected_degrees().mean()
    return BlockModel(model.propensities, model.labels, affinity)


def sampled_embedding(model: BlockModel, rank: int, rng: np.random.Generator) -> theory.Embedding:
    """Return the embedding of a graph with Poisson edges, sampled from the model."""
    return theory.embed(sample_graph(model, rng, law="poisson"), rank)


def alone_on_own_ray(
    vectors: NDArray[np.float64], labels: NDArray[np.int64], cosine: float
) -> NDArray[np.bool_]:
    """Return which rows (n,) lie in the cone of the axis of their own community and in that of no other.

    A ray that other communities share is not a ray of one community: without structure all rows lie along the Perron vector.
    """
    axes = theory.axes_of_blocks(vectors, labels)
    norms = np.linalg.norm(vectors, axis=1)[:, None]
    cosines = np.divide(vectors @ axes.T, norms, out=np.zeros((len(vectors), len(axes))), where=norms > 0)
    own = np.arange(len(axes)) == labels[:, None]
    return np.asarray((cosines[own] > cosine) & (np.where(own, -1.0, cosines).max(axis=1) <= cosine))
