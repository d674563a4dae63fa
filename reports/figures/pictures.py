"""How do the pictures of the gallery look? White cards with the finding above, in colours that colour-blind readers tell apart.

Figures are those of pyplot, so that a notebook or a gallery finds them; nothing of matplotlib's global settings is changed. The
palette is "colorblind" of seaborn, which also the figures of the pages use.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
import seaborn as sns
from matplotlib import ticker
from numpy.typing import ArrayLike

from reports.figures.claims import PALETTE, style
from simulate.validation import require_array, require_choice, require_integer, require_labels

COLOURS: tuple[str, ...] = tuple(sns.color_palette(PALETTE).as_hex())
GREY = "#8a8f96"  # of what is background: other rows, bounds, notes
PANEL = 3.9  # inches
DOTS = 100  # to an inch


def picture(
    finding: str, panels: int = 1, *, log: str = "", width: float | None = None, height: float = PANEL
) -> tuple[Any, ...]:
    """Return the axes of a new figure of pyplot, side by side, with the finding as its title.

    Parameters
    ----------
    finding
        what the picture shows, in a sentence; it is text, never mathematics.
    panels
        how many axes, at least 1.
    log
        which axes are logarithmic: "", "x", "y" or "xy".
    width, height
        of the figure in inches; without a width 6.4 for one panel, and 4.1 for each of several.

    Returns
    -------
    tuple of `panels` axes of matplotlib.

    Raises
    ------
    ValueError
        for fewer panels than one, or another `log`.

    Examples
    --------
    >>> (axis,) = picture("Nothing is drawn yet")
    >>> axis.figure.get_suptitle()
    'Nothing is drawn yet'
    """
    from matplotlib import (
        pyplot as plt,
    )  # here, so that nothing is decided about the backend before a picture is made

    require_integer(panels, "panels", least=1)
    require_choice(log, "log", ("", "x", "y", "xy"))
    inches = width or (6.4 if panels == 1 else 4.1 * panels)
    # before the style, since with its first figure pyplot may turn to showing figures, which the end of a style would undo
    figure = plt.figure(figsize=(inches, height), facecolor="white", dpi=DOTS)
    # tick labels of matplotlib are mathematics
    with style(), matplotlib.rc_context({"text.parse_math": True}):
        axes = figure.subplots(1, panels, squeeze=False)
        figure.set_layout_engine("constrained", w_pad=0.09, h_pad=0.09)
        lines = textwrap.fill(finding, int(inches * 9.2))
        figure.suptitle(lines, x=0.015, ha="left", fontsize="large", fontweight="bold", parse_math=False)
        sns.despine(figure)
        for axis in axes.flat:
            for name in log:
                axis.set(**{f"{name}scale": "log"})
                _plain_ticks(getattr(axis, f"{name}axis"))
    return tuple(axes.flat)


def draw_rows(
    axis: Any,
    vectors: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    dimensions: tuple[int, int] = (0, 1),
    names: Sequence[str] = (),
    size: float = 7.0,
) -> None:
    """Draw rows on two of their dimensions, in equal units, with lines through the origin, where spikes begin.

    Parameters
    ----------
    axis
        of matplotlib.
    vectors
        (n, f) rows.
    groups
        (n,) integers: the colour of each row, in turn from `COLOURS`; grey below 0. Without them all have the first colour.
    dimensions
        the two columns, from 0 on; their labels count from 1.
    names
        of the groups 0, 1, ..., each written in its colour at the group's longest row.
    size
        of a point, in square points.

    Raises
    ------
    ValueError
        for vectors that are no matrix of finite numbers with these two columns, or groups of another length.

    Examples
    --------
    >>> (axis,) = picture("Two rows")
    >>> draw_rows(axis, [[1, 0], [0, 2]], [0, 1], names=["a", "b"])
    >>> [text.get_text() for text in axis.texts]
    ['a', 'b', 'dimension 1', 'dimension 2']
    """
    rows = np.atleast_2d(require_array(vectors, "vectors"))
    if rows.ndim != 2 or not 0 <= min(dimensions) <= max(dimensions) < rows.shape[1]:
        raise ValueError(
            f"vectors must be a matrix with the columns {dimensions}, from 0 on; got shape {rows.shape}"
        )
    points = rows[:, list(dimensions)]
    group = require_labels(np.zeros(len(rows), int) if groups is None else groups, "groups", len(rows))
    colours = np.array([*COLOURS, GREY])
    order = np.random.default_rng(0).permutation(len(rows))  # no group lies on top of the others
    order = order[np.argsort(group[order] >= 0, kind="stable")]  # but grey lies below
    shade = colours[np.where(group < 0, len(COLOURS), group % len(COLOURS))]
    axis.scatter(*points[order].T, s=size, c=shade[order], linewidth=0, alpha=0.75)
    for line in (axis.axhline, axis.axvline):
        line(0, color=GREY, linewidth=0.8, zorder=0)
    for k, name in enumerate(names):
        mine = np.flatnonzero(group == k)
        if mine.size:
            _name(
                axis,
                points[mine[np.argmax(np.linalg.norm(points[mine], axis=1))]],
                name,
                COLOURS[k % len(COLOURS)],
            )
    axis.set(xticks=[], yticks=[])
    axis.set_aspect("equal", adjustable="datalim")
    low, high = np.minimum(points.min(axis=0), 0), np.maximum(points.max(axis=0), 0)
    room = (high - low) * ((0.25, 0.12) if names else (0.06, 0.06))
    axis.update_datalim([low - room, high + room])  # margins would be lost where the units are made equal
    axis.margins(0)
    across, up = (f"dimension {dimension + 1}" for dimension in dimensions)
    note: Any = {"color": GREY, "fontsize": "small", "textcoords": "offset points"}
    axis.annotate(across, (1, 0), (0, -3), axis.get_yaxis_transform(), ha="right", va="top", **note)
    axis.annotate(up, (0, 1), (4, 0), axis.get_xaxis_transform(), ha="left", va="top", **note)
    sns.despine(ax=axis, left=True, bottom=True)


class _OneTwoFive(ticker.LogLocator):
    """Ticks at powers of ten, and over few decades also at 3, or at 2 and 5, times such powers."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        decades = np.log10(vmax / max(vmin, 1e-300))
        self.set_params(subs=(1.0,) if decades > 2.2 else (1.0, 3.0) if decades > 1.2 else (1.0, 2.0, 5.0))
        return super().tick_values(vmin, vmax)


def _plain_ticks(axis: Any) -> None:
    """Label a logarithmic axis by plain numbers."""
    axis.set_major_locator(_OneTwoFive())
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axis.set_minor_locator(ticker.NullLocator())


def _name(axis: Any, place: Any, name: str, colour: str) -> None:
    """Write a name just beyond a point, away from the origin."""
    away = place / max(float(np.linalg.norm(place)), 1e-300)
    text = axis.annotate(
        name,
        place,
        xytext=tuple(7 * away),
        textcoords="offset points",
        ha="left" if away[0] > 0.3 else "right" if away[0] < -0.3 else "center",
        va="bottom" if away[1] > 0.3 else "top" if away[1] < -0.3 else "center",
        color=colour,
        fontweight="bold",
        parse_math=False,
    )
    text.set_in_layout(False)  # the panel keeps its size
