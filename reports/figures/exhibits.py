"""Drawing spikes: the leading dimensions of an embedding in space and in projection, coloured by spike.

Lengths are drawn on a logarithmic scale, ln(1 + length / median), which keeps directions and lets the quiet rows be seen
beside the loud ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import seaborn as sns
from numpy.typing import NDArray

from reports.figures.claims import PALETTE, blank, style, svg
from simulate.plain_text import printable

COLOURED = 8  # the largest spikes, which have a colour of their own; the rest is grey


def draw_exhibit(exhibit: dict[str, Any]) -> str:
    """Return the exhibit as SVG: dimensions 1 to 3 in space, and the last two of them; the plane where there are only two."""
    points = np.asarray(exhibit["points"], dtype=float)[:, :3]
    spikes = np.asarray(exhibit["spikes"])
    lengths = np.maximum(np.linalg.norm(points, axis=1), 1e-300)
    points *= (np.log1p(lengths / np.median(lengths)) / lengths)[:, None]
    rest = (spikes < 0) | (spikes >= COLOURED)
    groups = [(rest, (0.75, 0.75, 0.75))]
    groups += [
        (spikes == number, colour) for number, colour in enumerate(sns.color_palette(PALETTE, COLOURED))
    ]
    with style():
        canvas = blank(7.4, 3.9)
        if points.shape[1] == 3:
            grid = canvas.add_gridspec(1, 2, width_ratios=(1.25, 1))
            _space(canvas.add_subplot(grid[0], projection="3d"), points, groups)
            _plane(canvas.add_subplot(grid[1]), points[:, 1:], groups, (2, 3))
        else:
            _plane(canvas.add_subplot(1, 1, 1), points, groups, (1, 2))
        canvas.suptitle(
            printable(exhibit["caption"].split(":")[0]),
            fontsize="medium",
            fontweight="bold",
            x=0.02,
            ha="left",
        )
        canvas.tight_layout()
        return svg(canvas)


def _space(axis: Any, points: NDArray[Any], groups: list[Any]) -> None:
    for mine, colour in groups:
        axis.scatter(*points[mine].T, s=4, color=colour, linewidth=0, depthshade=False)
    reach = float(np.abs(points).max()) * 1.02
    axis.set(xlim=(-reach, reach), ylim=(-reach, reach), zlim=(-reach, reach))
    axis.set_box_aspect((1, 1, 1), zoom=1.15)
    for at in range(3):  # the origin, from which spikes start
        ends = np.zeros((3, 2))
        ends[at] = -reach, reach
        axis.plot(*ends, color="0.6", linewidth=0.6)
    for name in "xyz":
        getattr(axis, f"set_{name}ticklabels")([])
        getattr(axis, f"set_{name}label")(f"dimension {'xyz'.index(name) + 1}", labelpad=-12)
    axis.view_init(22, -58)


def _plane(axis: Any, points: NDArray[Any], groups: list[Any], numbers: tuple[int, int]) -> None:
    for mine, colour in groups:
        axis.scatter(*points[mine].T, s=6, color=colour, linewidth=0)
    axis.axhline(0, color="0.6", linewidth=0.6)
    axis.axvline(0, color="0.6", linewidth=0.6)
    axis.set_xlabel(f"dimension {numbers[0]} of U|Λ|, lengths logarithmic")
    axis.set_ylabel(f"dimension {numbers[1]} of U|Λ|")
