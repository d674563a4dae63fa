"""Weighted graphs from block models, directed or not: negative binomial counts and Gaussian weights, exact, in O(n + edges).

A negative binomial count of mean P and variance phi P is the sum of a Poisson number, of mean P ln(phi) / (phi - 1), of
logarithmic numbers with parameter 1 - 1 / phi. That Poisson mean is P times a constant, so that the Poisson edges of a block
model are drawn and given one logarithmic number each. Gaussian weights are drawn on Bernoulli edges.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.models.block_models import BlockModel
from simulate.models.directed_models import DirectedBlockModel
from simulate.models.weight_laws import NegativeBinomialWeights, WeightLaw, require_weighted
from simulate.sampling.csr_from_pairs import directed_csr, symmetric_csr, upper_entries, with_upper_values
from simulate.sampling.directed_graphs import directed_pairs
from simulate.sampling.graphs import above_one, sample_edges
from simulate.sampling.independent_pairs import Law
from simulate.sampling.probability_checks import require_probabilities
from simulate.validation import require_generator


def sample_weighted(
    model: BlockModel | DirectedBlockModel,
    rng: np.random.Generator,
    *,
    weights: WeightLaw,
    clip: bool = False,
    loops: bool = False,
    dtype: DTypeLike = np.float64,
) -> sparse.csr_array:
    """Draw a weighted adjacency matrix (n, n): symmetric from a `BlockModel`, directed from a `DirectedBlockModel`.

    Parameters
    ----------
    weights : `NegativeBinomialWeights(phi)`, counts of mean P_ij and variance phi P_ij; `GaussianWeights(means, deviations)`,
        weights of edges that are there with probability P_ij.
    clip : for Gaussian weights, draw edges with probability min(1, P) and warn, instead of refusing P above 1.
    loops : draw A_ii too.
    dtype : of the entries, float32 or float64; float32 holds whole numbers up to 2^24.

    Returns
    -------
    csr_array with sorted indices, without entries of 0. The same `rng` state gives the same graph, whatever the number of
    threads.

    Raises
    ------
    ValueError
        for weights that do not fit the model's blocks, P > 1 for Gaussian weights without `clip`, or a dtype of whole numbers.
    TypeError
        for another kind of model or weights, or if `rng` is no Generator.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(400, 2, mean_degree=10.0, rng=np.random.default_rng(0))
    >>> counts = sample_weighted(model, np.random.default_rng(1), weights=NegativeBinomialWeights(3.0))
    >>> bool((counts != counts.T).nnz), bool(abs(counts.sum() / 2 - 2000) < 5 * (3 * 2000) ** 0.5)
    (False, True)
    """
    require_weighted(model, weights)
    require_generator(rng)
    if np.dtype(dtype).kind != "f":
        raise ValueError(f"dtype must be float32 or float64 for weights; got {np.dtype(dtype)}")
    if isinstance(weights, NegativeBinomialWeights):
        phi = weights.dispersion
        rate = math.log(phi) / (phi - 1) if phi > 1 else 1.0
        graph = _graph(_scaled(model, rate), rng, "poisson", loops, dtype)
    else:
        _require_edges(model, clip, loops)
        graph = _graph(model, rng, "bernoulli", loops, dtype)
    if isinstance(model, BlockModel):
        i, j, counts = upper_entries(graph)
        return with_upper_values(graph, _drawn(model, weights, i, j, counts, rng).astype(dtype))
    rows = np.repeat(np.arange(model.n_nodes), np.diff(graph.indptr))
    graph.data = _drawn(model, weights, rows, graph.indices, graph.data, rng).astype(dtype)
    graph.eliminate_zeros()
    return graph


def _graph(
    model: BlockModel | DirectedBlockModel,
    rng: np.random.Generator,
    law: Law,
    loops: bool,
    dtype: DTypeLike,
) -> sparse.csr_array:
    """Edges (Poisson: counts of them), to be weighed."""
    shape, repeats = (model.n_nodes,) * 2, law == "poisson"
    if isinstance(model, BlockModel):
        edges = sample_edges(model, rng, law=law, loops=loops)
        return symmetric_csr(edges.rows, edges.columns, model.n_nodes, dtype, repeats=repeats)
    edges = directed_pairs(model, rng, law=law, loops=loops)
    return directed_csr(edges.rows, edges.columns, shape, dtype, repeats=repeats)


def _scaled(model: BlockModel | DirectedBlockModel, rate: float) -> BlockModel | DirectedBlockModel:
    """The model with P times `rate`."""
    if isinstance(model, BlockModel):
        return BlockModel(model.propensities, model.labels, model.affinity * rate)
    a, b = model.outgoing, model.incoming
    return DirectedBlockModel(a.propensities, a.labels, b.propensities, b.labels, model.affinity * rate)


def _require_edges(model: BlockModel | DirectedBlockModel, clip: bool, loops: bool) -> None:
    if isinstance(model, BlockModel):
        worst, mass = above_one(model, loops)
        require_probabilities(worst, mass, model.expected_degrees, clip, stacklevel=4)
    elif (worst := model.largest_probability(loops=loops)).probability > 1:
        mass = model.clipped_mass(loops=loops)
        require_probabilities(worst, mass, model.expected_out_degrees, clip, stacklevel=4)


def _drawn(
    model: BlockModel | DirectedBlockModel,
    weights: WeightLaw,
    i: NDArray[Any],
    j: NDArray[Any],
    counts: NDArray[Any],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """One weight for each pair i, j that has an edge, or `counts` edges."""
    if isinstance(weights, NegativeBinomialWeights):
        if weights.dispersion == 1 or not counts.size:
            return counts.astype(np.float64)
        ends = np.cumsum(counts.astype(np.int64))
        single = rng.logseries(1 - 1 / weights.dispersion, int(ends[-1]))
        return np.add.reduceat(single, np.concatenate([[0], ends[:-1]])).astype(np.float64)
    undirected = isinstance(model, BlockModel)
    means, deviations = weights.of_blocks(model.affinity.shape, symmetric=undirected)
    y = model.labels if isinstance(model, BlockModel) else model.outgoing.labels
    z = model.labels if isinstance(model, BlockModel) else model.incoming.labels
    pair = y[i] * means.shape[1] + z[j]
    normal = rng.standard_normal(i.size)
    return np.asarray(means.ravel()[pair] + deviations.ravel()[pair] * normal)
