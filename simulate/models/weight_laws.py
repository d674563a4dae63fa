"""How much does an edge weigh? Laws of the weights of a block model, directed or not, with means in closed form.

Negative binomial counts keep the mean P_ij and have the variance phi P_ij (Poisson: phi = 1). Gaussian weights lie on the edges
alone: an edge is there with probability P_ij and then weighs N(m, s^2) with m and s of its pair of blocks (the weighted block
model of Aicher, Jacobs and Clauset 2015), so that the mean of A_ij is P_ij m and its variance P_ij (s^2 + (1 - P_ij) m^2). A
Gaussian number for every pair, edge or not, would be a dense matrix: see `additive_gaussian`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.block_models import BlockModel
from simulate.models.directed_models import DirectedBlockModel
from simulate.validation import require_array, require_number

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class NegativeBinomialWeights:
    """Counts A_ij of mean P_ij and variance phi P_ij: `dispersion` phi >= 1, where 1 makes them Poisson.

    The size parameter of the law, P_ij / (phi - 1), grows with the mean; the ratio of variance and mean is the same everywhere.

    Raises
    ------
    ValueError
        for a dispersion below 1.

    Examples
    --------
    >>> NegativeBinomialWeights(3.0).mean_affinity(np.array([[0.2]])).tolist()
    [[0.2]]
    """

    dispersion: float

    def __post_init__(self) -> None:
        require_number(self.dispersion, "dispersion", least=1)

    def mean_affinity(self, affinity: FloatArray) -> FloatArray:
        """Return the affinity B for which E[A_ij] = theta_i theta_j B: the model's own."""
        return affinity


@dataclass(frozen=True, eq=False)
class GaussianWeights:
    """Weights of the edges: normal, with the `means` and `deviations` (standard deviations) of their pair of blocks.

    Parameters
    ----------
    means, deviations : (L, K), a row per block of senders and a column per block of receivers, symmetric for an undirected
        model; or a number for all pairs of blocks. Means have any sign, deviations are at least 0.

    Raises
    ------
    ValueError
        for numbers that are not finite, negative deviations, or shapes that differ.

    Examples
    --------
    >>> GaussianWeights([[2.0, -1.0], [-1.0, 2.0]], 0.5).mean_affinity(np.array([[0.2, 0.1], [0.1, 0.2]])).tolist()
    [[0.4, -0.1], [-0.1, 0.4]]
    """

    means: FloatArray
    deviations: FloatArray

    def __init__(self, means: ArrayLike, deviations: ArrayLike) -> None:
        m, s = require_array(means, "means"), require_array(deviations, "deviations")
        if m.ndim not in (0, 2):
            raise ValueError(
                f"means must be a number or a matrix, a row and a column per block; got shape {m.shape}"
            )
        if (s.ndim != 0 and m.ndim != 0 and s.shape != m.shape) or s.ndim not in (0, 2):
            raise ValueError(
                f"deviations must be a number or of the shape of means, {m.shape}; got {s.shape}"
            )
        if s.size and s.min() < 0:
            raise ValueError(f"deviations must be at least 0; the least seen is {s.min():g}")
        for name, value in (("means", m), ("deviations", s)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)

    def mean_affinity(self, affinity: FloatArray) -> FloatArray:
        """Return the affinity B * means for which E[A_ij] = theta_i theta_j B_{z_i z_j} means_{z_i z_j}, of any sign."""
        return affinity * self.of_blocks(affinity.shape, symmetric=False)[0]

    def of_blocks(self, shape: tuple[int, ...], *, symmetric: bool) -> tuple[FloatArray, FloatArray]:
        """Return means and deviations for a model with this shape of affinity; a `ValueError` where they do not fit it."""
        found = []
        for name, value in (("means", self.means), ("deviations", self.deviations)):
            if value.ndim and value.shape != shape:
                raise ValueError(
                    f"{name} must have the shape {shape} of the model's affinity; got {value.shape}"
                )
            if symmetric and value.ndim and not np.array_equal(value, value.T):
                raise ValueError(f"{name} must be symmetric for an undirected model; got {value.tolist()}")
            found.append(np.broadcast_to(value, shape))
        return found[0], found[1]


WeightLaw = NegativeBinomialWeights | GaussianWeights


def mean_model(model: BlockModel | DirectedBlockModel, weights: WeightLaw) -> BlockModel | DirectedBlockModel:
    """Return the model whose P is the mean E[A] of the weighted graph: its degrees and spectrum are those of the mean.

    Raises
    ------
    TypeError
        for another kind of model or of weights.
    ValueError
        for weights that do not fit the model, or with a negative mean, which no block model has.

    Examples
    --------
    >>> mean_model(BlockModel([1.0, 1.0], [0, 0], [[0.2]]), GaussianWeights(3.0, 1.0)).affinity.round(12).tolist()
    [[0.6]]
    """
    require_weighted(model, weights)
    affinity = weights.mean_affinity(model.affinity)
    if affinity.size and affinity.min() < 0:
        raise ValueError(
            f"weights must have means of at least 0 for a mean model; the least P has {affinity.min():g}"
        )
    if isinstance(model, BlockModel):
        return BlockModel(model.propensities, model.labels, affinity)
    a, b = model.outgoing, model.incoming
    return DirectedBlockModel(a.propensities, a.labels, b.propensities, b.labels, affinity)


def require_weighted(model: object, weights: object) -> None:
    """Raise a `TypeError` for another kind of model or of weights than can be joined, a `ValueError` where they do not fit."""
    if not isinstance(model, BlockModel | DirectedBlockModel):
        raise TypeError(f"model must be a BlockModel or a DirectedBlockModel; got {type(model).__name__}")
    if not isinstance(weights, NegativeBinomialWeights | GaussianWeights):
        raise TypeError(
            f"weights must be NegativeBinomialWeights or GaussianWeights; got {type(weights).__name__}"
        )
    if isinstance(weights, GaussianWeights):
        weights.of_blocks(model.affinity.shape, symmetric=isinstance(model, BlockModel))
