"""Pictures of chapter 8: the greedy rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from simulate import LogNormal, dcbm, sample_graph
from theory import embed, optimal_cover, spikiness
from theory_pictures.marks import COLOURS, cones, corner, word


def at(degrees: Any, lengths: Any) -> np.ndarray:
    """Return rows in the plane by angle and length."""
    angle = np.radians(np.asarray(degrees, float))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.asarray(lengths, float)[:, None]


def section_8_1(canvas: Figure) -> None:
    """Two peaks and their cones."""
    axis = canvas.subplots()
    rng = np.random.default_rng(5)
    degrees = np.concatenate(
        [40 + 6 * rng.standard_normal(8), 130 + 6 * rng.standard_normal(6), rng.uniform(180, 360, 9)]
    )
    rows = at(degrees, rng.uniform(0.3, 0.9, 23) + 0.3 * (degrees < 160))
    cones(axis, rows, spikiness(rows))
    corner(axis, "★ peaks, the longest\nuncovered rows;\ncones: cosine > 0.9;\ngrey: not covered", x=-0.75)


def section_8_2(canvas: Figure) -> None:
    """Long outliers and a short bundle."""
    axis = canvas.subplots()
    degrees = np.concatenate([[60, 115, 170, 225, 280], np.full(7, 5.0) + np.arange(-3, 4)])
    rows = at(degrees, [1.0, 0.97, 0.94, 0.91, 0.88, *np.linspace(0.2, 0.5, 7)])
    cones(axis, rows, spikiness(rows))
    corner(
        axis,
        "five long rows and one\nof the short ones are\ntaken; the cone of the\nshort ones is enough",
        x=-0.75,
    )


def section_8_3(canvas: Figure) -> None:
    """Communities in the order of their longest vector."""
    axis = canvas.subplots()
    sizes, lengths = np.array([10, 25, 20, 50, 45]), np.array([1.0, 0.85, 0.7, 0.55, 0.4])
    counted = np.cumsum(sizes) - sizes <= sizes.sum() / 2
    axis.barh(range(5), sizes, color=[COLOURS[0] if one else "0.8" for one in counted])
    for place, (size, length) in enumerate(zip(sizes, lengths)):
        word(axis, size + 1, place, f"longest vector {length}", va="center")
    axis.set(
        xlabel="rows of the community; blue: its peak is counted (more than half of 150)",
        yticks=[],
        xlim=(0, 75),
    )
    axis.invert_yaxis()


def section_8_4(canvas: Figure) -> None:
    """Greedy and optimal peaks of several embeddings."""
    axis = canvas.subplots()
    rng = np.random.default_rng(0)
    model = dcbm(120, 4, heterogeneity=LogNormal.from_cv(0.5), mean_degree=30, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    shown = [(f"block model, f = {f}", embed(graph, f).vectors("full")) for f in (4, 5, 6)]
    shown += [(f"random, f = {f}", rng.standard_normal((120, f))) for f in (3, 4)]
    for place, (name, rows) in enumerate(shown):
        greedy, best = spikiness(rows).n_peaks, optimal_cover(rows).n_peaks
        axis.plot([best, greedy], [place, place], color="0.7", zorder=0)
        axis.plot(best, place, "o", color=COLOURS[0])
        axis.plot(greedy, place, "s", color=COLOURS[1], markersize=5)
        word(axis, -0.5, place, name, "0.2", ha="right", va="center")
    word(axis, 12, 0, "● fewest possible", COLOURS[0], va="center")
    word(axis, 12, 1, "■ greedy rule", COLOURS[1], va="center")
    axis.set(xlabel="peaks", yticks=[], xlim=(-9, 26), xticks=range(0, 26, 5))


def section_8_5(canvas: Figure) -> None:
    """The same directions, turned, and with other lengths."""
    rng = np.random.default_rng(3)
    degrees, lengths = rng.uniform(0, 360, 14), rng.uniform(0.3, 1, 14)
    shown = (
        ("rows", at(degrees, lengths)),
        ("rotated", at(degrees + 70, lengths)),
        ("other lengths", at(degrees, rng.permutation(lengths))),
    )
    for axis, (name, rows) in zip(canvas.subplots(1, 3), shown):
        found = spikiness(rows, coverage=0.8)
        cones(axis, rows, found)
        axis.set_title(f"{name}: {found.n_peaks} peaks", fontsize="small")


def section_8_6(canvas: Figure) -> None:
    """Peaks of the construction against the cosine."""
    axis = canvas.subplots()
    a, b, *others = np.eye(62)
    cosine, sine = np.cos(np.radians([30, 25])), np.sin(np.radians([30, 25]))
    rows = [3 * (cosine[0] * b + sine[0] * a), 2 * b, *(cosine[1] * b + sine[1] * one for one in others)]
    taus = np.linspace(0.76, 0.93, 171)
    axis.plot(taus, [spikiness(rows, cosine=tau).n_peaks for tau in taus], color=COLOURS[0])
    word(axis, 0.842, 33, "31", COLOURS[0], ha="center")
    word(axis, 0.79, 4, "2", COLOURS[0], ha="center")
    word(axis, 0.886, 4, "2", COLOURS[0], ha="center")
    axis.set(xlabel="cosine of the cone (a narrower cone to the right)", ylabel="peaks", ylim=(0, 38))
