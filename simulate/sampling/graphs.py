"""Graphs from block models: exact Bernoulli and Poisson edges, undirected or directed, with or without loops.

P_ij = theta_i theta_j B_{z_i z_j}; the pairs come from `simulate.sampling.independent_pairs`, the finished matrix from
`simulate.sampling.csr_from_pairs`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.models.block_models import BlockModel
from simulate.models.edge_probabilities import WorstPair
from simulate.sampling.csr_from_pairs import directed_csr, symmetric_csr
from simulate.sampling.independent_pairs import LAWS, EdgeList, Law, group_nodes, sample_pairs
from simulate.sampling.probability_checks import require_probabilities, require_room_for_counts
from simulate.validation import require_choice, require_instance


def sample_graph(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    clip: bool = False,
    loops: bool = False,
    directed: bool = False,
    dtype: DTypeLike = np.float32,
) -> sparse.csr_array:
    """Draw the adjacency matrix (n, n) of a graph from `model`, each pair independently.

    Parameters
    ----------
    law : "bernoulli", 0 or 1 with P(A_ij = 1) = P_ij exactly; "poisson", counts with mean P_ij.
    clip : where P exceeds 1, draw min(1, P) and warn with the expected edges so lost, instead of refusing.
    loops : draw A_ii too, with mean P_ii.
    directed : draw A_ij and A_ji independently; otherwise A is symmetric.
    dtype : of the entries; indices are int32 while they fit.

    Returns
    -------
    csr_array with sorted indices. The same `rng` state gives the same graph, whatever the number of threads.

    Raises
    ------
    ValueError
        for an unknown law, P > 1 without `clip` (the pair, its P, and the largest mean degree that fits are named), or
        Poisson counts that `dtype` cannot hold.
    TypeError
        if `rng` is no Generator.

    Examples
    --------
    >>> from simulate import sbm
    >>> graph = sample_graph(sbm(1000, 2, mean_degree=10, rng=np.random.default_rng(0)), np.random.default_rng(1))
    >>> graph.shape, bool((graph != graph.T).nnz), bool(9 < graph.sum() / 1000 < 11)
    ((1000, 1000), False, True)
    """
    require_instance(model, "model", BlockModel)
    require_choice(law, "law", LAWS)
    if law == "poisson":
        require_room_for_counts(lambda: above_one(model, loops)[0].probability, dtype)
    else:
        worst, mass = above_one(model, loops)
        require_probabilities(worst, mass, model.expected_degrees, clip)
    edges = sample_edges(model, rng, law=law, loops=loops, directed=directed)
    n = model.n_nodes
    if directed:
        return directed_csr(edges.rows, edges.columns, (n, n), dtype, repeats=law == "poisson")
    return symmetric_csr(edges.rows, edges.columns, n, dtype, repeats=law == "poisson")


def sample_edges(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    loops: bool = False,
    directed: bool = False,
) -> EdgeList:
    """Draw the pairs of `sample_graph` without building a matrix; P above 1 counts as 1.

    Undirected pairs come once, in either order.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(1000, 2, mean_degree=10, rng=np.random.default_rng(0))
    >>> abs(sample_edges(model, np.random.default_rng(1)).n_edges - 5000) < 360  # five standard deviations
    True
    """
    require_instance(model, "model", BlockModel)
    require_choice(law, "law", LAWS)
    groups = group_nodes(model.propensities, model.labels)
    edges = sample_pairs(groups, groups, model.affinity, rng, law=law, symmetric=not directed)
    if not loops:
        return edges
    own = model.loop_probabilities()
    looped = draw_loops(np.arange(own.size), own, rng, law)
    return EdgeList([*edges.rows, looped], [*edges.columns, looped], edges.candidates + own.size)


def draw_loops(
    nodes: NDArray[np.int64], means: NDArray[np.float64], rng: np.random.Generator, law: Law
) -> NDArray[np.int64]:
    """Return each of some nodes (m,) as often as it is drawn as joined to itself; `means` (m,) are the P_ii."""
    counts = rng.poisson(means) if law == "poisson" else (rng.random(means.size) < means).astype(np.int64)
    return np.repeat(nodes, counts)


def above_one(model: BlockModel, loops: bool) -> tuple[WorstPair, float]:
    """Return the pair with the largest P, perhaps of a node with itself, and the expected edges above P = 1."""
    worst, mass = model.largest_probability(), model.clipped_mass()
    if loops and model.n_nodes:
        own = model.loop_probabilities()
        top = int(np.argmax(own))
        mass += float(np.maximum(own - 1.0, 0.0).sum())
        worst = max(worst, WorstPair(top, top, float(own[top])), key=lambda pair: pair.probability)
    return worst, mass
