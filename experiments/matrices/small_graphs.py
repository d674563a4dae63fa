"""Small graphs with known structure that come with networkx and graspologic.

graspologic takes 10 s to import and cannot be installed everywhere, so `drosophila` imports it when it is called.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy import sparse

from experiments.matrices.real_matrix import RealMatrix, from_pairs
from simulate.optional import require_extra


def les_miserables() -> RealMatrix:
    """Return the co-appearance graph of Les Miserables (Knuth 1993), weighted by shared chapters."""
    import networkx as nx

    graph = nx.les_miserables_graph()
    nodes = list(graph)
    return RealMatrix(
        "les-miserables",
        graph=sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=nodes, weight="weight", dtype=float)),
        items=np.array(nodes, dtype=object),
        notes=("edges are weighted by the number of chapters that two characters share",),
    )


def davis() -> RealMatrix:
    """Return the Southern women of Davis, Gardner and Gardner (1941): events are contexts, women items."""
    import networkx as nx

    graph = nx.davis_southern_women_graph()
    women, events = list(graph.graph["top"]), list(graph.graph["bottom"])
    number = {name: k for k, name in enumerate([*women, *events])}
    pairs = [(number[event] - len(women), number[woman]) for woman in women for event in graph[woman]]
    rows, columns = zip(*pairs)
    return RealMatrix(
        "davis",
        interactions=from_pairs(list(rows), list(columns), (len(events), len(women))),
        items=np.array(women, dtype=object),
        contexts=np.array(events, dtype=object),
    )


def drosophila() -> RealMatrix:
    """Return the connectome of the larval fly's right mushroom body (Eichler et al. 2017), 213 neurons.

    Synapse counts are directed; both directions are added and loops left out. Labels are the kinds of neurons.

    Raises
    ------
    ModuleNotFoundError
        without graspologic, which holds the data (extra `graspologic`).
    """
    require_extra("graspologic", "drosophila")
    with warnings.catch_warnings():
        # deprecations of graspologic's own dependencies, which no user of this package can act on
        warnings.simplefilter("ignore")
        from graspologic.datasets import load_drosophila_right

        directed, found = load_drosophila_right(return_labels=True)
    weights, kinds = np.asarray(directed, dtype=np.float64), [str(kind) for kind in found]
    names = sorted(set(kinds))
    return RealMatrix(
        "drosophila",
        graph=sparse.csr_array((weights + weights.T) * (1 - np.eye(len(kinds))), dtype=np.float64),
        items=np.array([f"{kind}{k}" for k, kind in enumerate(kinds)], dtype=object),
        labels=np.array([names.index(kind) for kind in kinds]),
        label_names=np.array(names, dtype=object),
        notes=("directed synapse counts, symmetrised as A + A', loops left out",),
    )
