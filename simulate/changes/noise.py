"""Corruptions of a graph with a dial: each has a size in the units that a theorem uses, and returns its truth.

All take a symmetric graph without loops as a sparse matrix and return a new one; nothing is changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.models.block_models import BlockModel
from simulate.sampling.csr_from_pairs import symmetric_csr
from simulate.sampling.edge_swaps import swap_edges
from simulate.sampling.independent_pairs import group_nodes, sample_pairs
from simulate.validation import (
    require_choice,
    require_fraction,
    require_generator,
    require_instance,
    require_integer,
    require_matrix,
    require_number,
)


@dataclass(frozen=True, eq=False)
class Corrupted:
    """`graph`, the corrupted matrix; `changed`, the pairs (2, m) with i < j that the corruption added, dropped or moved."""

    graph: sparse.csr_array
    changed: NDArray[np.int64]


def background_edges(graph: Any, mean_degree: float, rng: np.random.Generator) -> Corrupted:
    """Add Erdos-Renyi edges of this mean degree d: noise of variance d / n an entry, whose spectral edge is 2 sqrt(d).

    An added edge that falls on an existing one adds 1 to its weight.

    >>> empty = sparse.csr_array((100, 100))
    >>> 300 < background_edges(empty, 8.0, np.random.default_rng(0)).changed.shape[1] < 500
    True
    """
    a = _graph(graph)
    n = a.shape[0]
    degree = require_number(mean_degree, "mean_degree", least=0, most=max(n - 1, 0))
    flat = group_nodes(np.ones(n), np.zeros(n, np.int64))
    probability = np.array([[degree / max(n - 1, 1)]])
    pairs = sample_pairs(flat, flat, probability, rng, symmetric=True)
    i, j = _ordered(np.concatenate(pairs.rows), np.concatenate(pairs.columns))
    return Corrupted(sparse.csr_array(a + _symmetric(i, j, n, a.dtype)), np.stack([i, j]))


def dropout(graph: Any, fraction: float, rng: np.random.Generator) -> Corrupted:
    """Drop each edge, weights and all, with probability `fraction`: E[A] is scaled by 1 - fraction.

    >>> ring = sparse.csr_array(np.roll(np.eye(50), 1, 0) + np.roll(np.eye(50), -1, 0))
    >>> dropped = dropout(ring, 1.0, np.random.default_rng(0))
    >>> dropped.graph.nnz, dropped.changed.shape
    (0, (2, 50))
    """
    a = _graph(graph)
    require_fraction(fraction, "fraction")
    i, j, weights = _edges(a)
    gone = require_generator(rng).random(i.size) < fraction
    kept = _symmetric(i[~gone], j[~gone], a.shape[0], a.dtype, weights[~gone])
    return Corrupted(kept, np.stack([i[gone], j[gone]]))


def rewire(graph: Any, fraction: float, rng: np.random.Generator) -> Corrupted:
    """Rewire this share of the edges by degree-preserving double swaps; weights are taken along by the first end.

    A swap turns (a, b), (c, d) into (a, d), (c, b), never into a loop or a double edge. Swaps go on until the share has moved, or
    200 an edge have been proposed (few graphs are so stiff). `changed` are the new places; `simulate.nulls` mixes longer.

    >>> ring = sparse.csr_array(np.roll(np.eye(50), 1, 0) + np.roll(np.eye(50), -1, 0))
    >>> rewire(ring, 0.5, np.random.default_rng(0)).graph.sum(axis=0).tolist() == [2.0] * 50
    True
    """
    require_fraction(fraction, "fraction")
    a = _graph(graph)
    i, j, weights = _edges(a)
    moved = swap_edges(i, j, 200 * i.size, a.shape[0], rng, until=round(fraction * i.size))
    i, j = _ordered(i, j)
    rewired = _symmetric(i, j, a.shape[0], a.dtype, weights)
    return Corrupted(rewired, np.stack([i[moved], j[moved]]))


def label_noise(
    model: BlockModel, fraction: float, rng: np.random.Generator
) -> tuple[BlockModel, NDArray[np.bool_]]:
    """Give this share of the nodes a uniformly random other label; return the model and which nodes it was.

    >>> from simulate import sbm
    >>> model = sbm(100, 2, mean_degree=5, rng=np.random.default_rng(0))
    >>> noisy, flipped = label_noise(model, 0.25, np.random.default_rng(0))
    >>> int(flipped.sum()), int((noisy.labels != model.labels).sum())
    (25, 25)
    """
    require_instance(model, "model", BlockModel)
    require_fraction(fraction, "fraction")
    require_generator(rng)
    if model.n_blocks < 2:
        raise ValueError("label noise needs at least two blocks; the model has one")
    flipped = np.zeros(model.n_nodes, dtype=np.bool_)
    flipped[rng.choice(model.n_nodes, round(fraction * model.n_nodes), replace=False)] = True
    shift = rng.integers(1, model.n_blocks, model.n_nodes)
    labels = np.where(flipped, (model.labels + shift) % model.n_blocks, model.labels)
    return BlockModel(model.propensities, labels, model.affinity), flipped


def weighted(
    graph: Any,
    rng: np.random.Generator,
    *,
    law: Literal["poisson", "lognormal", "gaussian"] = "lognormal",
    cv: float = 0.5,
) -> sparse.csr_array:
    """Multiply every edge by an independent weight of mean 1 and coefficient of variation `cv`: E[A] is unchanged.

    The variance of an entry grows from P (1 - P) to P (1 + cv^2) - P^2. "poisson" has cv = 1 - its own - and can drop edges.

    >>> ring = sparse.csr_array(np.roll(np.eye(50), 1, 0) + np.roll(np.eye(50), -1, 0))
    >>> heavy = weighted(ring, np.random.default_rng(0), cv=0.3)
    >>> bool((heavy != heavy.T).nnz), heavy.nnz
    (False, 100)
    """
    require_choice(law, "law", ("poisson", "lognormal", "gaussian"))
    require_number(cv, "cv", least=0)
    require_generator(rng)
    a = _graph(graph)
    i, j, weights = _edges(a)
    if law == "poisson":
        factor = rng.poisson(1.0, i.size).astype(np.float64)
    elif law == "lognormal":
        sigma = np.sqrt(np.log1p(cv**2))
        factor = rng.lognormal(-(sigma**2) / 2, sigma, i.size)
    else:
        factor = rng.normal(1.0, cv, i.size)
    kept = factor != 0
    return _symmetric(i[kept], j[kept], a.shape[0], np.dtype(np.float64), weights[kept] * factor[kept])


def additive_gaussian(matrix: Any, sigma: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the dense matrix plus symmetric Gaussian noise of standard deviation `sigma`; its spectral edge is 2 sigma sqrt(n).

    Dense and so for small n only (at most 20,000).

    >>> noisy = additive_gaussian(np.zeros((200, 200)), 1.0, np.random.default_rng(0))
    >>> bool(np.array_equal(noisy, noisy.T)), 0.9 < np.linalg.norm(noisy, 2) / (2 * np.sqrt(200)) < 1.1
    (True, True)
    """
    require_number(sigma, "sigma", least=0)
    a = _graph(matrix, "matrix", loops=True)
    require_integer(a.shape[0], "the size of matrix", least=1, most=20_000)
    half = np.triu(require_generator(rng).normal(0.0, sigma, a.shape))
    return np.asarray(a.toarray() + half + np.triu(half, 1).T)


