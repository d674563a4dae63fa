"""How far will degrees estimated from the embedding be from the truth? By perturbation, to second order.

With y = Pi 1 and q = U Lambda^-1 U' 1 of the population, V the variances and V3 the third moments of the entries,
Var d_hat = V y^2 + 2 q (V3 y) + V V q^2 to second order (docs/theory.md, section 3). All products are thin, O(nK).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulate import BlockModel
from theory.prediction.entry_moments import moment_times
from theory.prediction.variances import FloatArray

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


@dataclass(frozen=True, eq=False)
class DegreeError:
    """What is expected of the degree estimated at each node, every array (n,), in edges or squared edges.

    `variance_first` and `variance` of d_hat, to first and second order; `variance_observed` of the row sum; `bias` of d_hat;
    `mse` of d_hat against the true degree, `mse_observed` against the row sum of the same sample.
    """

    variance_first: FloatArray
    variance: FloatArray
    variance_observed: FloatArray
    bias: FloatArray
    mse: FloatArray
    mse_observed: FloatArray


def degree_error_of(sample: PredictedSample) -> DegreeError:
    """Return the predicted error of d_hat = U Lambda U' 1 at the full rank of the model, loops included.

    Trusted where the eigenvalues of the communities reach 0.3 times the spectral edge: there the squared errors over the degree,
    mean over nodes, are within 8 % of samples (claim D2 tests it). A block drowned deeper breaks it: its degrees are lost.

    Raises
    ------
    ValueError
        for a theta of zero, or an affinity with a zero row.

    Examples
    --------
    >>> from simulate import BlockModel
    >>> from theory import PredictedSample
    >>> model = BlockModel(np.ones(50), np.zeros(50, int), [[0.4]])
    >>> error = PredictedSample(model, "poisson").degree_error()
    >>> round(float((error.variance_first / error.variance_observed)[0]), 12)
    1.0
    """
    model, law = sample.model, sample.law
    _require_positive(model)
    lam, u = model.spectrum()
    sums, one = u.sum(axis=0), np.ones(model.n_nodes)
    y, q = u @ sums, u @ (sums / lam)

    def v(x: FloatArray) -> FloatArray:
        return moment_times(model, law, 2, x)

    def v3(x: FloatArray) -> FloatArray:
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
