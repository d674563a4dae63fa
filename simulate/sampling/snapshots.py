"""Sequences of graphs from dynamic block models, with edges that may persist from one snapshot to the next.

With persistence rho each pair of nodes keeps its state, edge or none, with probability rho, and otherwise draws it anew with the
P of this snapshot (Barucca, Lillo, Mazzarisi and Tantari 2018). To draw this in O(n + edges), a graph F is drawn from P; an edge
of both the old graph A and F stays, one of A alone stays with probability rho, one of F alone comes with probability 1 - rho.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.compiled import compiled
from simulate.models.dynamic_models import DynamicBlockModel
from simulate.sampling.csr_from_pairs import symmetric_csr
from simulate.sampling.graphs import above_one, sample_edges
from simulate.sampling.probability_checks import require_probabilities
from simulate.validation import require_fraction, require_generator, require_instance


def sample_snapshots(
    model: DynamicBlockModel,
    rng: np.random.Generator,
    *,
    persistence: float = 0.0,
    clip: bool = False,
    dtype: DTypeLike = np.float32,
) -> list[sparse.csr_array]:
    """Draw one symmetric graph (n, n) without loops for each snapshot, with Bernoulli edges.

    Given the labels, the mean of the first graph is P_0 and that of graph t is rho E[A_{t-1}] + (1 - rho) P_t. For counts or
    independent graphs of another law, sample `model.at(t)`. Time grows as T n + edges of all graphs.

    Parameters
    ----------
    persistence : rho; 0 makes the graphs independent given the labels, 1 repeats the first.
    clip : where P exceeds 1, draw min(1, P) and warn, instead of refusing.
    dtype : of the entries.

    Returns
    -------
    T graphs. The same `rng` state gives the same graphs, whatever the number of threads.

    Raises
    ------
    ValueError
        for a persistence outside [0, 1], or P > 1 in a snapshot without `clip`.
    TypeError
        if `model` is no DynamicBlockModel or `rng` no Generator.

    Examples
    --------
    >>> from simulate import moving_labels, sbm
    >>> rng = np.random.default_rng(0)
    >>> moving = moving_labels(sbm(300, 3, mean_degree=8.0, rng=rng), 3, rng, move=0.1)
    >>> [graph.shape for graph in sample_snapshots(moving, rng, persistence=0.5)]
    [(300, 300), (300, 300), (300, 300)]
    """
    require_instance(model, "model", DynamicBlockModel)
    require_fraction(persistence, "persistence")
    require_generator(rng)
    for t in range(model.n_snapshots):
        require_probabilities(*above_one(model.at(t), loops=False), model.at(t).expected_degrees, clip)
    graphs: list[sparse.csr_array] = []
    for t in range(model.n_snapshots):
        edges = sample_edges(model.at(t), rng)
        graph = symmetric_csr(edges.rows, edges.columns, model.n_nodes, dtype, repeats=False)
        if t and persistence > 0:
            i, j = _next_pairs(graphs[-1], graph, persistence, rng)
            graph = symmetric_csr([i], [j], model.n_nodes, dtype, repeats=False)
        graphs.append(graph)
    return graphs


def _next_pairs(
    old: sparse.csr_array, new: sparse.csr_array, persistence: float, rng: np.random.Generator
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The edges i < j after one step, given the graph before it and a fresh one."""
    most = (old.nnz + new.nnz) // 2
    i, j = np.empty(most, np.int64), np.empty(most, np.int64)
    kept = _merged(
        old.indptr, old.indices, new.indptr, new.indices, persistence, rng.random(most), i, j, old.shape[0]
    )
    return i[:kept], j[:kept]


@compiled(nogil=True)
def _merged(  # type: ignore[no-untyped-def]
    old_ends, old, new_ends, new, persistence, uniforms, rows, columns, n
):
    """Go through the pairs i < j of either graph in order, and return how many are kept."""
    count, used = 0, 0
    for i in range(n):
        a, b = old_ends[i], new_ends[i]
        while a < old_ends[i + 1] or b < new_ends[i + 1]:
            before = old[a] if a < old_ends[i + 1] else n
            fresh = new[b] if b < new_ends[i + 1] else n
            j = min(before, fresh)
            chance = 0.0
            if before == j:
                chance += persistence
                a += 1
            if fresh == j:
                chance += 1.0 - persistence
                b += 1
            if j > i:
                rows[count], columns[count] = i, j
                count += uniforms[used] < chance
                used += 1
    return count
