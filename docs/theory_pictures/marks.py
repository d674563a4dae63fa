"""What the pictures have in common: colours by community, rays, and words written beside what they name."""

from __future__ import annotations

from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.patches import Wedge
from numpy.typing import ArrayLike, NDArray

from reports.figures.claims import PALETTE
from theory import Spikes

COLOURS = sns.color_palette(PALETTE, 10)
GREY = "0.45"
HALF_ANGLE = float(np.degrees(np.arccos(0.9)))  # of a cone


def word(axis: Any, x: float, y: float, text: str, colour: Any = GREY, **options: Any) -> None:
    """Write `text` at (x, y) of the data."""
    axis.text(x, y, text, color=colour, fontsize="small", **options)


def corner(axis: Any, text: str, colour: Any = GREY, x: float = 0.03, y: float = 0.97) -> None:
    """Write `text` into a corner of the axis, the upper left one unless said."""
    where = {"ha": "left" if x < 0.5 else "right", "va": "top" if y > 0.5 else "bottom"}
    axis.text(x, y, text, color=colour, fontsize="small", transform=axis.transAxes, **where)


def plane(axis: Any, reach: float, low: float | None = None) -> None:
    """Make a plane with its two axes and no numbers, from `low` (-reach unless given) to `reach`."""
    low = -reach if low is None else low
    axis.axhline(0, color="0.75", linewidth=0.8, zorder=0)
    axis.axvline(0, color="0.75", linewidth=0.8, zorder=0)
    axis.set(xlim=(low, reach), ylim=(low, reach), xticks=[], yticks=[], aspect="equal")
    sns.despine(ax=axis, left=True, bottom=True)


def cones(axis: Any, rows: NDArray[np.float64], found: Spikes) -> None:
    """Draw rows in the plane with the cones of their peaks."""
    reach = 1.1 * float(np.linalg.norm(rows, axis=1).max())
    plane(axis, reach)
    for number, peak in enumerate(found.peaks):
        angle = float(np.degrees(np.arctan2(rows[peak, 1], rows[peak, 0])))
        wedge = Wedge(
            (0, 0), reach, angle - HALF_ANGLE, angle + HALF_ANGLE, color=COLOURS[number % 10], alpha=0.12
        )
        axis.add_patch(wedge)
        axis.plot(*rows[peak], "*", markersize=9, color=COLOURS[number % 10])
    for row, number in zip(rows, found.membership):
        axis.plot(*row, "o", markersize=3, color="0.6" if number < 0 else COLOURS[number % 10])


def arrow(axis: Any, start: ArrayLike, end: ArrayLike, colour: Any, width: float = 1.5) -> None:
    """Draw an arrow from `start` to `end`."""
    axis.annotate(
        "", np.asarray(end), np.asarray(start), arrowprops={"arrowstyle": "->", "color": colour, "lw": width}
    )


def heat(axis: Any, matrix: ArrayLike, title: str) -> None:
    """Show a matrix as an image, dark where it is large."""
    values = np.asarray(matrix)
    axis.imshow(values, cmap="Greys", vmin=min(0.0, float(values.min())))
    axis.set(xticks=[], yticks=[])
    axis.grid(visible=False)
    axis.set_title(title, fontsize="small")
