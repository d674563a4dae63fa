"""Names in figures are text, and a figure depends on its data alone, whatever the user has set for matplotlib."""

import matplotlib
import pandas as pd
import pytest

from experiments.judging.figure import Figure
from reports.figures.claims import draw
from reports.figures.exhibits import draw_exhibit

NAMES = ["$\\frac$", "$\\undefined$ x$", "cash $", "$$", "a_b^c", "\\frac{1}", "\x1b[2J<!--", "plain"]


@pytest.mark.parametrize("kind", ["line", "scatter", "strip", "bar"])
def test_names_are_no_mathematics(kind):
    points = pd.DataFrame({"x": [1, 2] * len(NAMES), "y": range(1, 2 * len(NAMES) + 1)})
    points["of"] = [name for name in NAMES for _ in range(2)]
    figure = Figure(kind, "x", "y", "x", "$y$", "", hue="of")
    drawn = draw(figure, points, "a title of $\\frac$ and \x1b")
    assert "a title of $\\frac$ and \\x1b" in drawn.replace("\n", "") and "\x1b" not in drawn
    assert "$\\frac$" in drawn and draw(figure, points, "t") == draw(figure, points, "t")


def test_a_caption_is_no_mathematics():
    shown = draw_exhibit({"caption": "$\\frac$: d", "points": [[1, 2, 3], [2, 1, 0]], "spikes": [0, -1]})
    assert "$\\frac$" in shown


def test_settings_of_the_user_change_nothing_and_stay():
    points = pd.DataFrame({"x": [1, 10, 100, 10_000], "y": [1e-3, 1.0, 2.0, 1e4]})
    figure = Figure("line", "x", "y", "x", "y", "", log="xy")
    plain = draw(figure, points, "t")
    assert "10⁻³" in plain and "10⁴" in plain
    with matplotlib.rc_context({"text.usetex": True, "axes.facecolor": "red", "font.size": 30}):
        assert draw(figure, points, "t") == plain
        assert matplotlib.rcParams["text.usetex"] is True
