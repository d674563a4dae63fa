"""Where in its domain was a claim tried, and what came out? Points on the two quantities that decide most, and the boundary.

Points are drawn on an axis of matplotlib that the caller has; outcomes are told by shape as well as by colour.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.judging.boundary import Boundary
from experiments.judging.domain import Domain, Range
from simulate.plain_text import printable
from simulate.plot_axes import plain_ticks

MARKERS = {"met": ("o", "#0173b2"), "failed": ("X", "#d55e00"), "undecided": ("s", "#949494")}
UNTRIED = {"": ("o", "0.35")}  # points that are not judged yet


def axes_of(domain: Domain, boundary: Boundary | None = None) -> tuple[str, str] | None:
    """Return the two quantities on which the points of a domain are drawn; None where it has fewer than two that are numbers.

    First those of the boundary, then derived ones that have a border of the theory's own, then parameters in their order.
    """
    names = [
        *(boundary.terms if boundary else ()),
        *(quantity.name for quantity in domain.derived if quantity.border is not None),
        *(parameter.name for parameter in domain.parameters if isinstance(parameter, Range)),
        *(quantity.name for quantity in domain.derived),
    ]
    chosen = list(dict.fromkeys(names))[:2]
    return (chosen[0], chosen[1]) if len(chosen) == 2 else None


def plot_points(
    axis: Any,
    domain: Domain,
    points: Sequence[tuple[Mapping[str, Any], str]],
    boundary: Boundary | None = None,
) -> None:
    """Draw points with their outcomes ("met", "failed", "undecided", or "" for none yet) on an axis, and label it.

    The fitted boundary is a full line, a border of the theory's own a dotted one.

    Raises
    ------
    ValueError
        where the domain has fewer than two quantities that are numbers.
    """
    axes = axes_of(domain, boundary)
    if axes is None:
        raise ValueError("a domain needs two quantities that are numbers to be drawn")
    spots = np.array([[_value(domain, name, point) for name in axes] for point, _ in points])
    outcomes = np.array([outcome for _, outcome in points])
    for outcome, (marker, colour) in (MARKERS | UNTRIED).items():
        chosen = spots[outcomes == outcome]
        if len(chosen):
            look: dict[str, Any] = {"marker": marker, "color": colour, "s": 34, "linewidth": 0, "alpha": 0.85}
            axis.scatter(chosen[:, 0], chosen[:, 1], label=outcome or None, **look)
    bordered = False  # the legend names both borders once
    for k, name in enumerate(axes):
        words, log, border = _about(domain, name)
        label = textwrap.fill(printable(words), 60 if k == 0 else 42)
        (axis.set_xlabel, axis.set_ylabel)[k](label, parse_math=False)
        if log:
            (axis.set_xscale, axis.set_yscale)[k]("log")
        if border is not None:
            (axis.axvline, axis.axhline)[k](
                border, linestyle=":", color="0.3", label=None if bordered else "the theory's border"
            )
            bordered = True
    limits = axis.get_xlim(), axis.get_ylim()
    if boundary:
        _draw_boundary(axis, domain, boundary, axes)
    axis.set_xlim(limits[0])
    axis.set_ylim(limits[1])
    for k, scaled in enumerate((axis.xaxis, axis.yaxis)):
        if _about(domain, axes[k])[1]:
            plain_ticks(scaled, *limits[k])


def _draw_boundary(axis: Any, domain: Domain, boundary: Boundary, axes: tuple[str, str]) -> None:
    """The line on which the score is 0; both quantities of the boundary are axes."""
    slopes = [boundary.terms.get(name, 0.0) for name in axes]
    logs = [_about(domain, name)[1] for name in axes]
    label = "fitted boundary"
    if slopes[1] == 0.0:
        place = -boundary.constant / slopes[0]
        axis.axvline(math.exp(place) if logs[0] else place, color="0.2", linewidth=1.2, label=label)
        return
    low, high = map(float, np.log(axis.get_xlim()) if logs[0] else axis.get_xlim())
    x = np.linspace(low, high, 200)
    y = -(boundary.constant + slopes[0] * x) / slopes[1]
    with np.errstate(over="ignore"):
        axis.plot(
            np.exp(x) if logs[0] else x, np.exp(y) if logs[1] else y, color="0.2", linewidth=1.2, label=label
        )


def _value(domain: Domain, name: str, point: Mapping[str, Any]) -> float:
    for quantity in domain.derived:
        if quantity.name == name:
            return float(quantity.function(point))
    return float(point[name])


def _about(domain: Domain, name: str) -> tuple[str, bool, float | None]:
    """Words, whether the scale is logarithmic, and the theory's border of a quantity."""
    for quantity in domain.derived:
        if quantity.name == name:
            return quantity.words, quantity.log, quantity.border
    parameter = next(parameter for parameter in domain.parameters if parameter.name == name)
    return parameter.words, bool(getattr(parameter, "log", False)), None