def block_noise(
    model: BlockModel, mean_degrees: Any, rng: np.random.Generator, *, graph: Any
) -> tuple[Corrupted, NDArray[np.float64]]:
    """Add background edges whose mean degree is `mean_degrees[k]` for nodes of block k; return them and their P (K, K).

    A pair of blocks k, l gets the geometric mean of the two probabilities, so that the noise has rank one.

    >>> from simulate import sbm, sample_graph
    >>> model = sbm(200, 2, mean_degree=5, rng=np.random.default_rng(0))
    >>> graph = sample_graph(model, np.random.default_rng(0))
    >>> block_noise(model, [0.0, 9.0], np.random.default_rng(0), graph=graph)[1].round(3).tolist()
    [[0.0, 0.0], [0.0, 0.045]]
    """
    degrees = np.asarray(mean_degrees, dtype=np.float64)
    if degrees.shape != (model.n_blocks,) or not np.isfinite(degrees).all() or degrees.min() < 0:
        raise ValueError(
            f"mean_degrees must be {model.n_blocks} numbers of at least 0; got {degrees.tolist()}"
        )
    a = _graph(graph)
    n = a.shape[0]
    root = np.sqrt(degrees / n)
    probability = np.outer(root, root)
    if probability.max(initial=0.0) > 1:
        raise ValueError(f"mean_degrees must be at most n = {n}; got {degrees.max():g}")
    if n != model.n_nodes:
        raise ValueError(f"graph must have the model's {model.n_nodes} nodes; it has {n}")
    groups = group_nodes(np.ones(n), model.labels)
    pairs = sample_pairs(groups, groups, probability, rng, symmetric=True)
    i, j = _ordered(np.concatenate(pairs.rows), np.concatenate(pairs.columns))
    noisy = sparse.csr_array(a + _symmetric(i, j, n, a.dtype))
    return Corrupted(noisy, np.stack([i, j])), probability


def _graph(graph: Any, name: str = "graph", *, loops: bool = False) -> sparse.csr_array:
    a = require_matrix(graph, name)
    if a.shape[0] != a.shape[1] or (a != a.T).nnz:
        raise ValueError(f"{name} must be a symmetric square matrix; got shape {a.shape}")
    if not loops and a.diagonal().any():
        raise ValueError(f"graph must have no loops; node {int(np.flatnonzero(a.diagonal())[0])} has one")
    return a


def _edges(a: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    upper = sparse.coo_array(sparse.triu(a, k=1))
    return upper.coords[0].astype(np.int64), upper.coords[1].astype(np.int64), upper.data


def _ordered(i: NDArray[Any], j: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.minimum(i, j).astype(np.int64), np.maximum(i, j).astype(np.int64)


def _symmetric(
    i: NDArray[np.int64], j: NDArray[np.int64], n: int, dtype: Any, weights: NDArray[Any] | None = None
) -> sparse.csr_array:
    if weights is None:
        return symmetric_csr([i], [j], n, dtype, repeats=True)
    half = sparse.coo_array((weights.astype(dtype), (i, j)), shape=(n, n)).tocsr()
    return sparse.csr_array(half + half.T)
