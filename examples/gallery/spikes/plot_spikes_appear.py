"""
Communities become spikes
=========================

Each node of this random graph belongs to one of three communities, and some nodes are more popular than others. The vectors of
a community lie along one half-line from the origin, and the popular nodes are the long ones. Such a bundle is called a spike:
its direction tells the community, its length the popularity.
"""

import numpy as np

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import cosines_to_axes, embed

rng = np.random.default_rng(0)
model = dcbm(1500, 3, heterogeneity=LogNormal(0.5), mean_degree=60, mixing=0.05, rng=rng)
vectors = embed(sample_graph(model, rng, law="poisson"), 3).vectors("full")

# %%
# How near is each vector to the mean direction of its community? A cosine of 0.9 is an angle of 26 degrees.
share = np.mean(cosines_to_axes(vectors, model.labels) > 0.9)
print(f"{share:.1%} of the vectors lie within 26 degrees of their community's direction")

(axis,) = picture("Three communities of a random graph become three spikes")
names = [f"community {k + 1}" for k in range(3)]
draw_rows(axis, vectors, model.labels, dimensions=(1, 2), names=names)

assert share > 0.9
