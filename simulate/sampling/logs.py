"""Interaction logs: contexts ("playlists", "listeners", "films") that hold items, binary, no repeats.

The reference law. Items have propensities theta within blocks, phi_k(i) = theta_i / t_k on block k; a context has a size s
and a mixture pi over blocks (Dirichlet), and holds item i of block k independently with probability s pi_k phi_k(i). So

    P(i) = E[s] E[pi_k] phi_k(i),    P(i, j) = E[s^2] E[pi_k pi_l] phi_k(i) phi_l(j)    for i != j,

exactly, and the PMI of two items is ln(E[s^2] E[pi_k pi_l] / (E[s]^2 E[pi_k] E[pi_l])): constant on pairs of blocks, free of
theta (docs/theory.md, section 7.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate.sampling.csr_from_pairs import directed_csr
from simulate.sampling.independent_pairs import group_nodes, sample_pairs
from simulate.validation import (
    require_array,
    require_finite,
    require_generator,
    require_instance,
    require_integer,
    require_number,
)

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class InteractionModel:
    """Items with propensities and labels, contexts with mixtures Dirichlet(concentration * weights) and sizes.

    Parameters
    ----------
    propensities, labels : (n,) of the items, theta > 0 and blocks 0..K-1, none empty.
    mean_length : E[s], the expected number of items in a context.
    concentration : of the Dirichlet over blocks; small values give contexts of one block.
    length_cv : coefficient of variation of s, which is gamma distributed; 0 makes all sizes equal.

    The blocks' mean shares E[pi_k] are their shares of the propensities' sum, so that P(i) is proportional to theta_i.

    Raises
    ------
    ValueError
        for lengths that differ, labels out of range, an empty block, or numbers out of range.

    Examples
    --------
    >>> model = InteractionModel([2.0, 1.0, 1.0], [0, 0, 1], mean_length=0.8, concentration=1.0)
    >>> model.item_probability().tolist()
    [0.4, 0.2, 0.2]
    """

    propensities: FloatArray
    labels: NDArray[np.int64]
    mean_length: float
    concentration: float
    length_cv: float

    def __init__(
        self,
        propensities: ArrayLike,
        labels: ArrayLike,
        *,
        mean_length: float,
        concentration: float = 0.3,
        length_cv: float = 0.5,
    ) -> None:
        theta, z = require_array(propensities, "propensities"), np.array(labels)
        if theta.ndim != 1 or theta.shape != z.shape or not theta.size:
            raise ValueError(
                f"propensities and labels must be vectors of one length; got {theta.shape} and {z.shape}"
            )
        require_finite(theta, "propensities")
        if theta.min() <= 0:
            raise ValueError(f"propensities of items must be above 0; the least seen is {theta.min():g}")
        if z.dtype.kind not in "iu" or z.min() < 0 or not np.bincount(z).all():
            raise ValueError("labels must be integers 0..K-1 with every block present")
        object.__setattr__(self, "propensities", theta)
        object.__setattr__(self, "labels", z.astype(np.int64))
        object.__setattr__(self, "mean_length", require_number(mean_length, "mean_length", above=0))
        object.__setattr__(self, "concentration", require_number(concentration, "concentration", above=0))
        object.__setattr__(self, "length_cv", require_number(length_cv, "length_cv", least=0))

    @property
    def n_items(self) -> int:
        """The number of items n."""
        return int(self.propensities.size)

    @property
    def n_blocks(self) -> int:
        """The number of blocks K."""
        return int(self.labels.max()) + 1

    @property
    def shares(self) -> FloatArray:
        """E[pi] (K,): the blocks' shares of the propensities."""
        sums = np.bincount(self.labels, self.propensities)
        return np.asarray(sums / sums.sum())

    def within_block(self) -> FloatArray:
        """Return phi (n,): the propensities as distributions within each block."""
        return np.asarray(self.propensities / np.bincount(self.labels, self.propensities)[self.labels])

    def mixture_moments(self) -> FloatArray:
        """Return E[pi_k pi_l] (K, K) of the Dirichlet: (a w_k w_l + w_k [k = l]) / (a + 1), a the concentration."""
        w, a = self.shares, self.concentration
        return np.asarray((a * np.outer(w, w) + np.diag(w)) / (a + 1))

    def item_probability(self) -> FloatArray:
        """Return P(i) (n,), the share of contexts that hold item i."""
        return np.asarray(self.mean_length * self.shares[self.labels] * self.within_block())

    def pair_probability(self, i: int, j: int) -> float:
        """Return P(i, j) for i != j, the share of contexts that hold both."""
        phi = self.within_block()
        moments = self.mixture_moments()[self.labels[i], self.labels[j]]
        return float(self.mean_length**2 * (1 + self.length_cv**2) * moments * phi[i] * phi[j])

    def pmi(self) -> FloatArray:
        """Return the PMI (K, K) between items of two blocks: ln((1 + cv^2) E[pi_k pi_l] / (E[pi_k] E[pi_l]))."""
        w = self.shares
        return np.asarray(np.log((1 + self.length_cv**2) * self.mixture_moments() / np.outer(w, w)))

    def __repr__(self) -> str:
        return (
            f"InteractionModel({self.n_items:,} items, K={self.n_blocks}, mean length {self.mean_length:g})"
        )


@dataclass(frozen=True, eq=False)
class Contexts:
    """What was drawn of the contexts: `sizes` (N,) and `mixtures` (N, K)."""

    sizes: FloatArray
    mixtures: FloatArray


def draw_contexts(model: InteractionModel, n_contexts: int, rng: np.random.Generator) -> Contexts:
    """Draw sizes and mixtures of contexts.

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
    """Draw contexts x items by the reference law: items independent given the context's size and mixture.

    Returns the binary matrix (N, n) of ones, float32, and the contexts behind it. A probability above 1 is an error that
    names the largest, or is cut with `clip`, which makes the closed forms upper bounds.

    Raises
    ------
    ValueError, TypeError
        for a probability above 1 without `clip`, a negative count, or an rng that is no Generator.

    Examples
    --------
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
