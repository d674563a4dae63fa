"""
Communities that avoid themselves
=================================

In this graph, as among buyers and sellers, nodes join other communities rather than their own. Its communities sit in negative
eigenvalues. Kept by magnitude, these show the same spikes as any other communities. A method that keeps only the largest
positive eigenvalues, as some do, sees nothing.
"""

import numpy as np

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import Embedding, embed

rng = np.random.default_rng(0)
avoid = np.ones((3, 3)) - 0.95 * np.eye(3)  # affinity 0.05 within a community, 1 between two
model = dcbm(1200, 3, affinity=avoid, heterogeneity=LogNormal(0.5), mean_degree=150, rng=rng)
embedding = embed(sample_graph(model, rng, law="poisson"), 60)
values = embedding.eigenvalues
positive = Embedding(values[values > 0], embedding.basis[:, values > 0])

left, right = picture("The communities are in the negative eigenvalues", 2)
for axis, kept, words in (
    (left, embedding, "largest magnitude"),
    (right, positive, "largest positive"),
):
    draw_rows(axis, kept.vectors("full", 3), model.labels, dimensions=(1, 2))
    shown = ", ".join(f"{value:.0f}" for value in kept.eigenvalues[:3])
    axis.set_title(f"{words}: λ = {shown}", loc="left", fontsize="medium")

assert (values[1:3] < -80).all() and positive.eigenvalues[1] < 35
