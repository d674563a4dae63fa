"""What the pictures have in common: colours by community, rays, and words written beside what they name."""

from __future__ import annotations

from typing import Any

import numpy as np
import seaborn as sns
from numpy.typing import ArrayLike

from reports.figures.claims import PALETTE

COLOURS = sns.color_palette(PALETTE, 10)
GREY = "0.45"


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
