"""
Overlapping communities
=======================

A fifth of these nodes belong to two communities at once. They make spikes of their own, half-way between those of their two
communities. Who reads every spike as a community counts six where there are three.
"""

import numpy as np

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import LogNormal, dcbm, overlapping_membership, sample_factor_graph
from spikeproof.theory import axes_of_blocks, embed

rng = np.random.default_rng(1)
model = dcbm(1500, 3, heterogeneity=LogNormal(0.4), mean_degree=100, mixing=0.03, rng=rng)
overlapping, member = overlapping_membership(model, 0.2, rng)
vectors = embed(sample_factor_graph(overlapping, rng, law="poisson"), 3).vectors("full")

one = member.sum(axis=1) == 1
groups = np.where(one, member.argmax(axis=1), 3 + member.argmin(axis=1))
names = [f"community {k + 1}" for k in range(3)] + ["2 and 3", "1 and 3", "1 and 2"]

(axis,) = picture("Members of two communities lie between their spikes")
draw_rows(axis, vectors, groups, dimensions=(1, 2), names=names)

middles = axes_of_blocks(vectors, groups)
between = middles[[1, 0, 0]] + middles[[2, 2, 1]]
cosines = (middles[3:] * between).sum(axis=1) / np.linalg.norm(between, axis=1)
assert cosines.min() > 0.99
