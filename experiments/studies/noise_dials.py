"""The dials of noise that a study file can turn, each with its unit; at 0, where all of them start, nothing is changed.

| dial | changes | unit |
|---|---|---|
| `mislabelled` | nodes that behave as members of another block than their label says | share of the nodes |
| `dropped` | edges that are lost | share of the edges |
| `rewired` | edges moved by double swaps, which keep the number of neighbours of every node | share of the edges |
| `background` | Erdos-Renyi edges added among all nodes | mean degree |
| `background_of_one_block` | edges added among the nodes of block 0 alone | mean degree of a node of block 0 |
| `weight_cv` | independent weights of mean 1, of the law `weight_law` | coefficient of variation |
| `gaussian` | Gaussian noise added to every entry | its standard deviation |

They act in this order: the truth, what is lost and moved, what is added, how it is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

import numpy as np

from simulate import (
    BlockModel,
    additive_gaussian,
    background_edges,
    block_noise,
    dropout,
    label_noise,
    rewire,
    weighted,
)
from simulate.validation import require_fraction

WeightLaw = Literal["lognormal", "gaussian", "poisson"]
DIALS: dict[str, Any] = {
    "mislabelled": 0.0,
    "dropped": 0.0,
    "rewired": 0.0,
    "background": 0.0,
    "background_of_one_block": 0.0,
    "weight_cv": 0.0,
    "weight_law": "lognormal",
    "gaussian": 0.0,
}


def with_wrong_labels(model: BlockModel, cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    """Return the model that graphs are drawn from, while `model.labels` stay the labels that one is told.

    Raises
    ------
    ValueError
        for a share `mislabelled` outside [0, 1], or one above 0 where there is one block.
    """
    share = require_fraction(cell["mislabelled"], "mislabelled")
    return label_noise(model, share, rng)[0] if share > 0 else model


def corrupted(graph: Any, model: BlockModel, cell: Mapping[str, Any], rng: np.random.Generator) -> Any:
    """Return the graph with the noise of this cell, sparse unless Gaussian noise fills it.

    Raises
    ------
    ValueError
        for a dial that is out of range.

    Examples
    --------
    >>> from simulate import sample_graph, sbm
    >>> model = sbm(50, 2, mean_degree=5, rng=np.random.default_rng(0))
    >>> graph = sample_graph(model, np.random.default_rng(1))
    >>> corrupted(graph, model, {**DIALS, "dropped": 1.0}, np.random.default_rng(2)).nnz
    0
    """
    if require_fraction(cell["dropped"], "dropped"):
        graph = dropout(graph, cell["dropped"], rng).graph
    if require_fraction(cell["rewired"], "rewired"):
        graph = rewire(graph, cell["rewired"], rng).graph
    if cell["background"]:
        graph = background_edges(graph, cell["background"], rng).graph
    if cell["background_of_one_block"]:
        degrees = cell["background_of_one_block"] * (np.arange(model.n_blocks) == 0)
        graph = block_noise(graph, model.labels, degrees, rng).graph
    if cell["weight_cv"]:
        law = cast(WeightLaw, cell["weight_law"])
        graph = weighted(graph, rng, law=law, cv=cell["weight_cv"])
    if cell["gaussian"]:
        graph = additive_gaussian(graph, cell["gaussian"], rng)
    return graph
