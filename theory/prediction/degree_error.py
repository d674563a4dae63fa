"""How far will degrees estimated from the embedding be from the truth?

With y = Pi 1 and q = U Lambda^-1 U' 1 of the population, V the variances and V3 the third moments of the entries,
Var d_hat = V y^2 + 2 q (V3 y) + V V q^2 to second order (docs/theory.md, section 3). All products are thin, O(nK).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulate import LAWS, BlockModel, Law
from simulate.validation import require_choice, require_instance
from theory.prediction.entry_moments import moment_times
from theory.prediction.variances import require_unclipped

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DegreeError:
    """Per node: variances of d_hat to both orders, of the row sum, bias of d_hat, and MSE against d and d_obs."""

    variance_first: Floats
    variance: Floats
    variance_observed: Floats
    bias: Floats
    mse: Floats
    mse_observed: Floats


def degree_error(model: BlockModel, *, law: Law = "poisson") -> DegreeError:
    """Return the predicted error of d_hat at the full rank of `model`, loops included, every block visible.

    Raises
    ------
    ValueError
        for an unknown law, Bernoulli edges with P > 1, a theta of zero, or an affinity with a zero row.

    Examples
    --------
    >>> error = degree_error(BlockModel(np.ones(50), np.zeros(50, int), [[0.4]]))
    >>> round(float((error.variance_first / error.variance_observed)[0]), 12)
    1.0
    """
    require_instance(model, "model", BlockModel)
    require_choice(law, "law", LAWS)
    if law == "bernoulli":
        require_unclipped(model)
    _require_positive(model)
    lam, u = model.spectrum()
    sums, one = u.sum(axis=0), np.ones(model.n_nodes)
    y, q = u @ sums, u @ (sums / lam)

    def v(x: Floats) -> Floats:
        return moment_times(model, law, 2, x)

    def v3(x: Floats) -> Floats:
        return moment_times(model, law, 3, x)

    square = v(v(q**2))
    first, observed = v(y**2), v(one)
    variance = first + 2 * q * v3(y) + square
    both = observed * q
    bias = both - u @ (u.T @ both) + u @ ((u.T @ (observed * (1 - y))) / lam)
    difference = v((1 - y) ** 2) - 2 * q * v3(1 - y) + square
    return DegreeError(first, variance, observed, bias, variance + bias**2, difference + bias**2)


def _require_positive(model: BlockModel) -> None:
    if not model.propensities.all():
        raise ValueError(f"propensities must be above 0; node {int(np.argmin(model.propensities))} has 0")
    empty = np.flatnonzero(~model.affinity.any(axis=1))
    if empty.size:
        raise ValueError(f"affinity must have no zero row; row {int(empty[0])} is zero")
