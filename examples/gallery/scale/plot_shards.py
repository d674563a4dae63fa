"""
A graph larger than memory
==========================

A graph can be drawn in shards: each by itself, in any order, on any machine, and the same every time. Memory holds the model and
one shard. Here the degrees of three million edges are counted shard by shard, and never more than a twelfth of the edges is
held. `spikeproof sample --shards` writes such shards to files.
"""

import numpy as np

from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import LogNormal, ShardedGraph, dcbm

nodes, shards = 100_000, 12
rng = np.random.default_rng(0)
model = dcbm(nodes, 10, heterogeneity=LogNormal(0.5), mean_degree=60, rng=rng)
graph = ShardedGraph(model, shards, rng)

degrees, held, counted = np.zeros(nodes), [], []
for shard in range(shards):
    edges = graph.draw(shard)
    degrees += np.bincount(edges.source, minlength=nodes) + np.bincount(edges.target, minlength=nodes)
    held.append(edges.n_edges / 1e6)
    counted.append(degrees.sum() / 2e6)
again = graph.draw(5)

(axis,) = picture("Three million edges are counted, a quarter of a million is held")
passes = np.arange(1, shards + 1)
axis.plot(passes, counted, "o-", color=COLOURS[0])
axis.bar(passes, held, color=COLOURS[1])
axis.text(6.2, 2.2, "edges counted so far", color=COLOURS[0], fontweight="bold", ha="right")
axis.text(12.5, 0.32, "edges in memory", color=COLOURS[1], fontweight="bold", ha="right")
axis.set(xlabel="shard drawn", ylabel="edges, millions")

expected = model.expected_degrees()
assert again.n_edges / 1e6 == held[5] and np.abs(degrees - expected).mean() < np.sqrt(expected).mean()
