"""Graphs from directed block models: exact Bernoulli and Poisson edges, with or without loops.

P_ij = a_i b_j B_{y_i z_j}; the pairs are those of a bipartite model of n senders and n receivers, without those of a node with
itself unless loops are asked for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike
from scipy import sparse

from simulate.models.directed_models import DirectedBlockModel
from simulate.sampling.csr_from_pairs import directed_csr
from simulate.sampling.independent_pairs import LAWS, EdgeList, Law, group_nodes, sample_pairs
from simulate.sampling.probability_checks import require_probabilities, require_room_for_counts
from simulate.validation import require_choice, require_instance


def sample_directed(
    model: DirectedBlockModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    clip: bool = False,
    loops: bool = False,
    dtype: DTypeLike = np.float32,
) -> sparse.csr_array:
    """Draw the adjacency matrix A (n, n) of a directed graph: A_ij is the edge from i to j, independent of A_ji.

    `law`, `clip`, `loops` and `dtype` are as in `sample_graph`, and so is the promise: the same `rng` state gives the same
    graph, whatever the number of threads. Time and memory grow as n + edges.

    Raises
    ------
    ValueError
        for an unknown law, P > 1 without `clip` (the pair is named), or Poisson counts that `dtype` cannot hold.
    TypeError
        if `rng` is no Generator.

    Examples
    --------
    >>> from simulate import Constant, directed_dcbm
    >>> model = directed_dcbm(500, 2, heterogeneity=Constant(), mean_degree=10.0, rng=np.random.default_rng(0))
    >>> graph = sample_directed(model, np.random.default_rng(1))
    >>> bool((graph != graph.T).nnz), bool(graph.diagonal().any()), abs(graph.nnz - 5000) < 350  # five standard deviations
    (True, False, True)
    """
    require_instance(model, "model", DirectedBlockModel)
    require_choice(law, "law", LAWS)
    worst = model.largest_probability(loops=loops)
    if law == "poisson":
        require_room_for_counts(lambda: worst.probability, dtype)
    elif worst.probability > 1:
        mass = model.clipped_mass(loops=loops)
        require_probabilities(worst, mass, model.expected_out_degrees, clip)
    edges = directed_pairs(model, rng, law=law, loops=loops)
    return directed_csr(edges.rows, edges.columns, (model.n_nodes,) * 2, dtype, repeats=law == "poisson")


def directed_pairs(
    model: DirectedBlockModel, rng: np.random.Generator, *, law: Law = "bernoulli", loops: bool = False
) -> EdgeList:
    """Draw the pairs (sender, receiver) of `sample_directed` without building a matrix; P above 1 counts as 1."""
    rows = group_nodes(model.outgoing.propensities, model.outgoing.labels)
    columns = group_nodes(model.incoming.propensities, model.incoming.labels)
    edges = sample_pairs(rows, columns, model.affinity, rng, law=law, symmetric=False)
    if loops:
        return edges
    for part, (i, j) in enumerate(zip(edges.rows, edges.columns)):
        different = i != j
        edges.rows[part], edges.columns[part] = i[different], j[different]
    return edges
