"""
Which lists of neighbours will last?
====================================

A dated log of films and their actors grows, and the 20 nearest neighbours of an actor change. How many stay is forecast for each
actor beforehand, from subsamples of the log as it is. What then happened follows the forecast, which is a little too
cautious here. A list of which less than half is expected to stay had better not be shown.
"""

import numpy as np

from spikeproof.experiments import check_forecast, load
from spikeproof.reports import COLOURS, GREY, picture

films = load("films-actors-3000")  # the actors of 3,000, with the years of the films
rng = np.random.default_rng(0)
checked = check_forecast(films, 16, rng)  # the earlier part of the log, then the whole of it
forecast, seen = checked.trust.forecast, checked.seen

(axis,) = picture("Which lists of neighbours last is known beforehand")
jitter = rng.uniform(-0.02, 0.02, len(seen))
axis.plot(forecast, seen + jitter, ".", color="#c3c8ce", markersize=2, zorder=0)
groups = np.array_split(np.argsort(forecast), 15)
means = np.array([(forecast[group].mean(), seen[group].mean()) for group in groups])
axis.plot(*means.T, "o", color=COLOURS[0])
axis.plot([0, 1], [0, 1], color=GREY)
axis.text(0.31, 0.24, "as forecast", color=GREY, ha="left")
axis.text(0.33, 0.6, f"mean of {len(groups[0])} actors", color=COLOURS[0], fontweight="bold", ha="right")
axis.axvspan(0, 0.5, color=COLOURS[3], alpha=0.1, linewidth=0)
axis.text(0.02, 0.03, "better not shown", color=COLOURS[3], fontweight="bold")
axis.set(
    xlabel="forecast: share of the 20 neighbours that stay",
    ylabel="share that stayed",
    xlim=(0, 1),
    ylim=(0, 1.03),
)
print(checked.sentence)

assert checked.rank_correlation > 0.4 and checked.inside > 0.8
