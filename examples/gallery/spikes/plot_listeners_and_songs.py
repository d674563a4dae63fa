"""
Listeners and songs share their spikes
======================================

A matrix of listeners and songs has two sides, and its singular value decomposition gives vectors to both. In the half scaling,
U Σ^½ and V Σ^½, the spikes of the listeners and those of the songs that they prefer point the same way. So songs are
recommended to a listener by their dot product.
"""

import numpy as np

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import LogNormal, bipartite_dcbm, sample_bipartite
from spikeproof.theory import axes_of_blocks, embed_rectangular

rng = np.random.default_rng(0)
model = bipartite_dcbm(2000, 600, 3, heterogeneity=LogNormal(0.5), mean_length=25, mixing=0.05, rng=rng)
found = embed_rectangular(sample_bipartite(model, rng, law="poisson"), 3)
listeners, songs = found.vectors("half", of="contexts"), found.vectors("half", of="items")

left, right = picture("Listeners point where the songs that they like point", 2)
names = ["jazz", "folk", "rock"]
draw_rows(left, listeners, model.contexts.labels, dimensions=(1, 2), names=names)
draw_rows(right, songs, model.items.labels, dimensions=(1, 2), names=names)
left.set_title("2,000 listeners", loc="left", fontsize="medium")
right.set_title("600 songs", loc="left", fontsize="medium")

axes = [
    axes_of_blocks(rows, side.labels) for rows, side in ((listeners, model.contexts), (songs, model.items))
]
assert ((axes[0] * axes[1]).sum(axis=1) > 0.99).all()
