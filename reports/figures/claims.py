"""Drawing: a claim says what its figure shows, this file draws it with seaborn as a self-contained SVG.

Titles state the finding. The bytes depend on the data alone: no dates, and identifiers hashed with a fixed salt.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import ticker
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

from experiments.judging.figure import Figure
from simulate.plain_text import printable
from simulate.plot_axes import plain_ticks

PALETTE = "colorblind"
LABEL = 42  # characters of a y label to a line
ROOM = 11  # characters of tick labels that fit beside each other on an inch
PLAIN = ("of", "case", "which", "where", "growth", "arm")  # hues whose values say themselves what they are
# no text is mathematics: names may hold dollars
_SVG: Any = {
    "svg.hashsalt": "spikeproof",
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "text.parse_math": False,
}


@contextmanager
def style() -> Iterator[None]:
    """matplotlib's own defaults, seaborn's whitegrid and fixed SVG identifiers, whatever the user has set; undone on leaving."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        with sns.axes_style("whitegrid"), sns.plotting_context("notebook", font_scale=0.85):
            matplotlib.rcParams.update(_SVG)
            yield


def draw(figure: Figure, rows: pd.DataFrame, title: str) -> str:
    """Return the figure of `rows` (all arms of a study) as SVG text.

    Raises
    ------
    ValueError
        if a column that the figure names is not among its points, or no point is left to draw.
    """
    points = (figure.points(rows) if figure.points else rows).reset_index(drop=True)
    for name in {figure.hue, figure.x} & set(points.columns):
        points[name] = points[name].map(lambda value: printable(value) if isinstance(value, str) else value)
    named = (figure.x, figure.y, figure.hue, figure.column, figure.predicted, figure.at_least)
    wanted = {*named, *(figure.band or ())} - {None}
    if missing := wanted - set(points.columns):
        raise ValueError(
            f"the figure needs the columns {sorted(map(str, missing))}; got {sorted(points.columns)}"
        )
    if points.empty:
        raise ValueError("the figure has no point to draw")
    with style():
        facets = list(dict.fromkeys(points[figure.column])) if figure.column else [None]
        across = min(len(facets), 2)
        down = -(-len(facets) // across)
        width = 6.4 if across == 1 else 4.1 * across
        canvas = blank(width, 3.9 if down == 1 else 3.1 * down)
        axes = canvas.subplots(down, across, sharey=True, squeeze=False)
        hues = list(dict.fromkeys(points[figure.hue])) if figure.hue else []
        for axis, facet in zip(axes.flat, facets):
            part = points if facet is None else points[points[figure.column] == facet]
            _PLOTS[figure.kind](axis, figure, part, hues)
            _dress(axis, figure, facet)
        _mark(axes[0, 0], figure)
        for axis in list(axes.flat)[len(facets) :]:
            axis.set_axis_off()
        for axis in list(axes.flat)[: len(facets) - 1]:
            if legend := axis.get_legend():
                legend.remove()
        canvas.suptitle(
            textwrap.fill(printable(title), int(width * 11)),
            fontsize="medium",
            fontweight="bold",
            x=0.02,
            ha="left",
        )
        canvas.tight_layout()
        return svg(canvas)


def blank(width: float, height: float) -> Canvas:
    """Return an empty figure, in inches. pyplot does not know it, so that a notebook's own figures are left alone."""
    canvas = Canvas(figsize=(width, height))
    FigureCanvasSVG(canvas)
    return canvas


def svg(canvas: Canvas) -> str:
    """Return a figure as SVG text without date or XML prologue."""
    buffer = io.StringIO()
    canvas.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _line(axis: Any, figure: Figure, points: pd.DataFrame, hues: list[Any]) -> None:
    if figure.at_least:
        is_bound = points[figure.at_least].astype(bool)
        _arrows(axis, figure, points[is_bound], hues)
        points = points[~is_bound]
    shared = {"data": points, "x": figure.x, "hue": figure.hue, "hue_order": hues or None, "ax": axis}
    if figure.hue is None:
        del shared["hue_order"]
    colours: dict[str, Any] = {"palette": PALETTE} if figure.hue else {}
    sns.lineplot(y=figure.y, marker="o", errorbar=("pi", 90), **colours, **shared)
    if figure.predicted:
        sns.lineplot(y=figure.predicted, linestyle="--", errorbar=None, legend=False, **colours, **shared)
    if figure.band:
        ends = points[[figure.x, *figure.band]].dropna().groupby(figure.x).mean()
        axis.fill_between(
            ends.index, ends[figure.band[0]], ends[figure.band[1]], color="0.5", alpha=0.2, linewidth=0
        )


def _arrows(axis: Any, figure: Figure, bounds: pd.DataFrame, hues: list[Any]) -> None:
    """Lower bounds as arrows upwards from where they are."""
    colours = dict(zip(hues, sns.color_palette(PALETTE, len(hues)))) if hues else {None: "k"}
    for hue, part in bounds.groupby(figure.hue, sort=False) if hues else [(None, bounds)]:
        label = "at least" if hue is None else f"{hue}: at least"
        stems = 0.25 * part[figure.y].abs()
        axis.errorbar(
            part[figure.x],
            part[figure.y],
            yerr=stems,
            lolims=True,
            fmt="none",
            color=colours[hue],
            label=label,
        )


def _scatter(axis: Any, figure: Figure, points: pd.DataFrame, hues: list[Any]) -> None:
    colours: dict[str, Any] = {"palette": PALETTE, "hue": figure.hue, "hue_order": hues} if figure.hue else {}
    sns.scatterplot(data=points, x=figure.x, y=figure.y, ax=axis, s=26, alpha=0.75, linewidth=0, **colours)
    if figure.predicted:
        curve = points.sort_values(figure.x)
        axis.plot(curve[figure.x], curve[figure.predicted], "k--", linewidth=1, label="predicted")


def _strip(axis: Any, figure: Figure, points: pd.DataFrame, hues: list[Any]) -> None:
    colours: dict[str, Any] = (
        {"palette": PALETTE, "hue": figure.hue, "hue_order": hues, "dodge": True} if figure.hue else {}
    )
    before = np.random.get_state()  # noqa: NPY002  seaborn draws the jitter from the global generator
    np.random.seed(0)  # noqa: NPY002
    try:
        sns.stripplot(data=points, x=figure.x, y=figure.y, ax=axis, size=5, alpha=0.7, jitter=0.15, **colours)
    finally:
        np.random.set_state(before)  # noqa: NPY002


def _heatmap(axis: Any, figure: Figure, points: pd.DataFrame, hues: list[Any]) -> None:
    table = points.pivot_table(index=figure.hue, columns=figure.x, values=figure.y, aggfunc="mean")
    digits = ".2f" if np.nanmax(np.abs(table.to_numpy())) <= 1 else ".3g"
    label = textwrap.fill(figure.ylabel, LABEL)
    sns.heatmap(table, ax=axis, annot=True, fmt=digits, cmap="viridis", cbar_kws={"label": label})


def _bar(axis: Any, figure: Figure, points: pd.DataFrame, hues: list[Any]) -> None:
    colours: dict[str, Any] = {"palette": PALETTE, "hue": figure.hue, "hue_order": hues} if figure.hue else {}
    sns.barplot(data=points, x=figure.x, y=figure.y, ax=axis, errorbar=("pi", 90), **colours)


_PLOTS = {"line": _line, "scatter": _scatter, "strip": _strip, "heatmap": _heatmap, "bar": _bar}


def _mark(axis: Any, figure: Figure) -> None:
    for label, place in figure.verticals:
        axis.axvline(place, linestyle=":", color="0.3", linewidth=1)
        axis.annotate(
            label,
            (place, 0.02),
            xycoords=("data", "axes fraction"),
            ha="right",
            va="bottom",
            fontsize=7,
            rotation=90,
        )


def _dress(axis: Any, figure: Figure, facet: Any) -> None:
    axis.set_xlabel(textwrap.fill(figure.xlabel, 2 * LABEL))
    if figure.kind != "heatmap":
        axis.set_ylabel(textwrap.fill(figure.ylabel, LABEL))
    if facet is not None:
        axis.set_title(printable(str(facet)), fontsize="small")
    for name, scaled in (("x", axis.xaxis), ("y", axis.yaxis)):
        if name in figure.log:
            getattr(axis, f"set_{name}scale")("log")
            plain_ticks(scaled, *getattr(axis, f"get_{name}lim")())
    if figure.kind == "line" and "x" not in figure.log:
        places = np.concatenate([line.get_xdata() for line in axis.get_lines()] or [np.empty(0)])
        whole = bool((np.asarray(places, dtype=float) % 1 == 0).all())
        axis.xaxis.set_major_locator(ticker.MaxNLocator(integer=whole or axis.get_xlim()[1] > 4))
    inches = axis.get_position().width * axis.figure.get_figwidth()
    if (
        figure.kind in ("strip", "bar")
        and sum(len(t.get_text()) for t in axis.get_xticklabels()) > ROOM * inches
    ):
        axis.tick_params("x", rotation=25)
        for tick in axis.get_xticklabels():
            tick.set_horizontalalignment("right")
    for label, height in figure.lines:
        axis.axhline(height, linestyle=":", color="0.3", linewidth=1)
        axis.annotate(
            label, (0.99, height), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=7
        )
    if figure.identity:
        low = float(np.nanmax([axis.get_xlim()[0], axis.get_ylim()[0]]))
        high = float(np.nanmin([axis.get_xlim()[1], axis.get_ylim()[1]]))
        axis.plot([low, high], [low, high], linestyle="--", color="0.3", linewidth=1)
    if axis.get_legend_handles_labels()[0] and figure.kind != "heatmap":
        meant = str(figure.hue).replace("_", " ") if figure.hue and figure.hue not in PLAIN else None
        axis.legend(fontsize=7, title=meant, title_fontsize=7, frameon=True)
