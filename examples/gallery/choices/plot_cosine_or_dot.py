"""
Cosine or dot product?
======================

Two ways to list the 20 neighbours of an item. The cosine compares directions alone and lists items of the same community, rare
ones too. The dot product counts length as well, which is popularity, and lists the popular ones. Neither is right by itself:
it depends on what the list is for.
"""

import numpy as np

from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import embed, top_k

rng = np.random.default_rng(0)
model = dcbm(2000, 8, heterogeneity=LogNormal(0.8), mean_degree=60, mixing=0.15, rng=rng)
graph = sample_graph(model, rng, law="poisson")
vectors = embed(graph, 8).vectors("full")
popularity = np.argsort(np.argsort(graph.sum(axis=1))) / len(vectors)  # from 0, the rarest, to 1
tenths = np.array_split(np.argsort(popularity), 10)

left, right = picture("The cosine finds the community, the dot product the popular", 2)
means = {}
for colour, similarity in zip(COLOURS, ("cosine", "dot")):
    lists = top_k(vectors, 20, similarity=similarity).indices
    same, popular = model.labels[lists] == model.labels[:, None], popularity[lists]
    means[similarity] = same.mean(), popular.mean()
    for axis, values in ((left, same), (right, popular)):
        curve = [values[tenth].mean() for tenth in tenths]
        axis.plot(np.arange(5, 100, 10), curve, "o-", color=colour)
        axis.text(55, curve[5] + 0.045, similarity, color=colour, fontweight="bold", ha="center")
        axis.set(ylim=(0, 1.12), xlabel="popularity of the item asked about, rank in %")
left.set(ylabel="share of its list in its community")
right.set(ylabel="popularity of its list (1: the most popular)")

assert means["cosine"][0] > means["dot"][0] + 0.1 and means["dot"][1] > means["cosine"][1] + 0.2
