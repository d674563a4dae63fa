"""What are the variances of the entries of a sampled graph, v_ij = Var A_ij? Sums of products, no n x n object.

v_ij = sum_p s_p theta_i^p B_kl^p theta_j^p with p = 1 (Poisson, P) or p = 1, 2 and signs +, - (Bernoulli, P - P^2). So V x needs
the sums of theta^p x over blocks only, and whatever depends on a node through its block and its propensity can be computed on
cells of nearly equal propensity (docs/theory.md, section 5.1).

A Bernoulli model whose pairs all have P <= 1 may still have P_ii > 1 on its diagonal, where no edge is drawn and P - P^2 is no
variance. At most one node of a block can: it gets its own block, without variance towards itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel, Law

FloatArray = NDArray[np.float64]
FINE = 50_000  # nodes from which cells stand for them
WIDTH = 0.01  # relative width of a cell: an error of WIDTH^2 / 24 in a sum of a smooth function
SINGLE = 100  # the largest propensities of each block stay single: the edge depends on them


@dataclass(frozen=True, eq=False)
class VarianceProfile:
    """The n x n matrix V of variances as a sum over q powers p of s_p theta_i^p B_kl^p theta_j^p.

    `powers` (m, q): theta^p; `couplings` (qK, qK), block-diagonal: s_p B^p; `labels` (m,): the block of each row; `counts` (m,):
    how many nodes each row stands for, 1 each but in `condensed`.
    """

    powers: FloatArray
    couplings: FloatArray
    labels: NDArray[np.int64]
    counts: FloatArray
    n_blocks: int

    @cached_property
    def by_block(self) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
        """The propensities and counts (m,) of the rows in order of their blocks, and where each block starts (K + 1,)."""
        order = np.argsort(self.labels, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.labels, minlength=self.n_blocks))])
        return self.powers[order, 0], self.counts[order], starts.astype(np.int64)

    def sums(self, x: NDArray[Any]) -> NDArray[Any]:
        """Return the sums over blocks of theta^p x, (qK,) or (qK, w) for x (m,) or (m, w), p-major; x may be complex."""
        if np.iscomplexobj(x):
            return np.asarray(self.sums(x.real) + 1j * self.sums(x.imag))
        columns = x[:, None] if x.ndim == 1 else x
        weights = self.powers * self.counts[:, None]
        parts = [
            [np.bincount(self.labels, weight * column, minlength=self.n_blocks) for column in columns.T]
            for weight in weights.T
        ]
        stacked = np.concatenate([np.stack(part, axis=1) for part in parts])
        return stacked[:, 0] if x.ndim == 1 else stacked

    def spread(self, h: NDArray[Any], rows: slice = slice(None)) -> NDArray[Any]:
        """Return sum_p theta_i^p (couplings h)_{p, block of i}, (m,) or (m, w), for `rows`: V x when h = sums(x)."""
        field = (self.couplings @ h).reshape(-1, self.n_blocks, *h.shape[1:])
        labels = self.labels[rows]
        total = np.zeros(1)
        for p in range(self.powers.shape[1]):
            power = self.powers[rows, p]
            total = total + (power[:, None] if h.ndim > 1 else power) * field[p][labels]
        return np.asarray(total)

    def jacobian(self, weights: NDArray[Any]) -> NDArray[Any]:
        """Return J (qK, qK) with sums(weights * spread(h)) = J h, for weights (m,)."""
        q, k = self.powers.shape[1], self.n_blocks
        moments = np.zeros((q * k, q * k), dtype=weights.dtype)
        for b in range(q):
            column = self.sums(weights * self.powers[:, b])
            for a in range(q):
                np.fill_diagonal(
                    moments[a * k : (a + 1) * k, b * k : (b + 1) * k], column[a * k : (a + 1) * k]
                )
        return np.asarray(moments @ self.couplings)

    def condensed(self) -> VarianceProfile:
        """Return the profile of cells of nearly equal propensity, or itself where there are few nodes.

        A cell spans 1 % of propensity within a block; the 100 largest of each block stay single.
        """
        theta = self.powers[:, 0]
        if len(theta) < FINE:
            return self
        order = np.lexsort((-theta, self.labels))
        sizes = np.bincount(self.labels, minlength=self.n_blocks)
        place = np.arange(len(theta)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        with np.errstate(divide="ignore"):
            level = np.floor(np.log(np.maximum(theta[order], 1e-300)) / WIDTH)
        single = place < SINGLE
        new = (np.diff(self.labels[order], prepend=-1) != 0) | (np.diff(level, prepend=np.inf) != 0) | single
        new[1:] |= single[:-1]
        cell = np.cumsum(new) - 1
        counts = np.bincount(cell, self.counts[order]).astype(np.float64)
        mean = np.bincount(cell, (self.counts * theta)[order]) / counts
        powers = np.stack([mean ** (p + 1) for p in range(self.powers.shape[1])], axis=1)
        return VarianceProfile(powers, self.couplings, self.labels[order][new], counts, self.n_blocks)


def require_unclipped(model: BlockModel) -> None:
    """Refuse a model with P > 1 for a pair of nodes, whose Bernoulli variances P - P^2 would be negative.

    >>> require_unclipped(BlockModel([3.0, 1.0], [0, 0], [[0.5]]))
    Traceback (most recent call last):
    ...
    ValueError: P must be at most 1 to predict Bernoulli edges; it is 1.5 at (0, 1): bound the propensities, or say law='poisson'
    """
    worst = model.largest_probability()
    if worst.probability > 1.0:
        raise ValueError(
            f"P must be at most 1 to predict Bernoulli edges; it is {worst.probability:.4g} at ({worst.i}, {worst.j}): "
            "bound the propensities, or say law='poisson'"
        )


def with_impossible_loops_apart(model: BlockModel) -> BlockModel:
    """Return the same P with every node of P_ii > 1 in its own block; the model itself where there is none.

    >>> with_impossible_loops_apart(BlockModel([4.0, 1.0, 1.0], [0, 0, 0], [[0.2]])).labels.tolist()
    [1, 0, 0]
    """
    sizes = np.bincount(model.labels, minlength=model.n_blocks)
    apart = np.flatnonzero((model.loop_probabilities() > 1.0) & (sizes[model.labels] > 1))
    if not apart.size:
        return model
    labels = model.labels.copy()
    labels[apart] = model.n_blocks + np.arange(apart.size)
    parents = np.concatenate([np.arange(model.n_blocks), model.labels[apart]])
    return BlockModel(model.propensities, labels, model.affinity[np.ix_(parents, parents)])


def variance_profile(model: BlockModel, law: Law) -> VarianceProfile:
    """Return the variances of the entries of A, loops included, as a sum of products over blocks.

    For Bernoulli edges `model` must be unclipped (clipping P at 1 destroys the product form), and its impossible loops apart:
    `PredictedSample` sees to both.

    Examples
    --------
    >>> profile = variance_profile(BlockModel([1.0, 2.0], [0, 0], [[0.1]]), "bernoulli")
    >>> profile.spread(profile.sums(np.ones(2))).round(3).tolist()  # the row sums of the variances
    [0.25, 0.4]
    """
    theta, ones = model.propensities, np.ones(model.n_nodes)
    if law == "poisson":
        return VarianceProfile(theta[:, None], model.affinity, model.labels, ones, model.n_blocks)
    b = model.affinity.copy()
    impossible = model.loop_probabilities() > 1.0
    b[model.labels[impossible], model.labels[impossible]] = 0.0
    zero = np.zeros_like(b)
    couplings = np.block([[b, zero], [zero, -(b**2)]])
    return VarianceProfile(np.stack([theta, theta**2], axis=1), couplings, model.labels, ones, model.n_blocks)
