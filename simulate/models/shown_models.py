"""How does a model look in a notebook? How unequal its expected degrees are, as a curve, and its affinity, as a table.

The curve is the share of nodes whose expected degree is at least d, over d, both in logarithms: a law with a heavy tail is a
straight line, equal degrees are a step. It is the same for every model, so that two of them can be drawn on one axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.plot_axes import axis_to_draw_on, drawn_places, label_axis, plain_ticks
from simulate.popularity import realised

MOST_BLOCKS = 8  # of an affinity that is shown as a table
MOST_SOLVED = (
    50  # blocks up to which eigenvalues and the largest probability are found while a notebook waits
)

FloatArray = NDArray[np.float64]


def plot_tails(axis: Any, tails: Mapping[str, FloatArray], title: str, x: str, y: str) -> Any:
    """Draw, for each of the named sets of values (n,), the share of values that are at least v, over v; return the axis.

    Values of 0 count among the n and have no place on a logarithmic axis.
    """
    axis = axis_to_draw_on(axis)
    for name, values in tails.items():
        falling = np.sort(np.asarray(values, dtype=np.float64))[::-1]
        falling = falling[falling > 0]
        if not falling.size:
            continue
        places = drawn_places(falling.size)
        axis.step(falling[places], (places + 1) / np.size(values), where="post", label=name)
    axis.set_xscale("log")
    axis.set_yscale("log")
    low, high = axis.get_xlim()
    if high / low < 1.5:  # equal degrees differ by rounding, which is no scale
        axis.set_xlim(low / 2, 2 * high)
    plain_ticks(axis.xaxis, *axis.get_xlim())
    plain_ticks(axis.yaxis, *axis.get_ylim())
    if len(axis.lines) > 1:
        axis.legend()
    return label_axis(axis, title, x, y)


def affinity_rows(
    affinity: FloatArray, rows: str = "block", columns: str = ""
) -> tuple[Sequence[object], list[list[object]]]:
    """Return headings and rows that show an affinity of at most eight blocks; neither for a larger one.

    >>> affinity_rows(np.array([[0.2, 0.1], [0.1, 0.4]]))
    (['affinity', 'block 0', 'block 1'], [['block 0', 0.2, 0.1], ['block 1', 0.1, 0.4]])
    """
    if max(affinity.shape, default=0) > MOST_BLOCKS or not affinity.size:
        return (), []
    headings = ["affinity", *(f"{columns or rows} {k}" for k in range(affinity.shape[1]))]
    return headings, [[f"{rows} {k}", *line] for k, line in enumerate(affinity.tolist())]


def spread_of(values: FloatArray) -> str | None:
    """Return the coefficient of variation and the Gini coefficient of propensities, in words; None without positive ones.

    >>> spread_of(np.array([1.0, 3.0]))
    'CV 0.5, Gini 0.25'
    """
    if not values.size or not values.max() > 0:
        return None
    found = realised(values)
    return f"CV {found.cv:.3g}, Gini {found.gini:.3g}"


def sizes_of(labels: NDArray[np.int64], n_blocks: int) -> str | None:
    """Return how many nodes the blocks have, in words; None without blocks.

    >>> sizes_of(np.array([0, 0, 1]), 2), sizes_of(np.array([0, 1]), 2)
    ('1 to 2', '1 each')
    """
    if not n_blocks:
        return None
    sizes = np.bincount(labels, minlength=n_blocks)
    return f"{sizes.min():,} to {sizes.max():,}" if sizes.min() < sizes.max() else f"{sizes.min():,} each"
