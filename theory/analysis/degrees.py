"""Degrees from the embedding alone: d_hat = U Lambda U' 1, its error, and the norm as a degree.

With y = Pi 1 and q = U Lambda^-1 U' 1 of the population, V the variances and V3 the third moments of the entries,
Var d_hat = V y^2 + 2 q (V3 y) + V V q^2 to second order (docs/theory.md, section 3). All products are thin, O(nK).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate import BlockModel
from simulate.validation import require_choice, require_instance
from theory.analysis.embedding import Embedding, Scaling
from theory.prediction.variances import LAWS, Law, require_unclipped

Floats = NDArray[np.float64]
_MOMENTS = {
    ("poisson", 2): (1.0, 0.0, 0.0),
    ("poisson", 3): (1.0, 0.0, 0.0),
    ("bernoulli", 2): (1.0, -1.0, 0.0),
    ("bernoulli", 3): (1.0, -3.0, 2.0),
}
_EXPONENT = {"unit": 2.0, "half": 1.0, "full": 0.0}


@dataclass(frozen=True, eq=False)
class DegreeError:
    """Per node: variances of d_hat to both orders, of the row sum, bias of d_hat, and MSE against d and d_obs."""

    variance_first: Floats
    variance: Floats
    variance_observed: Floats
    bias: Floats
    mse: Floats
    mse_observed: Floats


def estimate_degrees(embedding: Embedding) -> NDArray[Any]:
    """Return U Lambda U' 1, (n,): the row sums of the truncated matrix.

    >>> estimate_degrees(Embedding(np.array([2.0]), np.array([[0.6], [0.8]]))).round(2).tolist()
    [1.68, 2.24]
    """
    require_instance(embedding, "embedding", Embedding)
    return np.asarray(embedding.basis @ (embedding.eigenvalues * embedding.basis.sum(axis=0)))


def estimate_degrees_within_spikes(
    embedding: Embedding, labels: ArrayLike, *, scaling: Scaling = "full"
) -> Floats:
    """Return kappa_c ||row_i||, kappa_c the ratio of the sums of d_hat and of norms in spike c; NaN off spikes.

    Raises
    ------
    ValueError
        if the labels (n,), -1 off the spikes, do not match the embedding.
    """
    require_instance(embedding, "embedding", Embedding)
    norms, z = np.linalg.norm(embedding.vectors(scaling), axis=1), np.asarray(labels)
    if z.shape != norms.shape or z.dtype.kind not in "iu":
        raise ValueError(f"labels must be {norms.size} integers; got {z.dtype} of shape {z.shape}")
    on, out = z >= 0, np.full(norms.size, np.nan)
    total = np.bincount(z[on], norms[on])
    degrees = np.bincount(z[on], estimate_degrees(embedding)[on])
    kappa = np.divide(degrees, total, out=np.zeros_like(total), where=total > 0)
    out[on] = kappa[z[on]] * norms[on]
    return out


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
        return _moment(model, law, 2, x)

    def v3(x: Floats) -> Floats:
        return _moment(model, law, 3, x)

    square = v(v(q**2))
    first, observed = v(y**2), v(one)
    variance = first + 2 * q * v3(y) + square
    both = observed * q
    bias = both - u @ (u.T @ both) + u @ ((u.T @ (observed * (1 - y))) / lam)
    difference = v((1 - y) ** 2) - 2 * q * v3(1 - y) + square
    return DegreeError(first, variance, observed, bias, variance + bias**2, difference + bias**2)


def low_degree_norm_bias(model: BlockModel, *, scaling: Scaling = "full", law: Law = "poisson") -> Floats:
    """Return tr C_i (n,), what noise adds to E ||row_i||^2 to first order: sum_k (V u_k^2)_i / |lambda_k|^p.

    p = 2, 1, 0 for `unit`, `half`, `full`. Under Poisson it equals theta_i s_c, so the signal theta_i^2 g_c^2 drowns
    below the crossover theta* = s_c / g_c^2.
    """
    require_instance(model, "model", BlockModel)
    require_choice(scaling, "scaling", tuple(_EXPONENT))
    require_choice(law, "law", LAWS)
    if law == "bernoulli":
        require_unclipped(model)
    lam, u = model.spectrum()
    return _moment(model, law, 2, ((u / np.abs(lam) ** (_EXPONENT[scaling] / 2)) ** 2).sum(axis=1))


def bias_corrected_norms(embedding: Embedding, *, scaling: Scaling = "full") -> Floats:
    """Return sqrt(max(0, ||row_i||^2 - tr C_i)), (n,), with the truncated matrix for the (Poisson) variances."""
    require_instance(embedding, "embedding", Embedding)
    lam, u = np.asarray(embedding.eigenvalues, float), np.asarray(embedding.basis, float)
    kept = np.abs(lam) > 1e-12 * np.abs(lam).max(
        initial=0.0
    )  # a dimension of eigenvalue 0 has no noise of first order
    lam, u = lam[kept], u[:, kept]
    squares = (embedding.vectors(scaling).astype(float) ** 2).sum(axis=1)
    weights = ((u / np.abs(lam) ** (_EXPONENT[scaling] / 2)) ** 2).sum(axis=1)
    noise = np.maximum(u @ (lam * (u.T @ weights)), 0)
    return np.asarray(np.sqrt(np.maximum(squares - noise, 0)))


def _moment(model: BlockModel, law: str, order: int, x: Floats) -> Floats:
    """The matrix of second (variances) or third central moments times x; its diagonal is 0 where P_ii exceeds 1."""
    out, own = np.zeros(model.n_nodes), np.zeros(model.n_nodes)
    for p, weight in enumerate(_MOMENTS[law, order], start=1):
        if weight:
            theta = model.propensities**p
            sums = np.bincount(model.labels, theta * x, minlength=model.n_blocks)
            out += weight * theta * (model.affinity**p @ sums)[model.labels]
            own += weight * model.loop_probabilities() ** p
    if law == "bernoulli":
        out -= np.where(model.loop_probabilities() > 1.0, own, 0.0) * x
    return out


def _require_positive(model: BlockModel) -> None:
    if not model.propensities.all():
        raise ValueError(f"propensities must be above 0; node {int(np.argmin(model.propensities))} has 0")
    empty = np.flatnonzero(~model.affinity.any(axis=1))
    if empty.size:
        raise ValueError(f"affinity must have no zero row; row {int(empty[0])} is zero")
