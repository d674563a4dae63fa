"""How does an embedding look in a notebook? Its eigenvalues or singular values as a table and as a curve of magnitudes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulate.notebook_tables import html_card
from simulate.plot_axes import axis_to_draw_on, label_axis, plain_ticks, whole_ticks

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10  # dimensions in a notebook's table


def spectrum_frame(values: NDArray[Any], residuals: NDArray[Any] | None, name: str) -> pd.DataFrame:
    """Return one row per dimension, from 1 on: the value under that name, and its residual (NaN where it is unknown)."""
    import pandas as pd

    columns = {
        name: values,
        "residual": np.full(len(values), np.nan) if residuals is None else residuals,
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(1, len(values) + 1, name="dimension"))


def plot_spectrum(axis: Any, values: NDArray[Any], title: str, what: str) -> Any:
    """Draw values (f,) over their number, negative ones with another mark, and return the axis.

    Where their magnitudes fall, as those of most operators do, these are drawn on a logarithmic scale; else the values.
    """
    axis = axis_to_draw_on(axis)
    number, negative, sizes = np.arange(1, len(values) + 1), values < 0, np.abs(values)
    falling = bool((np.diff(sizes) <= 1e-9 * sizes.max(initial=0.0)).all())
    heights = sizes if falling else values
    axis.plot(number, heights, color="0.6", linewidth=0.8, zorder=1)
    for chosen, marker, name in ((~negative, "o", "positive"), (negative, "X", "negative")):
        if chosen.any():
            look: dict[str, Any] = {"marker": marker, "markersize": 5, "linestyle": "none"}
            axis.plot(number[chosen], heights[chosen], label=name, **look)
    if negative.any():
        axis.legend()
    if falling and sizes.min(initial=np.inf) > 0 and len(values):
        axis.set_yscale("log")
        plain_ticks(axis.yaxis, *axis.get_ylim())
    whole_ticks(axis.xaxis)
    return label_axis(axis, title, "dimension", f"magnitude of the {what}" if falling else what)


def spectrum_card(
    title: str,
    facts: dict[str, object],
    values: NDArray[Any],
    residuals: NDArray[Any] | None,
    what: str,
    notes: tuple[str, ...],
) -> str:
    """Return facts and the first ten values, with what is left of them counted, as HTML for a notebook."""
    if (values < 0).any():
        facts |= {"positive": int((values > 0).sum()), "negative": int((values < 0).sum())}
    if residuals is not None and len(residuals):
        facts |= {"largest relative residual": f"{residuals.max():.1e}"}
    rows = [(k + 1, value) for k, value in enumerate(values[:SHOWN])]
    return html_card(title, facts, ("dimension", what), rows, n_rows=len(values), notes=notes)
