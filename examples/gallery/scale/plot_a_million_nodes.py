"""
A million nodes in a minute
===========================

Sampling takes time in proportion to the edges, not to the pairs of nodes. Here 200,000 nodes and two million edges are drawn
and embedded in about three seconds of processor time. With 1,000,000 nodes it takes about ten seconds and one gigabyte of memory.
"""

import numpy as np

from spikeproof.reports import GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import cosines_to_axes, embed

nodes = 200_000  # try a million
rng = np.random.default_rng(0)
model = dcbm(nodes, 3, heterogeneity=LogNormal(0.5), mean_degree=20, mixing=0.05, rng=rng)
graph = sample_graph(model, rng, law="poisson")
vectors = embed(graph, 3, dtype="float32", tol=1e-4).vectors("full")
share = np.mean(cosines_to_axes(vectors, model.labels) > 0.9)

(axis,) = picture(f"{nodes:,} vectors of a graph of {graph.nnz // 2:,} edges: three spikes")
x, y = vectors[:, 1:].T
cells = axis.hexbin(x, y, gridsize=90, bins="log", mincnt=1, cmap="cividis_r", linewidths=0.1)
axis.figure.colorbar(cells, label="nodes in a cell")
axis.axhline(0, color=GREY, linewidth=0.8, zorder=0)
axis.axvline(0, color=GREY, linewidth=0.8, zorder=0)
axis.set(xlabel="dimension 2", ylabel="dimension 3")
axis.set_aspect("equal", adjustable="datalim")
axis.grid(False)

assert len(vectors) == nodes and share > 0.9
