"""Two snapshots of one growing graph, which the claims on stability share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from simulate import BlockModel, LogNormal, dcbm, sample_graph

FIFTHS, NEIGHBOURS, BLOCKS, KEEP = 5, 30, 6, 0.8


def snapshots(
    cell: Mapping[str, Any], rng: np.random.Generator
) -> tuple[BlockModel, tuple[NDArray[Any], NDArray[Any]]]:
    """Return the model and the vectors (reference, later) of U Sigma; the reference keeps `KEEP` of the later's edges.

    `trend` > 0 makes the reference a graph of its own in which propensities differ by a lognormal factor of that size.
    """
    n, degree = cell["n"], cell["mean_degree"]
    model = dcbm(n, BLOCKS, heterogeneity=LogNormal.from_cv(0.8), mean_degree=degree, mixing=0.1, rng=rng)
    later = sample_graph(model, rng, law="poisson")
    if cell["trend"] > 0:
        moved = model.propensities * rng.lognormal(0, cell["trend"], n)
        moved *= model.propensities.sum() / moved.sum()
        earlier = sample_graph(BlockModel(moved, model.labels, model.affinity * KEEP), rng, law="poisson")
    else:
        upper = sparse.coo_array(sparse.triu(later, 1))
        kept = rng.binomial(upper.data.astype(int), KEEP).astype(float)
        half = sparse.csr_array((kept, upper.coords), shape=later.shape)
        earlier = half + half.T
    pair = tuple(theory.embed(graph, BLOCKS).vectors("full") for graph in (earlier, later))
    return model, (pair[0], pair[1])
