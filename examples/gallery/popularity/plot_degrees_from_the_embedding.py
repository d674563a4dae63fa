"""
Degrees from the embedding alone
================================

Somebody gives you the vectors and eigenvalues of a graph, and not the graph. How many edges had each node? Within a community
the length of a vector is proportional to its degree, but each community has its own factor. The row sums of U Λ U' need no
communities, and give the degrees of all nodes.
"""

import numpy as np

from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import embed, estimate_degrees

rng = np.random.default_rng(0)
two = {"sizes": [150, 1350], "affinity": [[1, 0.05], [0.05, 0.4]]}  # a small dense community, a large one
model = dcbm(1500, 2, **two, heterogeneity=LogNormal(0.5), mean_degree=150, rng=rng)
graph = sample_graph(model, rng, law="poisson")
degrees, embedding = graph.sum(axis=1), embed(graph, 2)
lengths = np.linalg.norm(embedding.vectors("full"), axis=1)
estimated = estimate_degrees(embedding)

left, right = picture(
    "The length gives the degree within a community, U Λ U' gives it everywhere", 2, log="xy"
)
for k in range(2):
    mine = model.labels == k
    place = [(12, 80), (2, 400)][k]
    left.text(*place, f"{('small', 'large')[k]}\ncommunity", color=COLOURS[k], ha="center", va="center")
    for axis, x in ((left, lengths), (right, estimated)):
        axis.plot(x[mine], degrees[mine], ".", color=COLOURS[k], markersize=4, alpha=0.6)
ends = [degrees.min(), degrees.max()]
right.plot(ends, ends, color=GREY)
right.text(ends[1], ends[1], "equal  ", color=GREY, ha="right")
left.set(xlabel="length of the vector", ylabel="edges of the node")
right.set(xlabel="row sum of U Λ U'", ylabel="edges of the node")

ratios = [np.median((degrees / lengths)[model.labels == k]) for k in range(2)]
error = np.median(np.abs(estimated / degrees - 1))
assert ratios[1] > 1.5 * ratios[0] and error < 0.1
