"""
Vectors of your own
===================

Any vectors will do: an array, or a file of one of many formats. Spk of each number of dimensions stands beside that of
random directions with the same lengths, mean and spectrum. The table of spikes then tells which items lie on which. Here a
spectrum that falls fast looks spiky and is not: chance gives the same.
"""

import numpy as np
from spikeproof.simulate.sound_vectors import sound_vectors

from spikeproof.experiments import spikes_of
from spikeproof.reports import COLOURS, GREY, picture

rng = np.random.default_rng(0)
on_rays = sound_vectors("on rays", 2000, 24, rng, rays=60, width=0.02)
falling = rng.standard_normal((2000, 24)) * 0.75 ** np.arange(24)

left, right = picture("A small Spk means little without that of chance beside it", 2, log="xy")
spiky = []
for axis, vectors, words in (
    (left, on_rays, "vectors on 60 rays"),
    (right, falling, "a spectrum that falls"),
):
    found = spikes_of(vectors, (2, 4, 8, 12, 16, 24))
    for column, name, colour in (("spk", "the vectors", COLOURS[0]), ("null_mean", "chance", GREY)):
        curve = found.curve.set_index("rank")[column]
        axis.plot(curve, "o-", color=colour)
        place = (24, curve[24] * (1.35 if (column == "spk") == (axis is right) else 0.65))
        axis.text(*place, name, color=colour, fontweight="bold", ha="right", va="center")
    axis.set_title(words, loc="left", fontsize="medium")
    axis.set(xlabel="dimensions", ylabel="Spk", ylim=(1e-3, 1))
    spiky.append(found.curve["spk"].iloc[-1] / found.curve["null_mean"].iloc[-1])
    print(f"{words}: {found.sentence}")

assert spiky[0] < 0.1 and spiky[1] > 0.9
