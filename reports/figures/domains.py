"""Where does a claim hold? A figure of the points of its domain, by outcome, with the boundary, as SVG."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.judging.boundary import Boundary
from experiments.judging.domain import Domain
from experiments.judging.drawn_points import plot_points
from reports.figures.claims import blank, style, svg
from simulate.plain_text import printable


def draw_points(
    domain: Domain, points: Sequence[tuple[Mapping[str, Any], str]], boundary: Boundary | None, title: str
) -> str:
    """Return a figure of points with their outcomes ("met", "failed", "undecided") as SVG text.

    Raises
    ------
    ValueError
        where the domain has fewer than two quantities that are numbers.
    """
    with style():
        canvas = blank(6.4, 3.9)
        axis = canvas.subplots()
        plot_points(axis, domain, points, boundary)
        axis.legend(fontsize=7, frameon=True, loc="center left", bbox_to_anchor=(1.0, 0.5))
        canvas.suptitle(
            textwrap.fill(printable(title), 70), fontsize="medium", fontweight="bold", x=0.02, ha="left"
        )
        canvas.tight_layout()
        return svg(canvas)
