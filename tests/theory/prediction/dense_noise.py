"""Small models and their noise as dense matrices: linear algebra that shares no code with the predictions."""

import numpy as np

from simulate import BlockModel

AFFINITIES = {
    "assortative": [[0.9, 0.1, 0.2], [0.1, 0.5, 0.1], [0.2, 0.1, 0.7]],
    "indefinite": [[0.1, 0.8, 0.6], [0.8, 0.2, 0.7], [0.6, 0.7, 0.05]],
    "rank two": np.outer([0.3, 0.5, 0.8], [0.3, 0.5, 0.8]) + 0.2 * np.outer([1, 0, 1], [1, 0, 1]),
}
CASES = [(name, law) for name in AFFINITIES for law in ("poisson", "bernoulli")]


def model_of(name, n=240, seed=3):
    rng = np.random.default_rng(seed)
    theta = np.minimum(rng.lognormal(-0.5, 0.4, n), 1.0)
    return BlockModel(theta, rng.integers(0, 3, n), AFFINITIES[name])


def dense(model, law):
    """P and the variances of its entries, both n x n."""
    theta, z = model.propensities, model.labels
    p = np.outer(theta, theta) * np.asarray(model.affinity)[np.ix_(z, z)]
    return p, p if law == "poisson" else p * (1 - p)


def dense_resolvent(v, z):
    """g by plain iteration on n numbers."""
    g = np.full(len(v), 1.0 / z, dtype=complex)
    for _ in range(4000):
        g = 0.5 * g + 0.5 / (z - v @ g)
    return g


def with_an_impossible_loop(n=240):
    """All pairs have P <= 1 and one node has P_ii = 2.9."""
    theta = np.r_[1.7, np.full(n - 1, 0.3)]
    return BlockModel(theta, np.arange(n) % 2, [[1.0, 0.4], [0.4, 1.0]])
