"""
Twins of a real matrix
======================

Do communities explain the spikes of actors who share films? A block model is fitted to the data, and samples of it, the twins,
are analysed like the data. They need few peaks, as the actors do, while actors dealt at random to films need many. So
communities explain the spikes, though not wholly: all twins need fewer peaks than the actors.
"""

import numpy as np

from spikeproof.experiments import find_item_blocks, fit_twin, load
from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import permuted_items
from spikeproof.theory import analyse, spikiness

rng = np.random.default_rng(0)
log = load("films-actors-3000").interactions
model = fit_twin(log, find_item_blocks(log, "spikes", rank=16, rng=rng))


def peaks(interactions):
    """How many peaks hold half of the vectors, in 16 dimensions."""
    return spikiness(analyse(interactions, 16, kind="interactions").embedding.vectors("full")).n_peaks


counts = {
    "actors who share films": [peaks(log)],
    "8 twins: samples of a block model": [peaks(model.sample(rng)) for _ in range(8)],
    "8 times dealt at random": [peaks(permuted_items(log, rng)) for _ in range(8)],
}
(axis,) = picture("A block model makes such spikes, chance does not", log="x", height=2.6)
for k, (name, values) in enumerate(counts.items()):
    colour = (COLOURS[3], COLOURS[0], GREY)[k]
    axis.plot(values, [k] * len(values), "o", color=colour, markersize=9, alpha=0.6)
    axis.text(min(values), k - 0.3, name, color=colour, fontweight="bold", ha="left" if k < 2 else "right")
axis.set(xlabel="peaks that hold half of the vectors", yticks=[], ylim=(2.5, -0.8), xlim=(10, 3000))

real, twins, chance = counts.values()
assert max(twins) < 2 * real[0] < 0.2 * min(chance)
