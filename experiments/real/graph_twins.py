"""Twins of a weighted graph: how much does a weight vary about what the block model expects of it, in whatever unit it comes?

A pair (i, j) of mean weight P_ij gets the sum of a Poisson number of units, of mean P_ij / E[u], each drawn from the weights u
of the graph's own edges, all multiplied by one factor. The mean is then P_ij, and the variance phi P_ij with phi = E[u^2] / E[u].
The factor is such that phi is the dispersion seen in the graph,

    phi = sum (A_ij - P_ij)^2 / sum P_ij    over all pairs,

the moment estimate of a quasi-Poisson model (McCullagh and Nelder 1989, section 9.2). Plays, hundreds of plays and cents thus
give the same twins, each in its own unit. Where all weights are equal, a pair gets a Poisson number of edges of that weight. In a
graph of few edges the factor is near 1, so that a twin has about as many edges as the graph; counts of large mean, which vary
little, come as sums of many small units.

The degrees of each block are drawn towards their mean by as much as they vary by chance (`fit_graph_less_noise`). Without that a
twin would vary by the chance of the graph and by its own: nodes of equal propensity would differ in every twin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from experiments.real.block_fit import fit_graph, fit_graph_less_noise
from simulate import BlockModel, sample_graph
from simulate.validation import require_generator

MOST_UNITS = 20_000_000  # of all pairs together, each drawn by itself
LEAST_FACTOR = 1e-4  # of a unit: a fit without any error would need units of 0


@dataclass(frozen=True, eq=False)
class GraphTwinModel:
    """The fitted `model` of mean weights; the `units` (m,) of which a twin's weights are sums; whether it has loops."""

    model: BlockModel
    units: NDArray[np.float64]
    loops: bool

    @property
    def dispersion(self) -> float:
        """The variance of a weight over its mean, in the unit of the weights."""
        return float(np.square(self.units).mean() / self.units.mean())

    def sample(self, rng: np.random.Generator) -> sparse.csr_array:
        """Return a twin (n, n): symmetric, float64, independent pairs.

        Raises
        ------
        ValueError
            for more than 20 million units in all: weights that vary hardly at all about the model.
        """
        require_generator(rng)
        mean = float(self.units.mean())
        model = BlockModel(self.model.propensities, self.model.labels, self.model.affinity / mean)
        if (expected := model.expected_edges()) > MOST_UNITS:
            raise ValueError(
                f"weights must vary about the block model by more than they do: a twin would be a sum of {expected:.3g} units, "
                f"and {MOST_UNITS:,} are drawn at most; compare with every weight taken for 1 (--binary)"
            )
        counts = sample_graph(model, rng, law="poisson", loops=self.loops, dtype=np.float64)
        if self.units.size == 1:
            counts.data *= self.units[0]
            return counts
        upper = sparse.coo_array(sparse.triu(counts))
        starts = np.concatenate([[0], np.cumsum(upper.data)]).astype(np.int64)
        drawn = rng.choice(self.units, int(starts[-1]))
        weights = np.add.reduceat(drawn, starts[:-1]) if upper.nnz else upper.data
        half = sparse.coo_array((weights, upper.coords), shape=counts.shape).tocsr()
        return sparse.csr_array(half + half.T - sparse.diags_array(half.diagonal()))


def fit_graph_twin(graph: Any, labels: ArrayLike) -> GraphTwinModel:
    """Return the model that twins of a graph are sampled from, in O(m + n).

    Parameters
    ----------
    graph
        (n, n) symmetric, weights >= 0 in any unit; loops are kept where it has some.
    labels
        (n,) the block of each node, integers from 0.

    Raises
    ------
    ValueError
        as `fit_graph`.

    Examples
    --------
    >>> ring = np.roll(np.eye(60), 1, 0) + np.roll(np.eye(60), -1, 0)
    >>> fit_graph_twin(ring, np.zeros(60, int)).dispersion, fit_graph_twin(100 * ring, np.zeros(60, int)).dispersion
    (1.0, 100.0)
    """
    a = sparse.csr_array(graph, dtype=np.float64)
    model, loops = fit_graph(a, labels), bool(a.diagonal().any())
    pairs = sparse.coo_array(sparse.triu(a, k=0 if loops else 1))
    weights = pairs.data[pairs.data > 0]
    if not weights.size:
        return GraphTwinModel(model, np.ones(1), loops)
    if np.ptp(weights) == 0:
        return GraphTwinModel(fit_graph_less_noise(a, labels, float(weights[0])), weights[:1], loops)
    dispersion = _seen_dispersion(model, pairs, loops)
    factor = dispersion / (np.square(weights).sum() / weights.sum())
    return GraphTwinModel(
        fit_graph_less_noise(a, labels, dispersion), weights * max(factor, LEAST_FACTOR), loops
    )


def _seen_dispersion(model: BlockModel, pairs: sparse.coo_array, loops: bool) -> float:
    """The sum of (A - P)^2 over the sum of P, both over pairs, in O(m + n + K^2)."""
    theta, z, b = model.propensities, model.labels, model.affinity
    i, j = pairs.coords
    expected = theta[i] * theta[j] * b[z[i], z[j]]
    squares, own = model.block_sums(2), np.square(model.loop_probabilities()).sum()
    everywhere = (float(squares @ b**2 @ squares) + (own if loops else -own)) / 2
    # a sum of squares over stored pairs, where A - P is computed before it is squared, and of P^2 over the others
    errors = np.square(pairs.data - expected).sum() + max(everywhere - float(np.square(expected).sum()), 0.0)
    total = model.expected_degrees(loops=loops).sum() + (model.loop_probabilities().sum() if loops else 0.0)
    return float(2 * errors / total)
