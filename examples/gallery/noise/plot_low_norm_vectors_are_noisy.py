"""
Short vectors are the noisy ones
================================

Every vector of a community should point along one ray. How far each strays is predicted from the model, before a graph is
drawn: the squared sine of its angle falls as one over its degree. This is a first approximation, too small for the rarest
nodes. Short vectors, those of rare items, have the unsure directions, so their lists of neighbours deserve less trust.
"""

import numpy as np

from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import PredictedSample, cosines_to_axes, embed

rng = np.random.default_rng(0)
model = dcbm(3000, 4, heterogeneity=LogNormal(0.8), mean_degree=80, mixing=0.05, rng=rng)
predicted = PredictedSample(model, "poisson").expected_squared_sine()
vectors = embed(sample_graph(model, rng, law="poisson"), 4).vectors("full")
seen = 1 - cosines_to_axes(vectors, model.labels) ** 2
degrees = model.expected_degrees()

# %%
# Vectors of nearly equal degree are averaged: sixteen groups, from the rarest to the most popular.
groups = np.array_split(np.argsort(degrees), 16)
mean = {"degrees": degrees, "seen": seen, "predicted": predicted}
mean = {name: np.array([values[group].mean() for group in groups]) for name, values in mean.items()}

(axis,) = picture("Short vectors stray most, and how much is known beforehand", log="xy")
axis.plot(degrees, seen, ".", color="#c3c8ce", markersize=3, zorder=0)
axis.plot(mean["degrees"], mean["predicted"], color=COLOURS[1])
axis.plot(mean["degrees"], mean["seen"], "o", color=COLOURS[0])
axis.text(mean["degrees"][-1], mean["predicted"][-1], "   predicted", color=COLOURS[1], fontweight="bold")
axis.text(60, 0.02, "seen, mean of 188 nodes", color=COLOURS[0], fontweight="bold")
axis.text(4, 0.003, "one node", color=GREY)
axis.set(xlabel="expected degree of the node", ylabel="squared sine of the angle to the ray", ylim=(1e-4, 1))

ratio = mean["seen"] / mean["predicted"]
assert ratio.min() > 0.8 and np.median(ratio) < 1.3 and mean["seen"][0] > 20 * mean["seen"][-1]
