"""Pictures of chapter 1: populations of block models, and their rays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel
from simulate.plot_axes import plain_ticks
from theory import population, rays
from theory_pictures.marks import COLOURS, arrow, corner, heat, plane, word

SIZES = np.repeat([0, 1, 2], 20)
SPREAD = np.tile(np.exp(np.linspace(-1.0, 1.0, 20)), 3)
THREE = BlockModel(SPREAD, SIZES, [[0.5, 0.1, 0.05], [0.1, 0.35, 0.1], [0.05, 0.1, 0.25]])
TWO = BlockModel(SPREAD[:40], SIZES[:40], [[0.5, 0.12], [0.12, 0.3]])


def expected(model: BlockModel) -> np.ndarray:
    """Return P (n, n), which is small here."""
    return (
        np.outer(model.propensities, model.propensities) * model.affinity[np.ix_(model.labels, model.labels)]
    )


def section_1_1(canvas: Figure) -> None:
    """A matrix in blocks, and an eigenvector that is proportional to theta in each."""
    left, right = canvas.subplots(1, 2, width_ratios=[1, 1.7])
    heat(left, expected(THREE) ** 0.5, "expected edges, 60 nodes")
    second = THREE.spectrum()[1][:, 1]
    for block in range(3):
        mine = THREE.labels == block
        right.plot(THREE.propensities[mine], second[mine], "o-", markersize=3, color=COLOURS[block])
        word(right, 2.75, second[mine][-1], f"block {block + 1}", COLOURS[block], va="center")
    right.set(xlim=(0, 3.6), xlabel="propensity θ", ylabel="second eigenvector")


def section_1_2(canvas: Figure) -> None:
    """Rows of two communities on two rays, in two scalings."""
    for axis, scaling, title in zip(canvas.subplots(1, 2), ("unit", "full"), ("U", "U|Λ|")):
        values, basis = TWO.spectrum()
        rows = basis * np.abs(values) ** (0.0 if scaling == "unit" else 1.0)
        rows = rows * np.sign(rows.sum(axis=0)) / np.linalg.norm(rows, axis=1).max()
        plane(axis, 1.1)
        for block in range(2):
            mine = rows[TWO.labels == block]
            axis.plot(*np.stack([0 * mine[-1], 1.15 * mine[-1]], axis=1), color=COLOURS[block], linewidth=0.8)
            axis.plot(*mine.T, "o", markersize=3, color=COLOURS[block])
            word(
                axis,
                *(mine[-1] + [0.03, -0.2 + 0.3 * (mine[-1, 1] > 0)]),
                f"community {block + 1}",
                COLOURS[block],
            )
        axis.set_title(f"rows of {title}", fontsize="small")


def section_1_3(canvas: Figure) -> None:
    """The rays of three communities when two dimensions are kept."""
    axis = canvas.subplots()
    model = BlockModel(SPREAD, SIZES, [[0.5, 0.05, 0.2], [0.05, 0.45, 0.2], [0.2, 0.2, 0.3]])
    found = rays(model, scaling="unit", rank=2)
    plane(axis, 1.2)
    for block, direction in enumerate(found.directions):
        mine = np.outer(found.norms[found.labels == block], direction) / found.norms.max()
        axis.plot(*np.stack([0 * direction, 1.1 * direction], axis=1), color=COLOURS[block], linewidth=0.8)
        axis.plot(*mine.T, "o", markersize=3, color=COLOURS[block])
        word(axis, *(1.15 * direction), f"community {block + 1}", COLOURS[block], ha="center", va="center")
    corner(axis, "f = 2 of 3 dimensions", x=0.0)


def section_1_4(canvas: Figure) -> None:
    """Rows on rays, and the matrix of their products."""
    left, right = canvas.subplots(1, 2)
    angles, lengths = np.radians([15, 55, 100]), np.tile(np.linspace(0.3, 1.0, 8), 3)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rows = lengths[:, None] * np.repeat(directions, 8, axis=0)
    plane(left, 1.1, -0.25)
    for block in range(3):
        left.plot(*rows[8 * block : 8 * block + 8].T, "o-", markersize=3, linewidth=0.8, color=COLOURS[block])
    left.set_title("rows on three rays", fontsize="small")
    heat(right, rows @ rows.T, "their products: blocks, and in each θᵢθⱼB")


def section_1_5(canvas: Figure) -> None:
    """A row is the sum of the rows of its neighbours."""
    axis = canvas.subplots()
    steps = np.array([[0.5, 0.25], [0.45, 0.0], [0.35, 0.2], [0.6, 0.15]])
    places = np.concatenate([[[0, 0]], np.cumsum(steps, axis=0)])
    for number, (start, end) in enumerate(pairwise(places)):
        arrow(axis, start, end, COLOURS[0])
        word(axis, *((start + end) / 2 + [0.0, 0.05]), f"neighbour {number + 1}", COLOURS[0], ha="right")
    arrow(axis, [0, 0], places[-1], COLOURS[1], 2.2)
    word(axis, 1.15, 0.18, "the node: λ times its row", COLOURS[1])
    axis.set(xlim=(-0.1, 2.3), ylim=(-0.1, 0.75), xticks=[], yticks=[], aspect="equal")


def section_1_6(canvas: Figure) -> None:
    """Without the diagonal the ratio to theta falls; with the factor it is constant."""
    axis = canvas.subplots()
    matrix = expected(TWO)
    values, vectors = np.linalg.eigh(matrix - np.diag(np.diag(matrix)))
    ratio = np.abs(vectors[:, -1]) / TWO.propensities
    mended = ratio * (values[-1] + np.diag(matrix)) / values[-1]
    for block in range(2):
        mine = TWO.labels == block
        axis.plot(TWO.propensities[mine], ratio[mine], "o-", markersize=3, color=COLOURS[block])
        axis.plot(TWO.propensities[mine], mended[mine], "--", color=COLOURS[block])
        word(
            axis, 0.4, mended[mine][0] * 1.03, f"block {block + 1}; dashed: times (λ + Pᵢᵢ)/λ", COLOURS[block]
        )
    axis.set(xlabel="propensity θ", ylabel="eigenvector / θ", ylim=(0.6 * ratio.min(), 1.25 * ratio.max()))


def section_1_7(canvas: Figure) -> None:
    """The cosine between two rays of U Sigma, against mixing."""
    axis = canvas.subplots()
    mixing = np.linspace(0, 1, 101)
    for number, blocks in enumerate((4, 10, 20)):
        common = 2 * mixing * (1 - mixing) + mixing**2 * blocks
        cosine = common / ((1 - mixing) ** 2 + common)
        axis.plot(mixing, cosine, color=COLOURS[number])
        word(axis, 0.62, 0.3 + 0.15 * number, f"{blocks} communities", COLOURS[number])
    axis.axhline(0.9, color="0.3", linestyle=":")
    word(axis, 0.02, 0.92, "above: one spike")
    axis.set(xlabel="mixing r, affinity between over within", ylabel="cosine of two rays")


def section_1_8(canvas: Figure) -> None:
    """Expected interactions, and the items' vectors."""
    left, right = canvas.subplots(1, 2)
    affinity = np.array([[1.0, 0.1], [0.3, 0.8], [0.1, 0.2]])
    kinds, items = np.repeat([0, 1, 2], 8), np.repeat([0, 1], 15)
    popularity = np.tile(np.exp(np.linspace(-1, 1, 15)), 2)
    matrix = affinity[np.ix_(kinds, items)] * popularity
    heat(left, matrix, "contexts × items, expected")
    values, vectors = np.linalg.svd(matrix)[1:]
    rows = vectors[:2].T * values[:2]
    rows = rows * np.sign(rows.sum(axis=0)) / np.linalg.norm(rows, axis=1).max()
    plane(right, 1.1)
    for block in range(2):
        right.plot(*rows[items == block].T, "o-", markersize=3, linewidth=0.8, color=COLOURS[block])
    right.set_title("items: rows of VΣ", fontsize="small")


def section_1_9(canvas: Figure) -> None:
    """Norms of rows against theta for four operators."""
    axis = canvas.subplots()
    mine = TWO.labels == 0
    for number, name in enumerate(("adjacency", "normalised-laplacian", "regularised-walk", "random-walk")):
        norms = np.linalg.norm(population(name, TWO).vectors("unit"), axis=1)[mine]
        axis.loglog(TWO.propensities[mine], norms / norms[10], color=COLOURS[number])
        word(
            axis, 2.85, norms[-1] / norms[10], name, COLOURS[number], va="top" if "walk" in name else "bottom"
        )
    axis.set(xlabel="propensity θ", ylabel="norm of the row, relative", xlim=(0.36, 9))
    plain_ticks(axis.xaxis, 0.3, 9)
    plain_ticks(axis.yaxis, 0.3, 3)
