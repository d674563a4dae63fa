"""
Where communities can be seen at all
====================================

Each square is a random graph with three communities: how many edges its nodes have, and how much the communities mix. Its
colour is how much of the true communities the eigenvectors show. The line is predicted without any sample: on its left
the communities drown in noise. A spectral clustering that fails there is not at fault.
"""

import numpy as np

from spikeproof.reports import picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import PredictedSample, embed

degrees, mixings = np.geomspace(4, 100, 11), np.linspace(0.02, 0.92, 10)
seen, visible = np.empty((2, 10, 11))
for i, mixing in enumerate(mixings):
    for j, degree in enumerate(degrees):
        rng = np.random.default_rng([i, j])
        model = dcbm(600, 3, heterogeneity=LogNormal(0.3), mean_degree=degree, mixing=mixing, rng=rng)
        truth = model.spectrum()[1]
        basis = embed(sample_graph(model, rng, law="poisson"), 3).basis
        seen[i, j] = (np.square(truth.T @ basis).sum() - 1) / 2  # the first shows popularity alone
        visible[i, j] = PredictedSample(model, "poisson").visibility[1]

(axis,) = picture("Enough edges, or little mixing: else communities drown", log="x")
squares = axis.pcolormesh(degrees, mixings, seen, cmap="cividis", vmin=0, vmax=1, shading="nearest")
axis.contour(degrees, mixings, visible, levels=[1.0], colors="white", linewidths=2.5)
axis.text(5, 0.8, "predicted:\ndrowned", color="white", va="center")
axis.text(50, 0.1, "predicted:\nvisible", ha="center", va="center")
axis.figure.colorbar(squares, label="share of the communities seen")
axis.set(xlabel="edges of a node, mean", ylabel="mixing: affinity between over within")
axis.grid(False)

assert seen[visible > 1.4].min() > 0.3 and seen[visible < 0.8].max() < 0.1
