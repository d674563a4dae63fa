"""
No popularity, no length
========================

Both graphs have the same three communities. On the left all nodes are equally popular, and every community is a point. On the
right popularity varies, and every community is a spike. So the length of a vector within a spike shows its popularity, and a
matrix without spread in popularity has directions but no spikes.
"""

import numpy as np

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import Constant, LogNormal, dcbm, sample_graph
from spikeproof.theory import embed, norm_dispersion

axes = picture("Popularity stretches points into spikes", 2)
spread = []
for axis, law, words in zip(axes, (Constant(), LogNormal(0.5)), ("equal", "varying")):
    rng = np.random.default_rng(0)
    model = dcbm(1200, 3, heterogeneity=law, mean_degree=150, mixing=0.05, rng=rng)
    vectors = embed(sample_graph(model, rng, law="poisson"), 3).vectors("full")
    draw_rows(axis, vectors, model.labels, dimensions=(1, 2))
    spread.append(np.mean(norm_dispersion(vectors, model.labels)))
    axis.set_title(f"{words} popularity: lengths vary by {spread[-1]:.0%}", loc="left", fontsize="medium")

assert spread[0] < 0.15 < 0.4 < spread[1]
