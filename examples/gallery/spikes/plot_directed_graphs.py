"""
Directed graphs have two sets of vectors
========================================

In a directed graph a node sends and receives. Its singular value decomposition gives each node two vectors, one for either
role. Here every node sends with one community and receives with another, both at random, so that the colours of the senders are
mixed up on the right: neither set of vectors tells the other.
"""

import numpy as np

from spikeproof.reports import draw_rows, picture
from spikeproof.simulate import LogNormal, directed_dcbm, sample_directed
from spikeproof.theory import cosines_to_axes, embed_rectangular

rng = np.random.default_rng(0)
model = directed_dcbm(
    1200, 3, heterogeneity=LogNormal(0.4), mean_degree=60, mixing=0.05, agreement=0.0, rng=rng
)
found = embed_rectangular(sample_directed(model, rng, law="poisson"), 3)
sends = model.outgoing.labels

left, right = picture("Who sends alike need not receive alike", 2)
draw_rows(left, found.vectors(of="contexts"), sends, dimensions=(1, 2))
draw_rows(right, found.vectors(of="items"), sends, dimensions=(1, 2))
left.set_title("as senders", loc="left", fontsize="medium")
right.set_title("as receivers, in the colours of the senders", loc="left", fontsize="medium")

cosines = [cosines_to_axes(found.vectors(of=role), sends) for role in ("contexts", "items")]
assert np.mean(cosines[0] > 0.8) > 0.9 > 0.5 > np.mean(cosines[1] > 0.8)
