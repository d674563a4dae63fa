"""Pictures of chapter 9: neighbours in two snapshots."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from simulate import LogNormal, dcbm, sample_graph, thin_graph
from theory import embed, stability
from theory_pictures.marks import COLOURS, word


@cache
def two_snapshots() -> tuple[np.ndarray, np.ndarray]:
    """Return rows of a thinned graph and of the whole."""
    rng = np.random.default_rng(0)
    model = dcbm(2000, 3, heterogeneity=LogNormal.from_cv(0.8), mean_degree=80, rng=rng)
    later = sample_graph(model, rng, law="poisson")
    earlier = thin_graph(later, 0.5, rng)
    return embed(earlier, 3).vectors("full"), embed(later, 3).vectors("full")


def section_9_1(canvas: Figure) -> None:
    """Scores near the boundary."""
    axis = canvas.subplots()
    x = np.linspace(0, 5, 400)
    density = x**2 * np.exp(-1.6 * x)
    axis.plot(x, density, color="k")
    boundary, drift = 2.9, 0.35
    for side, colour, text, place in ((1, COLOURS[1], "may leave", 3.3), (-1, COLOURS[0], "may enter", 1.6)):
        near = (side * (x - boundary) > 0) & (side * (x - boundary) < drift)
        axis.fill_between(x[near], density[near], color=colour, alpha=0.6)
        word(axis, place, 0.05 if side < 0 else 0.14, text, colour)
    axis.axvline(boundary, color="0.3", linestyle=":")
    word(axis, boundary + 0.05, 0.29, "boundary q; right of it the list")
    axis.set(xlabel="score", ylabel="density f", yticks=[], ylim=(0, 0.32))


def section_9_2(canvas: Figure) -> None:
    """Rows of a few items in two snapshots."""
    axis = canvas.subplots()
    rng = np.random.default_rng(1)
    ray = np.array([0.95, 0.3])
    for length in np.linspace(0.3, 1, 7):
        later = length * ray + 0.05 * length**0.5 * rng.standard_normal(2)
        earlier = 0.5 * later + 0.035 * length**0.5 * rng.standard_normal(2)
        axis.plot(*np.stack([earlier, later], axis=1), color="0.75", linewidth=0.8, zorder=0)
        axis.plot(*later, "o", color=COLOURS[0])
        axis.plot(*earlier, "s", color=COLOURS[1], markersize=5)
    axis.plot([0, 1.1 * ray[0]], [0, 1.1 * ray[1]], color="0.4", linewidth=0.8, zorder=0)
    word(axis, 0.65, 0.05, "● later", COLOURS[0])
    word(axis, 0.2, 0.25, "■ earlier, with half of the edges", COLOURS[1], ha="left")
    axis.set(xlim=(0, 1.1), ylim=(-0.03, 0.42), xticks=[], yticks=[])


def section_9_3(canvas: Figure) -> None:
    """Overlap by fifths, under both similarities."""
    axis = canvas.subplots()
    for number, (similarity, name) in enumerate((("dot", "dot product"), ("cosine", "cosine"))):
        found = stability(
            *two_snapshots(),
            30,
            rng=np.random.default_rng(2),
            similarity=similarity,  # type: ignore[arg-type]
            within_part=True,
            n_queries=200,
        )
        axis.plot(range(1, 6), found.overlap, "o-", color=COLOURS[number])
        word(axis, 5.1, found.overlap[-1], name, COLOURS[number], va="center")
    axis.set(
        xlabel="fifths by norm, from short to long",
        ylabel="overlap",
        xticks=range(1, 6),
        xlim=(0.8, 6.2),
        ylim=(0, 1),
    )


def section_9_4(canvas: Figure) -> None:
    """Jaccard against overlap."""
    axis = canvas.subplots()
    overlap = np.linspace(0, 1, 100)
    axis.plot(overlap, overlap / (2 - overlap), color=COLOURS[0])
    axis.plot([0, 1], [0, 1], color="0.3", linestyle=":")
    axis.plot([0.8, 0.8, 0], [0, 2 / 3, 2 / 3], color=COLOURS[1], linewidth=0.8)
    word(axis, 0.02, 0.69, "overlap 0.8 is a Jaccard index of 0.667", COLOURS[1])
    axis.set(xlabel="overlap o", ylabel="Jaccard index J", xlim=(0, 1), ylim=(0, 1))


def section_9_5(canvas: Figure) -> None:
    """The path of a row as data arrive."""
    axis = canvas.subplots()
    rng = np.random.default_rng(3)
    share = np.linspace(0.3, 1.2, 500)
    path = 1 + 0.12 * np.cumsum(rng.standard_normal(500)) * (share[1] - share[0]) ** 0.5 / share
    axis.plot(share, path, color="0.6", linewidth=0.8)
    for at, name, colour in (
        (6 / 7, "thinned to p", COLOURS[1]),
        (1.0, "today", "k"),
        (1.2, "grown by g", COLOURS[0]),
    ):
        place = int(np.argmin(np.abs(share - at)))
        axis.plot(share[place], path[place], "o", color=colour)
        axis.axvline(share[place], color=colour, linestyle=":", linewidth=0.8)
        word(axis, share[place] - 0.005, path.max() + 0.01, name, colour, ha="right")
    axis.set(
        xlabel="share of today's data", ylabel="row over share", yticks=[], ylim=(None, path.max() + 0.04)
    )
