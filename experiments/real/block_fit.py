"""Block models fitted to what was observed, in O(m): degree-corrected, blocks given.

The maximum of the Poisson likelihood of a DCBM with known blocks (Karrer and Newman 2011): theta_i = d_i /
D_{z_i} and B_kl = m_kl, where d is the degree, D_k the sum of degrees in block k, and m_kl the weight between
blocks k and l (within a block both directions, m_kk = sum over i, j in k of A_ij). Then theta sums to 1 in
each block and the expected degrees, the diagonal of P counted, are the observed ones: theta_i (B 1)_{z_i} =
d_i.

A bipartite matrix X (contexts x items) is the same model with contexts and items as its nodes and no weight
within either side: E[X_ui] = phi_u theta_i B_{r_u s_i}, and both margins are kept in expectation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate import BlockModel
from simulate.validation import require_finite, require_labels


def fit_graph(graph: Any, labels: ArrayLike) -> BlockModel:
    """Return the degree-corrected block model of largest Poisson likelihood for a graph with known blocks.

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
    >>> fit_graph(a, [0, 0, 1, 1]).expected_degrees(loops=True).tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    a = sparse.csr_array(graph, dtype=np.float64)
    if a.shape[0] != a.shape[1] or (a != a.T).nnz:
        raise ValueError(f"graph must be a symmetric matrix; got one of shape {a.shape} that is not")
    z = require_labels(labels, "labels", a.shape[0], least=0)
    weights = _weights(a, z, z)
    # float sums over rows and over columns may differ in their last bit; the model asks for exact symmetry
    return BlockModel(_shares(_margin(a, 1), z, len(weights)), z, (weights + weights.T) / 2)


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
