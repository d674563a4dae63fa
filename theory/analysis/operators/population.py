"""What does an operator show of a block model without noise? The embedding of its population, from a K x K problem.

Each operator of P (with its diagonal, P_ij = theta_i theta_j B_kl) has entries w_i w_j B'_kl: a block model again, with
weights w and an affinity B' in place of theta and B. With psi_k^2 the sum of w^2 over block k and diag(psi) B' diag(psi) = H
Lambda H', its eigenpairs are Lambda and U_i = w_i H_k / psi_k (Lei and Rinaldo 2015; Qin and Rohe 2013). So rows lie on rays
with norms proportional to w_i. Right eigenvectors of a walk are U_i / d_i^1/2, in which w_i = theta_i^1/2 cancels: points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel
from simulate.models.block_models import eigenpairs_of_blocks
from simulate.validation import require_instance
from theory.analysis.embedding import Embedding
from theory.analysis.operators.graphs import Vector
from theory.analysis.operators.matrices import TAU, inverse_power
from theory.analysis.operators.table import OPERATORS, require_operator

ROUNDING = 1e-12  # relative: what is left where blocks do not differ, as of a model of one block
Matrix = NDArray[np.float64]


def population(operator: str, model: BlockModel) -> Embedding:
    """Return the eigenpairs of an operator of the expected matrix P of a block model, P with its diagonal, in O(n K + K^3).

    Exact, but for "non-backtracking": there they are the eigenpairs of P that lie outside the circle of radius
    sqrt(lambda_1), to which the eigenvalues of a large sample of bounded mean degree converge (Bordenave, Lelarge, Massoulie
    2018; Gulikers, Lelarge, Massoulie 2017); rows agree in the mean over nodes of equal theta. "ppmi" keeps the diagonal of
    P, too; tau is the mean of the expected degrees theta_i g_k.

    Parameters
    ----------
    operator : a name of `theory.OPERATORS`.
    model : the block model.

    Returns
    -------
    Embedding : `eigenvalues` (r,) by decreasing magnitude, r at most K, and `basis` (n, r), right eigenvectors scaled as
        `theory.embed` scales them. Nodes of expected degree 0 have zero rows.

    Raises
    ------
    ValueError
        for an unknown operator, and "bethe-hessian", which has no closed form.

    References
    ----------
    Lei, Rinaldo, "Consistency of spectral clustering in stochastic block models", Ann. Statist. 2015; Qin, Rohe, "Regularized
    spectral clustering under the degree-corrected stochastic blockmodel", NIPS 2013; Modell, Rubin-Delanchy, arXiv
    2105.00987, 2021.

    Examples
    --------
    >>> model = BlockModel([1.0, 4.0, 2.0, 2.0], [0, 0, 1, 1], [[0.2, 0.1], [0.1, 0.2]])
    >>> rows = population("random-walk", model).vectors()
    >>> bool(np.allclose(rows[0], rows[1])), np.linalg.norm(population("modularity", model).vectors(), axis=1).round(3).tolist()
    (True, [0.214, 0.855, 0.534, 0.534])
    """
    name = require_operator(operator)
    require_instance(model, "model", BlockModel)
    if not OPERATORS[name].closed_form:
        raise ValueError(
            f"the operator {name} has no population in closed form; of a block model it has as many negative eigenvalues as "
            "its P has eigenvalues above r"
        )
    g = model.affinity @ model.block_sums()
    d = model.expected_degrees(loops=True)
    tau = float(d.mean()) if name in TAU and d.size else 0.0
    weights, affinity = _as_block_model(name, model, g, d, tau)
    psi = np.sqrt(np.bincount(model.labels, weights**2, minlength=model.n_blocks))
    eigenvalues, h = eigenpairs_of_blocks(psi, affinity)
    basis = (weights * inverse_power(psi, 1.0)[model.labels])[:, None] * h[model.labels]
    if name.endswith("walk"):
        basis *= inverse_power(d + tau, 0.5)[:, None]
    if name == "non-backtracking" and eigenvalues.size:
        outside = np.abs(eigenvalues) > np.sqrt(np.abs(eigenvalues[0]))
        eigenvalues, basis = eigenvalues[outside], basis[:, outside]
    return Embedding(eigenvalues, basis, operator=name)


def _as_block_model(name: str, model: BlockModel, g: Vector, d: Vector, tau: float) -> tuple[Vector, Matrix]:
    """The weights w (n,) and the affinity B' (K, K) of the symmetric matrix with the operator's eigenvalues."""
    theta, b = model.propensities, model.affinity
    if name in ("normalised-laplacian", "random-walk"):
        each = inverse_power(g, 0.5)
        return np.sqrt(theta), each[:, None] * b * each
    if name in TAU:
        return theta * inverse_power(d + tau, 0.5), b
    total = float(d.sum())
    if name == "modularity":
        expected = np.outer(g, g) * (1 / total if total > 0 else 0.0)
        return theta, np.where(np.abs(b - expected) > ROUNDING * b, b - expected, 0.0)
    if name == "counts":
        return theta, b @ (model.block_sums(2)[:, None] * b)
    if name == "ppmi":
        each = inverse_power(g, 1.0)
        ratio = total * each[:, None] * b * each
        return (d > 0).astype(np.float64), np.log(np.where(ratio > 1 + ROUNDING, ratio, 1.0))
    return theta, b
