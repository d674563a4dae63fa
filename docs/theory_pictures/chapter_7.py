"""Pictures of chapter 7: what PPMI keeps and what it removes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel, InteractionModel, erdos_renyi_with_hubs, sample_graph, sample_interactions
from simulate.plot_axes import plain_ticks
from theory import cooccurrence, embed, ppmi, spikiness
from theory_pictures.marks import COLOURS, heat, plane, word


def section_7_1(canvas: Figure) -> None:
    """Expected counts, and their PPMI."""
    left, right = canvas.subplots(1, 2)
    theta, block = np.tile(np.exp(np.linspace(-1, 1, 15)), 2), np.repeat([0, 1], 15)
    expected = np.outer(theta, theta) * np.array([[1.0, 0.3], [0.3, 0.8]])[np.ix_(block, block)]
    degrees = expected.sum(axis=0)
    heat(left, expected**0.5, "expected counts (their roots)")
    heat(right, np.maximum(0, np.log(degrees.sum() * expected / np.outer(degrees, degrees))), "PPMI")


def section_7_2(canvas: Figure) -> None:
    """The spread of norms as a log grows."""
    axis = canvas.subplots()
    theta = np.tile(np.exp(np.linspace(-1, 1, 30)), 2)
    model = InteractionModel(theta, np.repeat([0, 1], 30), mean_length=2.5)
    sizes = (200, 600, 2000, 6000, 20_000)
    spreads: list[list[float]] = [[], []]
    for size in sizes:
        log = sample_interactions(model, size, np.random.default_rng(0))[0]
        found = ppmi(log)
        for number, (matrix, items) in enumerate(
            ((cooccurrence(log).counts, np.arange(60)), (found.matrix, found.items))
        ):
            norms = np.linalg.norm(embed(matrix, 2).vectors("full"), axis=1)[model.labels[items] == 0]
            spreads[number].append(float(norms.std() / norms.mean()))
    for number, name in enumerate(("counts", "PPMI")):
        axis.semilogx(sizes, spreads[number], "o-", color=COLOURS[number])
        word(axis, 24_000, spreads[number][-1], name, COLOURS[number], va="center")
    axis.set(
        xlabel="contexts", ylabel="spread of norms in a\ncommunity, CV", ylim=(0, None), xlim=(150, 60_000)
    )
    plain_ticks(axis.xaxis, 100, 1e6)


def section_7_3(canvas: Figure) -> None:
    """Three graphs that have few peaks."""
    rng, blocks = np.random.default_rng(0), np.repeat([0, 1, 2], 200)
    plain = sample_graph(BlockModel(np.ones(600), blocks, 0.25 * np.eye(3) + 0.02), rng, law="poisson")
    avoiding = sample_graph(BlockModel(np.ones(600), blocks, 0.27 - 0.25 * np.eye(3)), rng, law="poisson")
    hubs, _ = erdos_renyi_with_hubs(600, 1.0, 3, 150, rng)
    shown = (
        (plain, 3, "no popularity"),
        (avoiding, 3, "communities that\navoid themselves"),
        (hubs, 6, "hubs, no\ncommunity"),
    )
    for axis, (graph, rank, title) in zip(canvas.subplots(1, 3), shown):
        rows = embed(graph, rank).vectors("full")
        spikes = spikiness(rows)
        points = rows[:, 1:3] if rank == 3 else rows[:, [0, 2]]
        points = points / np.quantile(np.linalg.norm(points, axis=1), 0.99)
        plane(axis, 1.1)
        for number in (-1, *range(min(spikes.n_peaks, 6))):
            mine = spikes.membership == number
            axis.plot(*points[mine].T, "o", markersize=1.5, color="0.75" if number < 0 else COLOURS[number])
        axis.set_title(f"{title}:\n{spikes.n_peaks} peaks", fontsize="small")
