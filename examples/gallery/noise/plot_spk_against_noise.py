"""
Spk stays low until communities drown
=====================================

Spk counts how many cones about long vectors are needed to hold half of all vectors: the fewer, the spikier. Here edges of a graph
with five communities are moved to random places. The number hardly changes while all communities stand out of the noise, and
rises when they drown. So it warns late, and does not measure how much noise there is.
"""

import numpy as np

from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, rewire, sample_graph
from spikeproof.theory import embed, spikiness

rng = np.random.default_rng(0)
model = dcbm(1500, 5, heterogeneity=LogNormal(0.4, maximum=2.5), mean_degree=40, mixing=0.02, rng=rng)
graph = sample_graph(model, rng)
noise = np.abs(embed(rewire(graph, 1.0, rng).graph, 2).eigenvalues[1])  # of a graph without communities

moved = np.linspace(0, 1, 17)
peaks, seen = [], []
for share in moved:
    embedding = embed(rewire(graph, share, rng).graph, 5)
    peaks.append(spikiness(embedding.vectors("full")).n_peaks)
    seen.append(int((embedding.eigenvalues > 1.05 * noise).sum()))
drowned = moved[np.argmax(np.array(seen) < 5)]

(axis,) = picture("Spk notices noise only when communities drown")
axis.plot(moved, peaks, "o-", color=COLOURS[0])
axis.axvspan(drowned - moved[1] / 2, 1.02, color=GREY, alpha=0.2, linewidth=0)
axis.text(0.02, 13, "all five communities\nstand out of the noise", color=GREY, va="top")
axis.text(drowned, 1, "some have\ndrowned", color=GREY)
axis.set(xlabel="share of the edges moved to random places", ylabel="peaks that hold half of the vectors")
axis.set(ylim=(0, 18), xlim=(-0.02, 1.02))

assert max(peaks[:9]) <= 4 < min(peaks[13:]) and drowned > 0.6
