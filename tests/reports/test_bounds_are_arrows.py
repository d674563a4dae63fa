"""A lower bound is drawn as an arrow from where it is, never as a point of the line."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.judging.figure import Figure
from reports import draw
from reports.figures import claims

FIGURE = Figure("line", "f", "spk", "f", "Spk", "", hue="what", log="y", at_least="bound")
ROWS = pd.DataFrame(
    {"f": [2, 4, 8, 2, 4], "spk": [0.1, 0.2, 0.3, 0.5, 0.6], "what": ["a", "a", "a", "b", "b"]}
).assign(bound=[False, False, True, True, True])


def test_bounds_are_no_points_of_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    canvases = []
    monkeypatch.setattr(claims, "svg", lambda canvas: canvases.append(canvas) or "<svg")
    draw(FIGURE, ROWS, "bounds")
    axis = canvases[0].axes[0]
    points = [float(y) for line in axis.get_lines() if line.get_marker() == "o" for y in line.get_ydata()]
    assert points == [0.1, 0.2]
    carets = [line for line in axis.get_lines() if line.get_marker() not in ("o", "None", "", None)]
    assert sum(len(line.get_ydata()) for line in carets) == 3
    assert {"a", "a: at least", "b: at least"} <= {text.get_text() for text in axis.get_legend().get_texts()}


def test_the_column_of_bounds_must_be_there() -> None:
    with pytest.raises(ValueError, match="bound"):
        draw(FIGURE, ROWS.drop(columns="bound"), "bounds")
