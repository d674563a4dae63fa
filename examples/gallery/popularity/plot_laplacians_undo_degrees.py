"""
Laplacians undo degrees
=======================

The same graph, embedded by three matrices. With the adjacency matrix, the length of a vector is proportional to the number of
edges of its node. With the normalised Laplacian it grows as the square root of that number. With the random walk it does not
grow: popularity is undone, and communities are points. Choose the matrix by whether popularity should count.
"""

import numpy as np

from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import embed

rng = np.random.default_rng(0)
model = dcbm(2000, 3, heterogeneity=LogNormal(0.6), mean_degree=200, mixing=0.1, rng=rng)
graph = sample_graph(model, rng, law="poisson")
degrees = graph.sum(axis=1)

(axis,) = picture("The matrix decides whether popular nodes have long vectors", log="xy")
slopes = []
for colour, operator in zip(COLOURS, ("adjacency", "normalised-laplacian", "random-walk")):
    lengths = np.linalg.norm(embed(graph, 3, operator=operator).vectors("full"), axis=1)
    lengths /= np.median(lengths)
    axis.plot(degrees, lengths, ".", color=colour, markersize=3, alpha=0.5)
    slope, at_one = np.polyfit(np.log(degrees), np.log(lengths), 1)
    end = degrees.max(), np.exp(at_one + slope * np.log(degrees.max()))
    words = f"{operator}\nslope {round(slope, 2) + 0.0:g}"
    axis.annotate(
        words, end, (6, 0), textcoords="offset points", color=colour, fontweight="bold", va="center"
    )
    slopes.append(slope)
axis.set(xlabel="edges of the node", ylabel="length, over the median")

assert np.allclose(slopes, [1, 0.5, 0], atol=0.1)
