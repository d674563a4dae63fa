"""On what does an object draw itself, and how are the axes labelled?

Objects draw with the methods of the axis that the caller gives, so that matplotlib is imported only where there is none, for the
current axis of pyplot, and for ticks. Labels are text, never mathematics: names may hold dollars.
"""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.notebook_tables import cut
from simulate.optional import require_extra

MOST_DRAWN = 1000  # points of a curve
LABEL, LINE = 100, 54  # signs of a label of an axis, and of a line of a title
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def axis_to_draw_on(axis: Any) -> Any:
    """Return the matplotlib axis that the caller gave, or pyplot's current one for None.

    Raises
    ------
    ModuleNotFoundError
        for None, where matplotlib is not installed.
    TypeError
        for anything that is no axis.

    Examples
    --------
    >>> axis_to_draw_on("left")
    Traceback (most recent call last):
    ...
    TypeError: axis must be one matplotlib axis, such as that of `figure, axis = plt.subplots()`; got str
    """
    if axis is None:
        require_extra("figures", "plotting without an axis")
        from matplotlib import pyplot

        return pyplot.gca()
    if not callable(getattr(axis, "set_xlabel", None)):
        raise TypeError(
            f"axis must be one matplotlib axis, such as that of `figure, axis = plt.subplots()`; got {type(axis).__name__}"
        )
    return axis


def label_axis(axis: Any, title: str, x: str, y: str) -> Any:
    """Give an axis its title and labels, as text and never as mathematics, and return it."""
    axis.set_xlabel(cut(x, LABEL), parse_math=False)
    axis.set_ylabel(cut(y, LABEL), parse_math=False)
    return title_axis(axis, title)


def title_axis(axis: Any, title: str) -> Any:
    """Give an axis its title, as text, in short lines, and return it."""
    lines = textwrap.fill(cut(title, 3 * LINE), LINE)
    axis.set_title(lines, loc="left", fontsize="medium", parse_math=False)
    return axis


def drawn_places(n: int) -> NDArray[np.int64]:
    """Return at most a thousand places from 0 to n - 1, the first and the last included, dense at the beginning.

    >>> drawn_places(3).tolist(), drawn_places(10**6).size <= MOST_DRAWN
    ([0, 1, 2], True)
    """
    if n <= MOST_DRAWN:
        return np.arange(n)
    places = np.unique(np.geomspace(1, n, MOST_DRAWN).round().astype(np.int64) - 1)
    return np.asarray(places)


def plain_ticks(axis: Any, low: float, high: float) -> None:
    """Label a logarithmic axis by powers of ten, or, below three decades, by plain numbers at 1, 2, 5 times such powers."""
    from matplotlib import ticker  # whoever has an axis has it

    if high / max(low, 1e-300) < 1e3:
        axis.set_major_locator(ticker.LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    else:
        axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: _power(value)))
    axis.set_minor_formatter(ticker.NullFormatter())


def whole_ticks(axis: Any) -> None:
    """Let an axis that counts have no tick between two whole numbers."""
    axis.get_major_locator().set_params(integer=True)


def _power(value: float) -> str:
    """Return a power of ten as text; matplotlib would write it as mathematics.

    >>> _power(1e-3)
    '10⁻³'
    """
    return f"10{str(round(np.log10(value))).translate(SUPERSCRIPTS)}"
