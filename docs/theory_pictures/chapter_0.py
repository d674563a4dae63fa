"""Pictures of chapter 0: a model, a sample of it, and how Spk counts."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel, sample_graph
from theory import embed, spikiness
from theory_pictures.marks import COLOURS, cones, corner, heat, plane


def section_0_1(canvas: Figure) -> None:
    """Expected edges, a sample, and the rows of its embedding."""
    left, middle, right = canvas.subplots(1, 3)
    theta, block = np.tile(np.exp(np.linspace(-1, 1, 60)), 2), np.repeat([0, 1], 60)
    model = BlockModel(theta, block, np.array([[0.3, 0.05], [0.05, 0.25]]))
    heat(left, (np.outer(theta, theta) * model.affinity[np.ix_(block, block)]) ** 0.5, "P: expected edges")
    graph = sample_graph(model, np.random.default_rng(0), law="poisson")
    heat(middle, np.minimum(graph.toarray(), 1), "A: a sample")
    rows = embed(graph, 2).vectors("full")
    rows = rows / np.linalg.norm(rows, axis=1).max()
    plane(right, 1.05)
    for number in range(2):
        right.plot(*rows[block == number].T, "o", markersize=2, color=COLOURS[number])
    right.set_title("rows of its embedding", fontsize="small")


def section_0_3(canvas: Figure) -> None:
    """Peaks and cones of rows in the plane, until more than half of the rows are covered."""
    axis = canvas.subplots()
    rng = np.random.default_rng(2)
    angle = np.radians(
        np.concatenate(
            [25 + 5 * rng.standard_normal(12), 110 + 7 * rng.standard_normal(9), rng.uniform(170, 350, 12)]
        )
    )
    lengths = np.concatenate([rng.uniform(0.2, 1, 12), rng.uniform(0.2, 0.85, 9), rng.uniform(0.1, 0.5, 12)])
    rows = np.stack([np.cos(angle), np.sin(angle)], axis=1) * lengths[:, None]
    found = spikiness(rows)
    cones(axis, rows, found)
    corner(
        axis,
        f"★ {found.n_peaks} peaks hold more\nthan half of {len(rows)} rows:\nSpk = {found.n_peaks}/{len(rows)}",
        x=-0.7,
    )
