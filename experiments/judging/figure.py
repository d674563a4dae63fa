"""What to draw of a claim's rows: `reports` draws it, this only says what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd


@dataclass(frozen=True)
class Figure:
    """A figure of a claim.

    `finding` completes the title "A1 holds: ..." and may name estimands in braces. `points` turns the rows of the
    study (all arms) into the points drawn; without it the rows themselves are. `lines` and `verticals` are labelled
    reference values on the y and on the x axis (the latter in the first facet); `identity` draws y = x; `predicted`
    names a column drawn as a dashed line beside `y`, `band` two columns between which the means are shaded. In a line figure
    `at_least` names a column of truth values: where it holds, y is a lower bound, drawn as an arrow upwards and not as a point.
    """

    kind: Literal["line", "scatter", "strip", "heatmap", "bar"]
    x: str
    y: str
    xlabel: str
    ylabel: str
    finding: str
    hue: str | None = None
    column: str | None = None
    log: Literal["", "x", "y", "xy"] = ""
    predicted: str | None = None
    band: tuple[str, str] | None = None
    at_least: str | None = None
    identity: bool = False
    lines: tuple[tuple[str, float], ...] = ()
    verticals: tuple[tuple[str, float], ...] = ()
    points: Callable[[pd.DataFrame], pd.DataFrame] | None = None
