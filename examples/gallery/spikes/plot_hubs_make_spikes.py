"""
Hubs make spikes without communities
====================================

This graph has no community at all: nodes that differ in activity meet at random, and each of three hubs is joined to a tenth of
the nodes. Still its vectors form spikes. Each coloured spike holds the neighbours of one hub, each grey one those of two. So a
spike is no proof of a community: look at what its members have in common.
"""

import numpy as np
from scipy.sparse import diags_array

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import LogNormal, erdos_renyi_with_hubs
from spikeproof.theory import cosines_to_axes, embed

rng = np.random.default_rng(0)
graph, hubs = erdos_renyi_with_hubs(3000, mean_degree=3.0, n_hubs=3, hub_degree=300, rng=rng)
activity = LogNormal(0.5).sample(3000, rng)
activity[hubs] = 1.0
graph = diags_array(activity) @ graph @ diags_array(activity)

joined = graph[:, hubs].toarray() > 0
of_hub = np.where(joined.sum(axis=1) == 1, joined.argmax(axis=1), -1)  # -1: of no hub, or of several
embedding = embed(graph, 60)
vectors = embedding.vectors("full")[:, embedding.eigenvalues > 0][:, :3]
cosines = cosines_to_axes(vectors, of_hub)[of_hub >= 0]

(axis,) = picture("No community anywhere, and three spikes: the neighbours of three hubs")
names = [f"hub {k + 1}" for k in range(3)]
shown = ~np.isin(np.arange(3000), hubs)  # the hubs themselves lie far outside
draw_rows(axis, vectors[shown], of_hub[shown], dimensions=(1, 2), names=names)

assert np.mean(cosines > 0.9) > 0.95
