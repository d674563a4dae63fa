"""
Is it spikier than chance?
==========================

A small Spk means little by itself: in few dimensions any vectors crowd together. Here are actors who share films, and beside
them the same data with the actors dealt at random to the films, so that each keeps the number of films. Where the two curves
part, the spikes say something about who works with whom.
"""

import numpy as np

from spikeproof.experiments import load
from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import permuted_items
from spikeproof.theory import analyse, spikiness_curve

ranks = [2, 3, 4, 6, 8, 12, 16, 24, 32]
log = load("films-actors-3000").interactions
real = analyse(log, 32, kind="interactions").embedding
chance = analyse(permuted_items(log, np.random.default_rng(0)), 32, kind="interactions").embedding

(axis,) = picture("Actors who share films are up to 30 times as spiky as chance", log="xy")
values = []
for colour, name, embedding in (
    (COLOURS[0], "actors and films", real),
    (GREY, "actors dealt at random", chance),
):
    curve = spikiness_curve(embedding, ranks)
    values.append(curve.values)
    axis.plot(curve.ranks, curve.values, "o-", color=colour)
    axis.annotate(
        name,
        (curve.ranks[-1], curve.values[-1]),
        (6, 0),
        textcoords="offset points",
        color=colour,
        fontweight="bold",
        va="center",
    )
axis.set(xlabel="dimensions", ylabel="Spk: peaks over vectors")
ratios = values[1] / values[0]
assert ratios[0] < 4 < 20 < ratios.max()
