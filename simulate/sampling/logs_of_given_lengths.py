"""Interaction logs whose contexts have given lengths: each is filled with distinct items, one after the other.

Each draw is in proportion to the weight that the context's mixture gives to the items that are not there yet (successive
sampling, Rosen 1972). The probability that a context holds an item is then another than in `sample_interactions`;
`inclusion_probabilities` computes it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, sparse

from simulate.compiled import compiled
from simulate.models.log_models import InteractionModel
from simulate.sampling.logs import Contexts, FloatArray
from simulate.validation import require_array, require_generator, require_instance, require_integer

LEAST = 1e-290  # of a mixture


def sample_fixed_lengths(
    model: InteractionModel, lengths: ArrayLike, rng: np.random.Generator
) -> tuple[sparse.csr_array, Contexts]:
    """Draw contexts of given lengths: distinct items, one after the other, in proportion to sum_k pi_k phi_k(i).

    A block is drawn from the mixture and an item from the block; an item that is already there is drawn again. A context in
    which many draws in a row have found nothing new gets its other items by exponential times of arrival, which is the same
    law. A share of a mixture below 1e-290, which rounding would make 0, counts as 1e-290.

    Parameters
    ----------
    model : its `mean_length` and `length_cv` are not used.
    lengths : (N,) whole numbers, the number of items of each context.

    Returns
    -------
    The binary matrix (N, n), contexts x items, of float32, and the contexts behind it, whose sizes are the lengths.

    Raises
    ------
    ValueError
        for lengths that are no whole numbers, are negative, or exceed the number of items.

    Examples
    --------
    >>> from simulate import InteractionModel
    >>> model = InteractionModel(np.ones(50), np.arange(50) % 2, mean_length=3.0)
    >>> sample_fixed_lengths(model, [5, 0, 2], np.random.default_rng(0))[0].sum(axis=1).tolist()
    [5.0, 0.0, 2.0]
    """
    require_instance(model, "model", InteractionModel)
    require_generator(rng)
    wanted = np.asarray(lengths)
    if wanted.dtype.kind not in "iu" or wanted.ndim != 1 or wanted.min(initial=0) < 0:
        raise ValueError(f"lengths must be a vector of integers of at least 0; got {lengths!r}")
    if wanted.max(initial=0) > model.n_items:
        raise ValueError(f"lengths must be at most the number of items, {model.n_items}; got {wanted.max()}")
    mixtures = rng.dirichlet(model.concentration * model.shares, len(wanted))
    mixtures = np.maximum(
        mixtures, LEAST
    )  # so that every item can be drawn where a context must hold nearly all
    order = np.argsort(model.labels, kind="stable")
    bounds = np.searchsorted(model.labels[order], np.arange(model.n_blocks + 1))
    share = model.within_block()[order]
    cumulative = np.cumsum(share) - np.arange(model.n_blocks)[model.labels[order]]
    indptr = np.concatenate([[0], np.cumsum(wanted)])
    guide = _guide(cumulative, bounds)
    chances = np.cumsum(mixtures, axis=1)
    rates = np.log(share)
    indices = _fill(indptr, mixtures, chances, cumulative, bounds, guide, order, rates, rng)
    ones = np.ones(len(indices), np.float32)
    matrix = sparse.csr_array((ones, indices, indptr), shape=(len(wanted), model.n_items))
    matrix.sort_indices()
    return matrix, Contexts(wanted.astype(np.float64), mixtures)


def inclusion_probabilities(weights: ArrayLike, length: int) -> FloatArray:
    """Return the probability (n,) that each item is among `length` distinct items drawn in proportion to `weights`.

    By Rosen's limit, item i arrives at an exponential time of rate w_i, and the sample is full at the time t with
    sum (1 - exp(-w_i t)) = length; the error is O(1 / length).

    Parameters
    ----------
    weights : (n,) above 0, whose ratios are at most 1e200.
    length : from 0 to n.

    Raises
    ------
    ValueError
        for weights or a length out of range.

    Examples
    --------
    >>> float(inclusion_probabilities([3.0, 1.0, 1.0, 1.0], 2).sum().round(9))
    2.0
    """
    w = require_array(weights, "weights")
    if w.ndim != 1 or (w.size and w.min() <= 0):
        raise ValueError(f"weights must be a vector of numbers above 0; got {weights!r}")
    if w.size and w.min() < w.max() * 1e-200:
        raise ValueError(f"weights must lie within 200 powers of ten; got {w.min():g} to {w.max():g}")
    require_integer(length, "length", least=0, most=len(w))
    if length == 0 or length == len(w):
        return np.full(len(w), float(length > 0))
    w = w / w.sum()

    def excess(log_t: float) -> float:
        return float(-np.expm1(-w * np.exp(log_t)).sum() - length)

    top = 1.0
    while excess(top) < 0:
        top += 5.0
    return np.asarray(-np.expm1(-w * np.exp(optimize.brentq(excess, -20.0, top, xtol=1e-13))))


def _guide(cumulative: FloatArray, bounds: NDArray[Any]) -> NDArray[np.int64]:
    """For each block and cell of a grid as long as the block, the first position whose cumulative share passes the cell."""
    parts = []
    for first, last in pairwise(bounds):
        cells = np.arange(last - first) / (last - first)
        parts.append(first + np.searchsorted(cumulative[first:last], cells, side="right"))
    return np.asarray(np.minimum(np.concatenate(parts), len(cumulative) - 1), dtype=np.int64)


@compiled()
def _fill(indptr, mixtures, chances, cumulative, bounds, guide, order, rates, rng):  # type: ignore[no-untyped-def]
    n = order.size
    patience = 64 + n // 4  # draws in vain, after which sorting all items is cheaper
    indices = np.empty(indptr[-1], np.int32)
    stamp = np.full(n, -1, np.int64)
    for context in range(indptr.size - 1):
        filled, vain = indptr[context], 0
        while filled < indptr[context + 1]:
            if vain > patience:
                # successive sampling of what is left: items arrive at exponential times of rate pi_k phi_k(i)
                arrival = np.full(n, np.inf)
                for block in range(bounds.size - 1):
                    for position in range(bounds[block], bounds[block + 1]):
                        if stamp[order[position]] != context:
                            waiting = -np.log1p(-rng.random())
                            arrival[position] = (
                                np.log(waiting) - rates[position] - np.log(mixtures[context, block])
                            )
                for position in np.argsort(arrival)[: indptr[context + 1] - filled]:
                    indices[filled] = order[position]
                    filled += 1
                break
            block = min(np.searchsorted(chances[context], rng.random()), bounds.size - 2)
            first, last = bounds[block], bounds[block + 1]
            share = rng.random()
            position = guide[first + np.int64(share * (last - first))]
            while position < last - 1 and cumulative[position] <= share:
                position += 1
            item = order[position]
            vain += 1
            if stamp[item] != context:
                vain = 0
                stamp[item] = context
                indices[filled] = item
                filled += 1
    return indices
