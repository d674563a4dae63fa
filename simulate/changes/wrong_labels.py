"""Nodes that behave as members of another block than their label says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate.models.block_models import BlockModel
from simulate.validation import require_fraction, require_generator, require_instance


def label_noise(
    model: BlockModel, fraction: float, rng: np.random.Generator
) -> tuple[BlockModel, NDArray[np.bool_]]:
    """Give this share of the nodes another label, uniformly at random among the other blocks.

    A graph that is sampled from the returned model and judged by the labels of the given one has this share of wrong labels.

    Parameters
    ----------
    model : with at least two blocks.
    fraction : of the nodes, from 0 to 1; round(fraction * n) nodes change.

    Returns
    -------
    The model with other labels, and which nodes (n,) have changed.

    Raises
    ------
    ValueError
        for a model of one block, or a fraction outside [0, 1].

    Examples
    --------
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
