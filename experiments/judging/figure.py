"""What to draw of a claim's rows: `reports` draws it, this only says what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from simulate.validation import require_choice

Kind = Literal["line", "scatter", "strip", "heatmap", "bar"]
LogAxes = Literal["", "x", "y", "xy"]


@dataclass(frozen=True)
class Figure:
    """A figure of a claim.

    `finding` completes the title "A1 holds: ..." and may name estimands in braces. `points` turns the rows of the
    study (all arms) into the points drawn; without it the rows themselves are. `lines` and `verticals` are labelled
    reference values on the y and on the x axis (the latter in the first facet); `identity` draws y = x; `predicted`
    names a column drawn as a dashed line beside `y`, `band` two columns between which the means are shaded. In a line figure
    `at_least` names a column of truth values: where it holds, y is a lower bound, drawn as an arrow upwards and not as a point.
    """

    kind: Kind
    x: str
    y: str
    xlabel: str
    ylabel: str
    finding: str
    hue: str | None = None
    column: str | None = None
    log: LogAxes = ""
    predicted: str | None = None
    band: tuple[str, str] | None = None
    at_least: str | None = None
    identity: bool = False
    lines: tuple[tuple[str, float], ...] = ()
    verticals: tuple[tuple[str, float], ...] = ()
    points: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def __post_init__(self) -> None:
        require_choice(self.kind, "the kind of a figure", get_args(Kind))
        require_choice(self.log, "the logarithmic axes of a figure", get_args(LogAxes))
