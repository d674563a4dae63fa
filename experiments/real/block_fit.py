"""Block models fitted to what was observed, in O(m): degree-corrected, blocks given.

The maximum of the Poisson likelihood of a DCBM with known blocks (Karrer and Newman 2011), for a graph without loops as samples
have none: every expected degree and every weight between two blocks is the observed one,

    theta_i sum_{j != i} theta_j B_{z_i z_j} = d_i,    sum over i in k, j in l, i != j of theta_i theta_j B_kl = m_kl,

with sum theta = 1 in each block. Karrer and Newman count the diagonal of P, for which theta_i = d_i / D_{z_i} and B_kl = m_kl
solve both; a sample without loops lacks what lies on that diagonal, up to a third of the degree of a hub. Here B_kl = m_kl for
k != l, and within a block theta and B_kk follow from one number, found by bisection (`_within_block`).

A bipartite matrix X (contexts x items) is the same model with contexts and items as its nodes and no weight
within either side: E[X_ui] = phi_u theta_i B_{r_u s_i}, and both margins are kept in expectation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.special import expit

from simulate import BlockModel
from simulate.validation import require_finite, require_labels


def fit_graph(graph: Any, labels: ArrayLike) -> BlockModel:
    """Return the degree-corrected block model of largest Poisson likelihood for a graph with known blocks.

    A graph without loops gives a model of which a sample without loops has, in expectation, every degree and the weight between
    any two blocks. Where a hub holds all the weight of its block, the likelihood grows without bound in theta; the fit then stops
    where the degrees are met within a share of 1e-9. A graph with loops is fitted with the diagonal of P; its samples need
    `loops=True`. Time is O(m + 100 n).

    Parameters
    ----------
    graph
        (n, n) symmetric, weights >= 0, sparse or dense.
    labels
        (n,) integers from 0; a block may be empty.

    Raises
    ------
    ValueError
        for a matrix that is not square and symmetric, negative or infinite weights, or labels of another
        length.

    Examples
    --------
    >>> a = np.array([[0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]])
    >>> fit_graph(a, [0, 0, 1, 1]).expected_degrees().round(9).tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    a = sparse.csr_array(graph, dtype=np.float64)
    if a.shape[0] != a.shape[1] or (a != a.T).nnz:
        raise ValueError(f"graph must be a symmetric matrix; got one of shape {a.shape} that is not")
    z = require_labels(labels, "labels", a.shape[0], least=0)
    return _of_degrees(a, z, _margin(a, 1))


