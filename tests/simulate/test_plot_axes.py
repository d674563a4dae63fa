"""Objects draw on the axis that they are given; labels are text whatever they hold."""

import sys

import numpy as np
import pytest

from simulate import plot_axes
from simulate.plot_axes import axis_to_draw_on, drawn_places, label_axis, plain_ticks

figures = pytest.importorskip("matplotlib.figure")


@pytest.fixture
def axis():
    return figures.Figure().subplots()


def test_without_an_axis_the_current_one_of_pyplot_is_taken(monkeypatch, axis):
    assert axis_to_draw_on(axis) is axis
    monkeypatch.setattr("matplotlib.pyplot.gca", lambda: axis)
    assert axis_to_draw_on(None) is axis


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(plot_axes.__dict__, "require_extra", _missing)
    with pytest.raises(ModuleNotFoundError, match="figures: plotting without an axis"):
        axis_to_draw_on(None)


def _missing(extra, what):
    raise ModuleNotFoundError(f"{extra}: {what}")


@pytest.mark.parametrize("wrong", ["left", np.array([1]), (1, 2), sys])
def test_what_is_no_axis_is_refused(wrong):
    with pytest.raises(TypeError, match="axis must be one matplotlib axis"):
        axis_to_draw_on(wrong)


def test_labels_are_no_mathematics_and_no_commands(axis):
    label_axis(axis, r"$\frac{" + "x" * 10**5, "a\x1b[2J", "$y$")
    axis.figure.canvas.draw()  # half a formula would raise
    assert axis.get_xlabel() == r"a\x1b[2J" and axis.get_ylabel() == "$y$"
    assert len(axis.get_title(loc="left")) < 300


@pytest.mark.parametrize("n", [0, 1, 1000, 1001, 10**6])
def test_places_are_few_and_hold_both_ends(n):
    places = drawn_places(n)
    assert places.size == n or 400 < places.size < 1000 < n
    assert (np.diff(places) > 0).all() and (not n or (places[0], places[-1]) == (0, n - 1))


def test_ticks_of_a_logarithm_are_plain_numbers_or_powers(axis):
    axis.set_xscale("log")
    for limits, wanted in (
        ((10.0, 200.0), {"10", "20", "50", "100", "200"}),
        ((1e-4, 10.0), {"10⁻³", "10⁰"}),
    ):
        axis.set_xlim(limits)
        plain_ticks(axis.xaxis, *limits)
        axis.figure.canvas.draw()
        assert wanted <= {tick.get_text() for tick in axis.get_xticklabels()}
