"""Pictures of chapter 6: peaks against dimensions, chance, and hubs."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel, LogNormal, dcbm, erdos_renyi_with_hubs, sample_graph
from simulate.plot_axes import plain_ticks
from theory import Embedding, PredictedSample, chance_peaks, embed, spikiness
from theory_pictures.marks import COLOURS, corner, plane, word

RANKS = (4, 6, 8, 11, 16, 22, 30)


@cache
def four_communities() -> tuple[BlockModel, Embedding]:
    """Return a model of four communities and the embedding of a sample."""
    rng = np.random.default_rng(0)
    model = dcbm(1000, 4, heterogeneity=LogNormal.from_cv(0.5), mean_degree=30, rng=rng)
    return model, embed(sample_graph(model, rng, law="poisson"), max(RANKS))


def section_6_1(canvas: Figure) -> None:
    """Peaks against dimensions, without noise."""
    axis = canvas.subplots()
    affinity = 0.5 * np.diag(np.linspace(1, 0.6, 8)) + 0.05
    values, basis = BlockModel(np.ones(160), np.repeat(np.arange(8), 20), affinity).spectrum()
    peaks = [spikiness((basis * values)[:, :f], coverage=0.95).n_peaks for f in range(2, 9)]
    axis.plot(range(2, 9), peaks, "o-", color=COLOURS[0])
    axis.axhline(8, color="0.3", linestyle=":")
    word(axis, 2, 8.15, "eight communities")
    word(axis, 5.2, 5.4, "each dimension separates one more", COLOURS[0])
    axis.set(xlabel="dimensions f", ylabel="peaks for 95 % of rows", ylim=(0, 9.5))


def section_6_2(canvas: Figure) -> None:
    """Peaks of a sample and their prediction."""
    axis = canvas.subplots()
    model, embedding = four_communities()
    rows = embedding.vectors("full")
    found = [spikiness(rows[:, :f]).n_peaks for f in RANKS]
    predicted = PredictedSample(model, "poisson").spikiness(RANKS, np.random.default_rng(1)).peaks
    axis.semilogy(RANKS, predicted, color=COLOURS[0])
    axis.semilogy(RANKS, found, "o", color=COLOURS[1])
    word(axis, 16, 30, "predicted from the model", COLOURS[0])
    word(axis, 16, 14, "● a sample", COLOURS[1])
    axis.axvline(4, color="0.3", linestyle=":")
    word(axis, 4.2, 330, "four communities")
    axis.set(xlabel="dimensions f", ylabel="peaks for half of the rows")
    plain_ticks(axis.yaxis, 1, 600)


def section_6_3(canvas: Figure) -> None:
    """The same in three scalings."""
    axis = canvas.subplots()
    _, embedding = four_communities()
    for number, (scaling, name) in enumerate((("unit", "U"), ("half", "U|Λ|^½"), ("full", "U|Λ|"))):
        rows = embedding.vectors(scaling)  # type: ignore[arg-type]
        peaks = [spikiness(rows[:, :f]).n_peaks for f in RANKS]
        axis.semilogy(RANKS, peaks, "o-", markersize=4, color=COLOURS[number])
        word(axis, 23, 12 * 2.6 ** (2 - number), name, COLOURS[number])
    axis.set(xlabel="dimensions f", ylabel="peaks for half of the rows")
    plain_ticks(axis.yaxis, 1, 600)


def section_6_4(canvas: Figure) -> None:
    """Spk of random directions."""
    axis = canvas.subplots()
    numbers = np.geomspace(100, 1e7, 60)
    for number, rank in enumerate((3, 6, 10, 16)):
        share = [100 * chance_peaks(int(n), rank).value for n in numbers]
        axis.loglog(numbers, share, color=COLOURS[number])
        word(axis, 1.15e7, share[-1], f"f = {rank}", COLOURS[number], va="center")
    axis.axhline(1, color="0.3", linestyle=":")
    word(axis, 120, 1.15, "1 %")
    axis.set(xlabel="number of random directions", ylabel="Spk, %", xlim=(100, 6e7), ylim=(1e-4, 100))
    plain_ticks(axis.xaxis, 100, 1e7)
    plain_ticks(axis.yaxis, 1e-3, 100)


def section_6_5(canvas: Figure) -> None:
    """The eigenvalue of a hub."""
    axis = canvas.subplots()
    sea = 10.0
    degree = np.linspace(2 * sea, 200, 100)
    axis.plot(
        [0, 2 * sea, *degree],
        [2 * sea**0.5, 2 * sea**0.5, *(degree / np.sqrt(degree - sea))],
        color=COLOURS[0],
    )
    for hub in (10, 40, 80, 120, 160, 190):
        graph, hubs = erdos_renyi_with_hubs(1500, sea, 1, hub, np.random.default_rng(hub))
        values = embed(graph, 3).eigenvalues
        axis.plot(graph.sum(axis=1)[hubs[0]], -values.min(), "o", color=COLOURS[1])
    axis.axhline(2 * sea**0.5, color="0.3", linestyle=":")
    word(axis, 120, 2 * sea**0.5 + 0.15, "edge of the sea")
    word(axis, 90, 12.2, "D/√(D − d)", COLOURS[0], ha="right")
    word(axis, 130, 9.5, "● samples", COLOURS[1])
    axis.set(xlabel="degree D of the hub, in a sea of degree d = 10", ylabel="eigenvalue")


def section_6_6(canvas: Figure) -> None:
    """Neighbours of hubs are collinear."""
    axis = canvas.subplots()
    graph, hubs = erdos_renyi_with_hubs(2000, 3.0, 2, 200, np.random.default_rng(0))
    embedding = embed(graph, 4)
    rows = embedding.vectors("full")[
        :, np.argsort(-embedding.eigenvalues)[:2]
    ]  # the positive one of each pair
    joined = graph.toarray()[hubs] > 0
    rows = rows / np.linalg.norm(rows[~np.isin(np.arange(2000), hubs)], axis=1).max()
    plane(axis, 1.1)
    axis.plot(*rows[joined.sum(axis=0) == 0].T, "o", markersize=1, color="0.7")
    for number in range(2):
        mine = joined[number] & (joined.sum(axis=0) == 1)
        axis.plot(*rows[mine].T, "o", markersize=3, color=COLOURS[number])
    corner(axis, "coloured: neighbours of one\nhub each; grey: all others", x=0.75)