def fit_graph_less_noise(graph: Any, labels: ArrayLike, dispersion: float) -> BlockModel:
    """Return the model of `fit_graph` whose degrees vary in each block as degrees do without their noise.

    A degree d_i of mean m_i varies by dispersion x m_i, so that degrees of a sample of `fit_graph` vary more than those it was
    fitted to. Here the degrees of each block are drawn towards their mean m, to m + c (d_i - m) with

        c^2 = 1 - dispersion m / var(d),    0 where that is negative,

    which leaves the weight between any two blocks, and gives samples whose degrees vary about as those of the graph do. It is
    the linear empirical Bayes estimate but for c in place of c^2, which would make them vary less.

    Parameters
    ----------
    graph, labels
        as of `fit_graph`.
    dispersion
        the variance of a weight over its mean, in the unit of the weights, at least 0.

    Examples
    --------
    >>> a = np.array([[0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    >>> fit_graph_less_noise(a, [0, 0, 0, 0], 1.0).expected_degrees().round(9).tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    a = sparse.csr_array(graph, dtype=np.float64)
    z = require_labels(labels, "labels", a.shape[0], least=0)
    degrees = _margin(a, 1)
    for block in range(int(z.max(initial=-1)) + 1):
        mine = np.flatnonzero(z == block)
        if mine.size and (spread := float(degrees[mine].var())) > 0:
            mean = float(degrees[mine].mean())
            kept = np.sqrt(max(0.0, 1 - dispersion * mean / spread))
            degrees[mine] = mean + kept * (degrees[mine] - mean)
    return _of_degrees(a, z, degrees)


def _of_degrees(a: sparse.csr_array, z: NDArray[np.int64], degrees: NDArray[np.float64]) -> BlockModel:
    """The model with the weights between blocks of a graph, and these degrees in each block."""
    weights = _weights(a, z, z)
    # float sums over rows and over columns may differ in their last bit; the model asks for exact symmetry
    affinity = (weights + weights.T) / 2
    theta = _shares(degrees, z, len(weights))
    if not a.diagonal().any():
        outside = affinity.sum(axis=1) - np.diag(affinity)
        for block in np.flatnonzero(np.diag(affinity) > 0):
            mine = np.flatnonzero(z == block)
            theta[mine], affinity[block, block] = _within_block(degrees[mine], outside[block])
    return BlockModel(theta, z, affinity)


def _within_block(degrees: NDArray[np.float64], outside: float) -> tuple[NDArray[np.float64], float]:
    """The propensities (n_k,) and the affinity of a block of nodes of these degrees, of whose sum `outside` leaves the block.

    With S = outside + B, each node solves theta S - theta^2 B = d. In y = theta B / S and c = B / S^2 that is y (1 - y) = d c,
    and sum theta = 1 becomes s (1 - s) / c = outside for s = sum y; then theta = y / s and B = s^2 / c. Only the node of largest
    degree can have y above 1/2, so that its y is the unknown: all others are the smaller root. The left side falls from the
    sum of the degrees to at most `outside`, and meets it once, since the likelihood has one maximum.
    """
    from scipy.optimize import brentq  # only here: it takes a tenth of a second

    hub = int(np.argmax(degrees))
    ratio = degrees / degrees[hub]
    ratio[hub] = 0.0

    def solved(x: float) -> tuple[NDArray[np.float64], float, float]:
        t, rest = expit(x), expit(-x)  # of the hub: y and 1 - y, each to full accuracy
        product = ratio * (t * rest)
        y = 2 * product / (1 + np.sqrt(1 - 4 * product))
        missing = rest - y.sum()  # 1 - s
        y[hub] = t
        return y, missing, float(t * rest / degrees[hub])

    def excess(x: float) -> float:
        _, missing, c = solved(x)
        return float((1 - missing) * missing / c - outside)

    low, high = -30.0, 22.0
    if excess(high) >= 0:  # all the weight is at the hub: the maximum lies beyond every finite affinity
        x = high
    elif excess(low) <= 0:  # hardly any weight: y and s are as good as 0
        x = low
    else:
        x = float(brentq(excess, low, high, xtol=1e-13, rtol=1e-15, maxiter=200))
    y, missing, c = solved(x)
    s = 1 - missing
    return y / s, s**2 / c


def fit_bipartite(interactions: Any, context_blocks: ArrayLike, item_blocks: ArrayLike) -> BlockModel:
    """Return the block model of contexts (nodes 0 to n_contexts - 1) and items (the nodes after them).

    Parameters
    ----------
    interactions
        (n_contexts, n_items), values >= 0.
    context_blocks, item_blocks
        (n_contexts,) and (n_items,) integers from 0, each side with its own numbers.

    Returns
    -------
    BlockModel
        blocks 0 to R - 1 are those of contexts, R to R + S - 1 those of items; no weight within either side.

    Raises
    ------
    ValueError
        for values that are negative or not finite, or blocks of another length.

    Examples
    --------
    >>> x = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1]])
    >>> fit_bipartite(x, [0, 0, 0], [0, 0, 0]).expected_degrees().round(12).tolist()
    [2.0, 2.0, 2.0, 2.0, 3.0, 1.0]
    """
    x = sparse.csr_array(interactions, dtype=np.float64)
    r, s = (
        require_labels(context_blocks, "context_blocks", x.shape[0], least=0),
        require_labels(item_blocks, "item_blocks", x.shape[1], least=0),
    )
    weights = _weights(x, r, s)
    n_r, n_s = weights.shape
    affinity = np.block([[np.zeros((n_r, n_r)), weights], [weights.T, np.zeros((n_s, n_s))]])
    shares = (_shares(_margin(x, 1), r, n_r), _shares(_margin(x, 0), s, n_s))
    return BlockModel(np.concatenate(shares), np.concatenate([r, s + n_r]), affinity)


def _margin(x: sparse.csr_array, axis: int) -> NDArray[np.float64]:
    return np.asarray(x.sum(axis=axis), dtype=np.float64).ravel()


def _weights(x: sparse.csr_array, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    require_finite(x.data, "matrix")
    if x.data.size and x.data.min() < 0:
        raise ValueError(f"matrix must be at least 0 everywhere; the least value is {x.data.min():g}")
    shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
    entries = x.tocoo()
    pair = rows[entries.coords[0]] * shape[1] + columns[entries.coords[1]]
    counts = np.bincount(pair, weights=entries.data, minlength=shape[0] * shape[1])
    return np.asarray(counts, dtype=np.float64).reshape(shape)


def _shares(degrees: NDArray[np.float64], blocks: NDArray[np.int64], n_blocks: int) -> NDArray[np.float64]:
    totals = np.bincount(blocks, weights=degrees, minlength=n_blocks)
    return np.asarray(degrees / np.where(totals > 0, totals, 1.0)[blocks], dtype=np.float64)
