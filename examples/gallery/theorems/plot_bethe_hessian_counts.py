"""
The Bethe Hessian counts communities
====================================

How many communities has a sparse graph? As many as its Bethe Hessian has negative eigenvalues, up to one now and then: no
threshold and no number of dimensions need to be chosen. Counting the eigenvalues of the adjacency matrix beyond the noise of an
even graph fails here, since hubs have large eigenvalues, too.
"""

import numpy as np

from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import bethe_hessian

truth, places = np.arange(1, 9), np.linspace(-0.15, 0.15, 3)
counted = np.empty((2, 8, 3))
for k in truth:
    for replicate in range(3):
        rng = np.random.default_rng([k, replicate])
        model = dcbm(800, k, heterogeneity=LogNormal(0.5), mean_degree=20, mixing=0.05, rng=rng)
        graph = sample_graph(model, rng, law="poisson").astype(float)
        counted[0, k - 1, replicate] = (np.linalg.eigvalsh(bethe_hessian(graph).toarray()) < 0).sum()
        edge = 2 * np.sqrt(graph.sum() / 800)
        counted[1, k - 1, replicate] = (np.linalg.eigvalsh(graph.toarray()) > edge).sum()

(axis,) = picture("The Bethe Hessian finds the number of communities")
axis.plot(truth, truth, color=GREY)
for i, name in enumerate(("Bethe Hessian:\nnegative eigenvalues", "adjacency:\nbeyond 2 √degree")):
    axis.plot(truth[:, None] + places, counted[i], "o", color=COLOURS[i], markersize=4)
    axis.text(8.3, counted[i, -1].mean(), name, color=COLOURS[i], fontweight="bold", va="center")
axis.set(xlabel="communities", ylabel="counted", yticks=range(0, 21, 4))

off = counted - truth[:, None]
assert np.abs(off[0]).max() <= 1 and np.mean(off[0] == 0) > 0.8 and off[1].min() > 2
