import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from reports import COLOURS, GREY, draw_rows, picture


@pytest.fixture(autouse=True)
def agg():
    backend = plt.get_backend()
    plt.switch_backend("Agg")
    yield
    plt.close("all")
    plt.switch_backend(backend)


def test_a_picture_is_a_white_card_with_its_finding():
    axes = picture("What is found costs $5 and $6", 2)
    figure = axes[0].figure
    assert len(axes) == 2 and figure.get_suptitle() == "What is found costs $5 and $6"
    assert to_hex(figure.get_facecolor()) == "#ffffff"
    assert figure.number in plt.get_fignums()


def test_a_long_finding_stays_inside_the_figure():
    (axis,) = picture("word " * 40)
    figure = axis.figure
    figure.canvas.draw()
    title = figure._suptitle.get_window_extent()
    assert title.x1 <= figure.bbox.x1 and title.y1 <= figure.bbox.y1 and title.y0 > axis.bbox.y1


@pytest.mark.parametrize(("low", "high"), [(1, 6), (0.2, 8), (1e-4, 900), (1, 1e6)])
def test_ticks_of_a_logarithmic_axis_are_few_plain_numbers(low, high):
    (axis,) = picture("a", log="x")
    axis.plot([low, high], [0, 1])
    axis.figure.canvas.draw()
    texts = [label.get_text() for label in axis.get_xticklabels()]
    assert 2 <= len(texts) <= 12 and all(float(text.replace(",", "")) > 0 for text in texts)


def test_matplotlib_is_left_as_it_was():
    before = dict(plt.rcParams)
    picture("a", 3, log="xy")
    assert dict(plt.rcParams) == before


def test_rows_have_the_colour_of_their_group_and_names_stand_inside():
    rows = np.array([[1.0, 0, 5], [2, 0, 5], [0, -3, 5], [-1, 1, 5]])
    (axis,) = picture("a")
    draw_rows(axis, rows, [0, 0, 1, -1], names=["first", "second"])
    (points,) = axis.collections
    drawn = {
        tuple(place): to_hex(colour)
        for place, colour in zip(points.get_offsets().tolist(), points.get_facecolors())
    }
    assert drawn == {(1, 0): COLOURS[0], (2, 0): COLOURS[0], (0, -3): COLOURS[1], (-1, 1): GREY}
    assert points.get_offsets()[0].tolist() == [-1, 1], "grey lies below"
    axis.figure.canvas.draw()
    inside = axis.figure.bbox
    for text in axis.texts:
        box = text.get_window_extent()
        assert inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1
    width, height = axis.bbox.width, axis.bbox.height
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    assert (right - left) / width == pytest.approx((top - bottom) / height), "units are equal"
    assert left < 0 < right and bottom < 0 < top, "the origin is seen"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda axis: picture("a", 0), "panels must be an integer of at least 1; got 0"),
        (lambda axis: picture("a", log="z"), "log must be"),
        (lambda axis: draw_rows(axis, [[1.0], [2.0]]), r"columns \(0, 1\).*shape \(2, 1\)"),
        (lambda axis: draw_rows(axis, [[1.0, 2.0]], dimensions=(-1, 0)), r"columns \(-1, 0\)"),
        (lambda axis: draw_rows(axis, [[1.0, 2.0]], [0, 1]), "one integer for each of 1 rows"),
        (lambda axis: draw_rows(axis, [[1.0, np.nan]]), "finite"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call(picture("a")[0])
