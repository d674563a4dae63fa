"""What would chance give? Random matrices that keep degrees, or a spectrum, and have no communities.

A statistic means little if random data give the same value. Each null keeps what should not matter for the question, and
destroys what should.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate.models.block_models import BlockModel
from simulate.sampling.csr_from_pairs import symmetric_csr
from simulate.sampling.edge_swaps import swap_edges
from simulate.sampling.graphs import sample_graph
from simulate.validation import (
    require_finite,
    require_generator,
    require_integer,
    require_matrix,
    require_number,
    require_symmetric,
)

FloatArray = NDArray[np.float64]


def permuted_items(interactions: Any, rng: np.random.Generator) -> sparse.csr_array:
    """Permute the items among all interactions: who is popular stays, who goes together is chance.

    The number of items of each context and of contexts of each item stay, except that an interaction which comes up twice counts
    once.

    Parameters
    ----------
    interactions : contexts x items; entries other than 0 count as 1.

    Returns
    -------
    The binary matrix of the same shape.

    Examples
    --------
    >>> x = sparse.csr_array(np.eye(4))
    >>> permuted_items(x, np.random.default_rng(0)).sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    require_generator(rng)
    coo = sparse.coo_array(require_matrix(interactions, "interactions"))
    shuffled = rng.permutation(coo.coords[1])
    null = sparse.coo_array((np.ones(coo.nnz), (coo.coords[0], shuffled)), shape=coo.shape).tocsr()
    null.data[:] = 1.0
    return sparse.csr_array(null)


def degree_preserving(
    graph: Any, rng: np.random.Generator, *, swaps_per_edge: float = 10.0
) -> sparse.csr_array:
    """Mix the edges of a graph by double swaps: every node keeps its number of neighbours, and no loop or double edge appears.

    In the long run the result is uniform among the simple graphs of these degrees. The weights are those of the graph. Where
    they differ, edges of both are ordered by the product of the total weights of their two nodes, and each new edge takes the
    weight of the edge of the same rank: heavy nodes stay heavy, and the weights between like nodes are those of the graph.

    Parameters
    ----------
    graph : symmetric matrix (n, n); loops stay where they are.
    swaps_per_edge : proposals per edge; one that would make a loop or a double edge changes nothing.

    Raises
    ------
    ValueError
        for a graph that is not symmetric.

    Examples
    --------
    >>> ring = sparse.csr_array(np.roll(np.eye(30), 1, 0) + np.roll(np.eye(30), -1, 0))
    >>> degree_preserving(ring, np.random.default_rng(0)).sum(axis=0).tolist() == [2.0] * 30
    True
    """
    a = require_symmetric(graph, "graph")
    require_number(swaps_per_edge, "swaps_per_edge", least=0)
    upper = sparse.coo_array(sparse.triu(a, k=1))
    i, j = upper.coords[0].astype(np.int64), upper.coords[1].astype(np.int64)
    heavy = np.asarray(abs(a).sum(axis=1), dtype=np.float64).ravel()
    heavy = np.round(heavy / max(heavy.max(), np.finfo(float).tiny), 12)  # the same ranks in every unit
    before = heavy[i] * heavy[j]
    swap_edges(i, j, int(swaps_per_edge * i.size), a.shape[0], rng)
    weights = upper.data
    if weights.size and np.ptp(weights) > 0:
        weights = np.empty_like(upper.data)
        weights[_ranked(heavy[i] * heavy[j], rng)] = upper.data[_ranked(before, rng)]
    half = sparse.coo_array((weights, (i, j)), shape=a.shape).tocsr()
    return sparse.csr_array(half + half.T + sparse.diags_array(a.diagonal()))


def _ranked(values: FloatArray, rng: np.random.Generator) -> NDArray[np.int64]:
    """The places of values from the least to the largest, equal ones in random order."""
    return np.asarray(np.lexsort((rng.random(values.size), values)))


def chung_lu(graph: Any, rng: np.random.Generator) -> sparse.csr_array:
    """Draw a Poisson graph with P_ij = d_i d_j / sum d, d the degrees of `graph`: its expected degrees, loops counted, are d.

    Parameters
    ----------
    graph : symmetric matrix (n, n).

    Returns
    -------
    A graph without loops (Chung and Lu 2002).

    Examples
    --------
    >>> ring = sparse.csr_array(np.roll(np.eye(300), 1, 0) + np.roll(np.eye(300), -1, 0))
    >>> bool(450 < chung_lu(ring, np.random.default_rng(0)).sum() < 750)
    True
    """
    degrees = np.asarray(require_matrix(graph, "graph").sum(axis=1), dtype=np.float64).ravel()
    total = degrees.sum()
    affinity = [[1.0 / total if total > 0 else 0.0]]
    return sample_graph(BlockModel(degrees, np.zeros(degrees.size, int), affinity), rng, law="poisson")


def random_subspace(singular_values: ArrayLike, n: int, rng: np.random.Generator) -> FloatArray:
    """Return vectors (n, f) with these singular values whose column space is uniformly random (Haar).

    Parameters
    ----------
    singular_values : (f,).
    n : number of rows, at least f.

    Raises
    ------
    ValueError
        if there are more singular values than rows.

    Examples
    --------
    >>> vectors = random_subspace([3.0, 1.0], 50, np.random.default_rng(0))
    >>> np.linalg.svd(vectors, compute_uv=False).round(12).tolist()
    [3.0, 1.0]
    """
    values = require_finite(np.asarray(singular_values, dtype=np.float64), "singular_values")
    require_integer(n, "n", least=max(values.size, 1))
    basis, triangle = np.linalg.qr(require_generator(rng).standard_normal((n, values.size)))
    # QR fixes the signs of R's diagonal; undoing that makes the frame Haar distributed
    return np.asarray(basis * np.sign(np.diag(triangle)) * np.abs(values))


def erdos_renyi_with_hubs(
    n: int, mean_degree: float, n_hubs: int, hub_degree: float, rng: np.random.Generator
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Return an Erdos-Renyi graph with planted hubs, and which nodes they are: a graph with spikes and without communities.

    Parameters
    ----------
    n, n_hubs : nodes, and hubs among them.
    mean_degree : of the Erdos-Renyi graph.
    hub_degree : each hub is joined to so many different random nodes that are no hubs.

    Raises
    ------
    ValueError
        for numbers out of range.

    Examples
    --------
    >>> graph, hubs = erdos_renyi_with_hubs(500, 4.0, 3, 60, np.random.default_rng(0))
    >>> hubs.size, bool((graph.sum(axis=1)[hubs] >= 60).all())
    (3, True)
    """
    require_generator(rng)
    require_integer(n, "n", least=2)
    require_integer(n_hubs, "n_hubs", least=0, most=n - 1)
    degree = int(require_number(hub_degree, "hub_degree", least=0, most=n - n_hubs))
    require_number(mean_degree, "mean_degree", least=0, most=n - 1)
    flat = BlockModel(np.ones(n), np.zeros(n, int), [[mean_degree / (n - 1)]])
    background = sample_graph(flat, rng)
    order = rng.permutation(n)
    hubs, others = np.sort(order[:n_hubs]), order[n_hubs:]
    rows = np.repeat(hubs, degree)
    columns = np.concatenate([rng.choice(others, degree, replace=False) for _ in hubs]) if n_hubs else rows
    graph = background + symmetric_csr([rows], [columns], n, np.float32, repeats=False)
    graph.data[:] = 1.0
    return sparse.csr_array(graph), hubs
