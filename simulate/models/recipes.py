"""Models from a few numbers: the number of blocks, a mean degree, how much the blocks mix, and a law of the propensities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.bipartite_models import BipartiteModel
from simulate.models.block_models import BlockModel
from simulate.models.directed_models import DirectedBlockModel
from simulate.popularity import Constant, Gamma, Heterogeneity
from simulate.validation import (
    require_array,
    require_fraction,
    require_generator,
    require_instance,
    require_integer,
    require_number,
)

FloatArray = NDArray[np.float64]


def dcbm(
    n: int,
    n_blocks: int,
    *,
    heterogeneity: Heterogeneity,
    mean_degree: float | None = None,
    density: float | None = None,
    mixing: float = 0.1,
    affinity: ArrayLike | None = None,
    sizes: Sequence[int] | None = None,
    rng: np.random.Generator,
) -> BlockModel:
    """Return a degree-corrected block model with shuffled labels.

    Parameters
    ----------
    n, n_blocks : the number of nodes and of blocks K.
    heterogeneity : law of the propensities.
    mean_degree, density : one of them; the affinity is scaled until the mean expected degree, or the expected density, is this.
    mixing : r, the affinity between blocks over that within: B is in proportion to (1 - r) I + r J, J a matrix of ones.
    affinity : (K, K), symmetric; B is in proportion to it, and `mixing` is not used.
    sizes : (K,) of the blocks, summing to n; without them as equal as possible, the first ones larger by one.

    Raises
    ------
    ValueError
        for sizes that do not sum to n, both or neither of mean_degree and density, numbers out of range, or an affinity of
        another shape.
    TypeError
        if `rng` is no Generator or `heterogeneity` no law.

    Examples
    --------
    >>> model = dcbm(100, 2, heterogeneity=Constant(), mean_degree=10, rng=np.random.default_rng(0))
    >>> round(float(model.expected_degrees().mean()), 12)
    10.0
    """
    require_instance(heterogeneity, "heterogeneity", Heterogeneity)
    n = require_integer(n, "n", least=1)
    n_blocks = require_integer(n_blocks, "n_blocks", least=1, most=n)
    require_number(mixing, "mixing", least=0)
    require_generator(rng)
    if (mean_degree is None) == (density is None):
        raise ValueError(f"give mean_degree or density, one of them; got {mean_degree} and {density}")
    if density is not None:
        target = require_number(density, "density", above=0) * (n - 1)
    else:
        target = require_number(mean_degree, "mean_degree", above=0)
    counts = [n // n_blocks + (k < n % n_blocks) for k in range(n_blocks)] if sizes is None else list(sizes)
    if len(counts) != n_blocks or sum(counts) != n or min(counts) < 0:
        raise ValueError(f"sizes must be {n_blocks} non-negative integers that sum to n = {n}; got {counts}")
    labels = rng.permutation(np.repeat(np.arange(n_blocks), counts))
    theta = heterogeneity.sample(n, rng)
    shape = (
        (1 - mixing) * np.eye(n_blocks) + mixing if affinity is None else require_array(affinity, "affinity")
    )
    if shape.shape != (n_blocks, n_blocks):
        raise ValueError(
            f"affinity must be {n_blocks} x {n_blocks}, one row per block; got shape {shape.shape}"
        )
    mean = BlockModel(theta, labels, shape).expected_degrees().mean()
    if mean <= 0:
        raise ValueError("the model has no pair of nodes to connect, so no mean degree can be reached")
    return BlockModel(theta, labels, shape * (target / mean))


def sbm(
    n: int,
    n_blocks: int,
    *,
    mean_degree: float,
    mixing: float = 0.1,
    sizes: Sequence[int] | None = None,
    rng: np.random.Generator,
) -> BlockModel:
    """Return a stochastic block model: `dcbm` with theta = 1 for every node.

    >>> sbm(10, 2, mean_degree=3, rng=np.random.default_rng(0))
    BlockModel(n=10, K=2, mean degree 3)
    """
    return dcbm(
        n, n_blocks, heterogeneity=Constant(), mean_degree=mean_degree, mixing=mixing, sizes=sizes, rng=rng
    )


def nested_blocks(
    groups: int, per_group: int, *, within: float = 1.0, between: float = 0.3, outside: float = 0.05
) -> FloatArray:
    """Return the affinity (K, K), K = groups x per_group, of blocks that form groups.

    It is `within` inside a block, `between` for two blocks of one group, and `outside` for blocks of different groups. Block k
    belongs to group k // per_group.

    Raises
    ------
    ValueError
        for a number of groups or blocks below 1, or a negative affinity.

    Examples
    --------
    >>> nested_blocks(2, 2)[0].tolist()
    [1.0, 0.3, 0.05, 0.05]
    """
    require_integer(groups, "groups", least=1)
    require_integer(per_group, "per_group", least=1)
    for name, value in (("within", within), ("between", between), ("outside", outside)):
        require_number(value, name, least=0)
    blocks = np.arange(groups * per_group)
    same_group = blocks[:, None] // per_group == blocks // per_group
    return np.where(blocks[:, None] == blocks, within, np.where(same_group, between, outside)).astype(
        np.float64
    )


def bipartite_dcbm(
    n_contexts: int,
    n_items: int,
    n_blocks: int,
    *,
    heterogeneity: Heterogeneity,
    mean_length: float,
    length_cv: float = 0.5,
    mixing: float = 0.1,
    rng: np.random.Generator,
) -> BipartiteModel:
    """Return a bipartite model in which each block of contexts prefers one block of items; labels are shuffled.

    Parameters
    ----------
    n_contexts, n_items, n_blocks : the numbers of contexts, of items, and of blocks of either.
    heterogeneity : law of the items' propensities.
    mean_length : expected number of interactions per context.
    length_cv : coefficient of variation of the contexts' propensities, which are gamma distributed; 0 makes all equal.
    mixing : r, the affinity between different blocks over that of equal ones.

    Raises
    ------
    ValueError
        for numbers out of range.
    TypeError
        if `rng` is no Generator or `heterogeneity` no law.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> bipartite_dcbm(100, 40, 2, heterogeneity=Constant(), mean_length=5.0, rng=rng)
    BipartiteModel(100 contexts in 2 blocks, 40 items in 2 blocks, 500 expected interactions)
    """
    require_instance(heterogeneity, "heterogeneity", Heterogeneity)
    require_integer(n_contexts, "n_contexts", least=1)
    require_integer(n_items, "n_items", least=1)
    require_integer(n_blocks, "n_blocks", least=1, most=min(n_contexts, n_items))
    require_number(mean_length, "mean_length", above=0)
    require_number(length_cv, "length_cv", least=0)
    require_number(mixing, "mixing", least=0)
    require_generator(rng)
    lengths = Gamma(length_cv) if length_cv > 0 else Constant()
    sides = [
        (law.sample(n, rng), rng.permutation(np.arange(n) % n_blocks))
        for law, n in ((lengths, n_contexts), (heterogeneity, n_items))
    ]
    shape = (1 - mixing) * np.eye(n_blocks) + mixing
    expected = BipartiteModel(*sides[0], *sides[1], shape).expected_edges()
    return BipartiteModel(*sides[0], *sides[1], shape * (mean_length * n_contexts / expected))


def directed_dcbm(
    n: int,
    n_blocks: int,
    *,
    heterogeneity: Heterogeneity,
    mean_degree: float,
    mixing: float = 0.1,
    affinity: ArrayLike | None = None,
    agreement: float = 1.0,
    rng: np.random.Generator,
) -> DirectedBlockModel:
    """Return a directed degree-corrected block model with shuffled labels.

    The propensities to send and to receive are independent draws of one law.

    Parameters
    ----------
    n, n_blocks : the number of nodes, and of blocks of senders and of receivers, as equal in size as possible.
    heterogeneity : law of the propensities.
    mean_degree : mean of the expected out-degrees, which is that of the in-degrees.
    mixing : affinity between different blocks over that of equal ones.
    affinity : (K, K), from the row's block to the column's; B is in proportion to it, and `mixing` is not used.
    agreement : share of the nodes that receive in the block in which they send; the others exchange their blocks as receivers.

    Raises
    ------
    ValueError
        for numbers out of range, an affinity of another shape, or one that joins no nodes.
    TypeError
        if `rng` is no Generator or `heterogeneity` no law.

    Examples
    --------
    >>> from simulate import Constant
    >>> directed_dcbm(100, 2, heterogeneity=Constant(), mean_degree=5.0, rng=np.random.default_rng(0))
    DirectedBlockModel(n=100, blocks 2 x 2, mean out-degree 5)
    """
    require_instance(heterogeneity, "heterogeneity", Heterogeneity)
    n = require_integer(n, "n", least=2)
    n_blocks = require_integer(n_blocks, "n_blocks", least=1, most=n)
    target = require_number(mean_degree, "mean_degree", above=0)
    require_number(mixing, "mixing", least=0)
    require_fraction(agreement, "agreement")
    require_generator(rng)
    shape = (
        (1 - mixing) * np.eye(n_blocks) + mixing if affinity is None else require_array(affinity, "affinity")
    )
    if shape.shape != (n_blocks, n_blocks):
        raise ValueError(
            f"affinity must be {n_blocks} x {n_blocks}, one row per block of senders; got shape {shape.shape}"
        )
    senders = rng.permutation(np.arange(n) % n_blocks)
    receivers = senders.copy()
    other = rng.choice(n, round((1 - agreement) * n), replace=False)
    receivers[other] = rng.permutation(receivers[other])
    a, b = heterogeneity.sample(n, rng), heterogeneity.sample(n, rng)
    mean = DirectedBlockModel(a, senders, b, receivers, shape).expected_edges() / n
    if mean <= 0:
        raise ValueError("the model has no pair of nodes to connect, so no mean degree can be reached")
    return DirectedBlockModel(a, senders, b, receivers, shape * (target / mean))
