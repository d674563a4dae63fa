"""Graphs from popularity-adjusted block models: exact Bernoulli and Poisson edges in time proportional to n K and the edges.

Within a pair of blocks P_ij = lambda_i(z_j) lambda_j(z_i) has rank one, as in a block model; but the propensity of a node depends
on the block of its partner. So each node has K faces, one for each block, and the sampler of pairs draws from these: every
pair of nodes is one pair of faces.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike
from scipy import sparse

from simulate.models.popularity_adjusted_models import PopularityAdjustedModel
from simulate.sampling.csr_from_pairs import symmetric_csr
from simulate.sampling.independent_pairs import LAWS, Law, group_nodes, sample_pairs
from simulate.sampling.probability_checks import require_probabilities, require_room_for_counts
from simulate.validation import require_choice, require_instance


def sample_pabm(
    model: PopularityAdjustedModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    clip: bool = False,
    dtype: DTypeLike = np.float32,
) -> sparse.csr_array:
    """Draw a symmetric adjacency matrix (n, n) without loops from `model`, each pair independently.

    `law`, `clip` and `dtype` are as in `sample_graph`, and so is the promise: the same `rng` state gives the same graph,
    whatever the number of threads. Time and memory grow as n K + edges.

    Raises
    ------
    ValueError
        for an unknown law, P > 1 without `clip` (the pair is named), or Poisson counts that `dtype` cannot hold.
    TypeError
        if `rng` is no Generator.

    Examples
    --------
    >>> from simulate import LogNormal, pabm
    >>> model = pabm(500, 4, heterogeneity=LogNormal(0.4), mean_degree=10.0, rng=np.random.default_rng(0))
    >>> graph = sample_pabm(model, np.random.default_rng(1))
    >>> bool((graph != graph.T).nnz), abs(graph.nnz / 2 - 2500) < 250  # five standard deviations
    (False, True)
    """
    require_instance(model, "model", PopularityAdjustedModel)
    require_choice(law, "law", LAWS)
    worst = model.largest_probability()
    if law == "poisson":
        require_room_for_counts(lambda: worst.probability, dtype)
    elif worst.probability > 1:
        require_probabilities(worst, model.clipped_mass(), model.expected_degrees, clip)
    propensities, labels, partner = model.faces()
    faces = group_nodes(propensities, labels)
    faces = replace(faces, order=faces.order // model.n_blocks)  # the node of each face
    joined = sparse.csr_array(
        (np.ones(partner.size), partner, np.arange(partner.size + 1)), shape=(partner.size,) * 2
    )
    edges = sample_pairs(faces, faces, joined, rng, law=law, symmetric=True)
    return symmetric_csr(edges.rows, edges.columns, model.n_nodes, dtype, repeats=law == "poisson")
