"""In and out: graphs to networkx and back, block models to the arguments of graspologic's `sbm` and back.

graspologic's `sbm` takes nodes sorted by block, block sizes, block probabilities, and degree corrections that sum to 1 in every
block. Converting needs no import of graspologic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate.models.block_models import BlockModel
from simulate.models.directed_models import DirectedBlockModel
from simulate.models.popularity_adjusted_models import PopularityAdjustedModel
from simulate.validation import (
    require_array,
    require_instance,
    require_labels,
    require_matrix,
    require_symmetric,
)

if TYPE_CHECKING:
    import networkx


def to_networkx(
    graph: Any, model: BlockModel | PopularityAdjustedModel | DirectedBlockModel | None = None
) -> networkx.Graph:
    """Return a symmetric matrix as a networkx graph on the nodes 0..n-1, or with a directed model any square one as a DiGraph.

    With a model, nodes have the attribute `block`, and `theta` where the model has one propensity per node; with a directed
    model `out_block`, `out_theta`, `in_block` and `in_theta`. Edges have the attribute `weight` unless all entries are 1.

    Raises
    ------
    ValueError
        for a matrix that is not symmetric without a directed model, or a model of another number of nodes.
    TypeError
        for a model of another kind.

    Examples
    --------
    >>> graph = to_networkx(np.array([[0, 1], [1, 0]]), BlockModel([1.0, 2.0], [0, 1], [[0.1, 0.3], [0.3, 0.1]]))
    >>> graph.nodes[1], list(graph.edges(data=True))
    ({'block': 1, 'theta': 2.0}, [(0, 1, {})])
    """
    import networkx

    if model is not None and not isinstance(model, BlockModel | PopularityAdjustedModel | DirectedBlockModel):
        raise TypeError(
            f"model must be a BlockModel, PopularityAdjustedModel or DirectedBlockModel; got {type(model).__name__}"
        )
    if isinstance(model, DirectedBlockModel):
        matrix, result = require_matrix(graph, "graph"), networkx.DiGraph()
    else:
        matrix, result = require_symmetric(graph, "graph"), networkx.Graph()
    n = matrix.shape[0]
    if model is not None and (matrix.shape != (n, n) or model.n_nodes != n):
        raise ValueError(f"model must have the nodes of the graph, {matrix.shape}; got {model.n_nodes}")
    result.add_nodes_from(range(n))
    for name, values in _truth(model).items():
        networkx.set_node_attributes(result, dict(enumerate(values.tolist())), name)
    edges = sparse.coo_array(matrix if result.is_directed() else sparse.triu(matrix))
    ends = zip(edges.coords[0].tolist(), edges.coords[1].tolist())
    if (edges.data == 1).all():
        result.add_edges_from(ends)
    else:
        result.add_weighted_edges_from((i, j, w) for (i, j), w in zip(ends, edges.data.tolist()))
    return result


def _truth(
    model: BlockModel | PopularityAdjustedModel | DirectedBlockModel | None,
) -> dict[str, NDArray[Any]]:
    """What is known of each node, by the name of its attribute."""
    if isinstance(model, DirectedBlockModel):
        a, b = model.outgoing, model.incoming
        return {
            "out_block": a.labels,
            "out_theta": a.propensities,
            "in_block": b.labels,
            "in_theta": b.propensities,
        }
    if isinstance(model, BlockModel):
        return {"block": model.labels, "theta": model.propensities}
    return {} if model is None else {"block": model.labels}


class NetworkxGraph(NamedTuple):
    """A networkx graph as arrays.

    `graph` is the symmetric matrix (n, n) and `nodes` are the n names in its order. `labels` and `propensities` (n,) come from
    the attributes `block` and `theta`, and are None unless every node has them.
    """

    graph: sparse.csr_array
    nodes: list[Any]
    labels: NDArray[np.int64] | None
    propensities: NDArray[np.float64] | None


def from_networkx(graph: networkx.Graph) -> NetworkxGraph:
    """Return the adjacency matrix with its weights, and the attributes `block` and `theta` if every node has them.

    Without weights every edge weighs 1; parallel edges of a multigraph add up.

    Raises
    ------
    ValueError
        for a directed graph or one without nodes, a weight that is no finite number or that only some edges have, a block that
        is no whole number of at least 0, or a theta that is no finite number of at least 0; the edge or node is named.

    Examples
    --------
    >>> import networkx
    >>> found = from_networkx(networkx.path_graph(3))
    >>> found.graph.toarray().tolist(), found.labels
    ([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], None)
    """
    import networkx

    require_instance(graph, "graph", networkx.Graph)
    if graph.is_directed():
        raise ValueError(
            "graph must be undirected; got a directed one (graph.to_undirected() forgets the directions)"
        )
    nodes = list(graph)
    if not nodes:
        raise ValueError("graph must have a node; got none")
    _require_weights(graph)
    matrix = sparse.csr_array(networkx.to_scipy_sparse_array(graph, nodelist=nodes, dtype=np.float64))
    matrix.sort_indices()
    blocks = _attribute(graph, "block", _whole, "a whole number of at least 0")
    thetas = _attribute(graph, "theta", _finite, "a finite number of at least 0")
    return NetworkxGraph(
        matrix,
        nodes,
        None if blocks is None else np.array(blocks, dtype=np.int64),
        None if thetas is None else np.array(thetas, dtype=np.float64),
    )


def _require_weights(graph: networkx.Graph) -> None:
    """Raise a `ValueError` for an edge whose weight is no finite number, or is missing where other edges have one."""
    given = [(a, b, data["weight"]) for a, b, data in graph.edges(data=True) if "weight" in data]
    for a, b, weight in given:
        if not isinstance(weight, Real) or not math.isfinite(weight):
            raise ValueError(f"edge ({a!r}, {b!r}) must have a finite weight; got {weight!r}")
    if 0 < len(given) < graph.number_of_edges():
        a, b = next((a, b) for a, b, data in graph.edges(data=True) if "weight" not in data)
        raise ValueError(
            f"all edges must have a weight or none; edge ({a!r}, {b!r}) has none, and {len(given)} have one"
        )


def _attribute(
    graph: networkx.Graph, name: str, convert: Callable[[Any], Any], accepted: str
) -> list[Any] | None:
    """Return an attribute of all nodes, converted; None unless every node has it."""
    values = [data.get(name) for _, data in graph.nodes(data=True)]
    if any(value is None for value in values):
        return None
    converted = [convert(value) for value in values]
    for node, value, found in zip(graph, values, converted):
        if found is None:
            raise ValueError(f"node {node!r} must have {accepted} as {name}; got {value!r}")
    return converted


def _whole(value: Any) -> int | None:
    number = _finite(value)
    return int(number) if number is not None and number == int(number) and number < 2**31 else None


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value) or value < 0:
        return None
    return float(value)


class GraspologicModel(NamedTuple):
    """The arguments of graspologic's `sbm(n, p, dc=)`.

    `n` are the block sizes, `p` (K, K) the block probabilities, `dc` (n,) the degree corrections; `order` (n,) says which node of
    the model stands at each place.
    """

    n: list[int]
    p: NDArray[np.float64]
    dc: NDArray[np.float64]
    order: NDArray[np.int64]


def to_graspologic(model: BlockModel) -> GraspologicModel:
    """Return the arguments g with which graspologic's `sbm(n=g.n, p=g.p, dc=g.dc)` samples this model.

    The nodes come out in the order `g.order`. p is the mean edge probability of each pair of blocks; dc sums to 1 in every block.

    Raises
    ------
    ValueError
        if a block has no node.

    Examples
    --------
    >>> found = to_graspologic(BlockModel([1.0, 3.0, 1.0], [0, 1, 0], [[0.1, 0.2], [0.2, 0.1]]))
    >>> found.n, found.p.round(12).tolist(), found.order.tolist()
    ([2, 1], [[0.1, 0.6], [0.6, 0.9]], [0, 2, 1])
    """
    require_instance(model, "model", BlockModel)
    sizes = np.bincount(model.labels, minlength=model.n_blocks)
    if not sizes.all():
        raise ValueError(f"every block must have a node; block {int(np.argmin(sizes))} has none")
    means = model.block_sums() / sizes
    order = np.argsort(model.labels, kind="stable")
    dc = model.propensities / (means * sizes)[model.labels]
    return GraspologicModel(sizes.tolist(), np.outer(means, means) * model.affinity, dc[order], order)


def from_graspologic(n: ArrayLike, p: ArrayLike, dc: ArrayLike | None = None) -> BlockModel:
    """Return the block model that graspologic's `sbm(n, p, dc=)` samples; its nodes are sorted by block.

    theta has the mean 1 in every block.

    Raises
    ------
    ValueError
        for sizes, probabilities and corrections that do not fit each other.

    Examples
    --------
    >>> from_graspologic([2, 1], [[0.1, 0.6], [0.6, 0.9]])
    BlockModel(n=3, K=2, mean degree 0.8667)
    """
    sizes = require_labels(n, "n", np.size(n), least=0)
    labels = np.repeat(np.arange(sizes.size), sizes)
    corrections = np.ones(labels.size) if dc is None else require_array(dc, "dc")
    if corrections.shape != labels.shape:
        raise ValueError(
            f"dc must be one number for each of {labels.size} nodes; got shape {corrections.shape}"
        )
    return BlockModel(corrections if dc is None else corrections * sizes[labels], labels, p)
