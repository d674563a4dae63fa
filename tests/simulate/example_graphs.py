"""A small heterogeneous graph, its edges as a set, and the level at which a statistical test may fail by chance."""

import numpy as np
from scipy import sparse, stats

from simulate import LogNormal, dcbm, sample_graph

ALARM = 1e-6  # false alarms per test
Z = stats.norm.isf(ALARM / 2)


def graph(n=400, seed=0, degree=12):
    model = dcbm(n, 3, heterogeneity=LogNormal(0.6), mean_degree=degree, rng=np.random.default_rng(seed))
    a = sample_graph(model, np.random.default_rng(seed), law="poisson", dtype=np.float64)
    a.data[:] = 1.0
    return a


def pairs_of(a):
    upper = sparse.coo_array(sparse.triu(a, k=1))
    return set(zip(upper.coords[0].tolist(), upper.coords[1].tolist()))
