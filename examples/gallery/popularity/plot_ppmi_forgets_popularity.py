"""
PPMI forgets popularity
=======================

Playlists draw songs from five genres. If we embed how often two songs occur together, the length of a vector follows the song's
popularity. PPMI divides what was counted by what chance would give, and so divides popularity out: lengths hardly depend on
it, except for songs too rare to be counted well.
"""

import numpy as np

from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import InteractionModel, LogNormal, sample_interactions
from spikeproof.theory import analyse

rng = np.random.default_rng(0)
theta = LogNormal(0.8, maximum=6.0).sample(600, rng)
model = InteractionModel(theta, np.arange(600) % 5, mean_length=10.0, concentration=0.1)
log, _ = sample_interactions(model, 30_000, rng, clip=True)

slopes = {}
(axis,) = picture("Counts: length follows popularity. PPMI: it does not", log="xy")
for operator, words, colour in (("counts", "counts", COLOURS[1]), ("ppmi", "PPMI", COLOURS[0])):
    found = analyse(log, 5, kind="interactions", operator=operator)
    norms = np.linalg.norm(found.embedding.vectors("full"), axis=1)
    norms /= np.median(norms)
    axis.plot(found.popularity, norms, ".", color=colour, markersize=4, alpha=0.6)
    slopes[words], start = np.polyfit(np.log(found.popularity), np.log(norms), 1)
    most = found.popularity.max()
    end = np.exp(start + slopes[words] * np.log(most))
    axis.annotate(
        f"{words}\nslope {slopes[words]:.1f}",
        (most, end),
        (8, 0),
        textcoords="offset points",
        color=colour,
        fontweight="bold",
        va="center",
    )
axis.set(xlabel="playlists that hold the song", ylabel="length, over the median")

assert slopes["counts"] > 0.9 and abs(slopes["PPMI"]) < 0.3
