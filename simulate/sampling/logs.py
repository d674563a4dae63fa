"""Interaction logs by the law of `InteractionModel`: items are independent given a context's size and mixture.

A context has a size s and a mixture pi over blocks, and holds item i of block k with probability s pi_k phi_k(i).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.models.log_models import InteractionModel
from simulate.sampling.csr_from_pairs import directed_csr
from simulate.sampling.independent_pairs import group_nodes, sample_pairs
from simulate.validation import require_generator, require_instance, require_integer

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contexts:
    """The contexts behind a sampled log: `sizes` (N,), and `mixtures` (N, K) over the blocks, whose rows sum to 1."""

    sizes: FloatArray
    mixtures: FloatArray


def draw_contexts(model: InteractionModel, n_contexts: int, rng: np.random.Generator) -> Contexts:
    """Draw the sizes (gamma) and the mixtures (Dirichlet) of `n_contexts` contexts.

    >>> from simulate import InteractionModel
    >>> model = InteractionModel([1.0, 1.0], [0, 1], mean_length=0.5)
    >>> draw_contexts(model, 3, np.random.default_rng(0)).mixtures.sum(axis=1).round(12).tolist()
    [1.0, 1.0, 1.0]
    """
    require_instance(model, "model", InteractionModel)
    require_generator(rng)
    count = require_integer(n_contexts, "n_contexts", least=0)
    cv = model.length_cv
    sizes = np.full(count, model.mean_length)
    if cv > 0:
        sizes = rng.gamma(1 / cv**2, model.mean_length * cv**2, count)
    return Contexts(sizes, rng.dirichlet(model.concentration * model.shares, count))


def sample_interactions(
    model: InteractionModel, n_contexts: int, rng: np.random.Generator, *, clip: bool = False
) -> tuple[sparse.csr_array, Contexts]:
    """Draw a log by the law of its model, in time proportional to its interactions.

    Parameters
    ----------
    clip : where a probability exceeds 1, use 1 instead of refusing; the closed forms of the model are then upper bounds.

    Returns
    -------
    The binary matrix (N, n), contexts x items, of float32, and the contexts behind it.

    Raises
    ------
    ValueError
        for a negative number of contexts, or a probability above 1 without `clip` (the largest is named).
    TypeError
        if `rng` is no Generator.

    Examples
    --------
    >>> from simulate import InteractionModel
    >>> model = InteractionModel(np.ones(50), np.arange(50) % 2, mean_length=3.0)
    >>> log, contexts = sample_interactions(model, 100, np.random.default_rng(0))
    >>> log.shape, bool((log.data == 1).all())
    ((100, 50), True)
    """
    require_instance(model, "model", InteractionModel)
    contexts = draw_contexts(model, n_contexts, rng)
    phi = model.within_block()
    rows, columns = [], []
    for block in range(model.n_blocks):
        items = np.flatnonzero(model.labels == block)
        strength = contexts.sizes * contexts.mixtures[:, block]
        largest = float(strength.max(initial=0.0) * phi[items].max())
        if largest > 1 and not clip:
            raise ValueError(
                f"the probability that a context holds an item must be at most 1; it reaches {largest:.3g} in block {block}. "
                "Use a shorter mean_length, a bounded law of theta, or clip=True"
            )
        left = group_nodes(strength, np.zeros(len(strength), np.int64))
        right = group_nodes(phi[items], np.zeros(len(items), np.int64))
        if not left.theta.size:
            continue
        pairs = sample_pairs(left, right, np.ones((1, 1)), rng, symmetric=False)
        rows += pairs.rows
        columns += [items[chunk].astype(np.int32) for chunk in pairs.columns]
    shape = (n_contexts, model.n_items)
    return directed_csr(rows, columns, shape, np.float32, repeats=False), contexts
