"""What are the second and third central moments of the edges? Their matrices times a vector, by sums over blocks.

Both are sums of theta_i^p B_kl^p theta_j^p over a few powers p: P for Poisson edges, P - P^2 and P - 3 P^2 + 2 P^3 for
Bernoulli ones. The product therefore needs sums over blocks only, O(n + K^2) for each power (docs/theory.md, section 3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel, Law

Floats = NDArray[np.float64]
_MOMENTS = {
    ("poisson", 2): (1.0, 0.0, 0.0),
    ("poisson", 3): (1.0, 0.0, 0.0),
    ("bernoulli", 2): (1.0, -1.0, 0.0),
    ("bernoulli", 3): (1.0, -3.0, 2.0),
}


def moment_times(model: BlockModel, law: Law, order: int, x: Floats) -> Floats:
    """Return the matrix of second (variances) or third central moments times x, (n,).

    Its diagonal is 0 where P_ii exceeds 1, since no Bernoulli edge has that probability.

    >>> moment_times(BlockModel([1.0, 2.0], [0, 0], [[0.1]]), "bernoulli", 2, np.ones(2)).round(3).tolist()
    [0.25, 0.4]
    """
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
