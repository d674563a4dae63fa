"""
How many dimensions?
====================

Playlists draw songs from twelve genres. To choose the number of dimensions f, hide songs of playlists and look for them: beyond
twelve dimensions fewer are found. Parallel analysis, which counts the dimensions that chance does not give, agrees. The knee of
Spk, the last f whose vectors lie on few spikes, does not: the noise makes few new spikes here.
"""

import numpy as np

from spikeproof.experiments import choose_rank_by_recall, folds_of
from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import InteractionModel, LogNormal, permuted_items, sample_interactions
from spikeproof.theory import analyse, parallel_analysis, ppmi, spikiness_curve, spikiness_knee

rng = np.random.default_rng(0)
theta = LogNormal(0.6, maximum=5.0).sample(600, rng)
model = InteractionModel(theta, np.arange(600) % 12, mean_length=8.0, concentration=0.3)
log, _ = sample_interactions(model, 1200, rng, clip=True)

found = analyse(log, 48, kind="interactions")
curve = spikiness_curve(found.embedding)
knee = spikiness_knee(curve.ranks, curve.n_peaks)
null = {"null": lambda rng: ppmi(permuted_items(log, rng)).matrix}
parallel, _ = parallel_analysis(found.matrix, 48, rng, **null)
folds = folds_of(log, found, "interactions", 48, rng)
choice = choose_rank_by_recall(folds, 600, rng, parallel=parallel, knee=knee)

(axis,) = picture("Hidden songs are found best with as many dimensions as genres", log="x")
axis.plot(
    [row["rank"] for row in choice.curve], [row["recall"] for row in choice.curve], "o-", color=COLOURS[0]
)
axis.text(16, 0.9, "hidden songs found", color=COLOURS[0], fontweight="bold")
rules = {"most found": choice.rank, "parallel analysis": parallel, "knee of Spk": knee}
for k, (words, rank) in enumerate(rules.items()):
    axis.axvline(rank, color=COLOURS[k], linestyle="--", linewidth=1, zorder=0)
    axis.text(rank * 0.97, 0.07 + 0.06 * k, f"{words}: {rank}", color=COLOURS[k], ha="right")
axis.set(xlabel="dimensions f", ylabel="found among the first 50", ylim=(0, 1))

assert choice.rank == parallel == 12 < knee
