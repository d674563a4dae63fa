"""Models in a notebook: a row per node, the law of degrees as a curve, a table of what defines them."""

import numpy as np
import pytest

import simulate.models
from simulate import (
    BipartiteModel,
    BlockModel,
    DirectedBlockModel,
    DotProductModel,
    DynamicBlockModel,
    FactorModel,
    InteractionModel,
    PopularityAdjustedModel,
    Side,
)

figures = pytest.importorskip("matplotlib.figure")
RNG = np.random.default_rng(0)
THETA = RNG.lognormal(size=60)
LABELS = np.arange(60) % 3
B = 0.01 + 0.05 * np.eye(3)
MODELS = {
    "block": BlockModel(THETA, LABELS, B),
    "factor": FactorModel(THETA[:, None] * np.eye(3)[LABELS], B),
    "bipartite": BipartiteModel(THETA[:20], LABELS[:20], THETA, LABELS, B),
    "log": InteractionModel(THETA, LABELS, mean_length=5.0),
    "popularity-adjusted": PopularityAdjustedModel(RNG.lognormal(-2, 1, (60, 3)), LABELS),
    "dot product": DotProductModel(RNG.random((60, 2)) / 9, [1, -1]),
    "directed": DirectedBlockModel(THETA, LABELS, THETA[::-1], LABELS, B),
    "dynamic": DynamicBlockModel(THETA, [LABELS, LABELS, LABELS[::-1]], B),
}
ROWS, LINES = {"bipartite": 80, "dynamic": 180}, {"bipartite": 2, "directed": 2}


@pytest.mark.parametrize("name", MODELS)
def test_each_model_shows_itself(name):
    model = MODELS[name]
    frame, axis = model.to_frame(), figures.Figure().subplots()
    assert len(frame) == ROWS.get(name, 60)
    assert model.plot(axis) is axis and axis.get_xlabel() and axis.get_ylabel() and axis.get_title(loc="left")
    axis.figure.canvas.draw()
    assert len(axis.lines) == LINES.get(name, 1)
    assert "<table>" in model._repr_html_() and "\n" not in repr(model) and len(repr(model)) < 130


def test_a_frame_holds_the_model_in_the_callers_order():
    frame = MODELS["block"].to_frame()
    assert np.array_equal(frame["propensity"], THETA) and np.array_equal(frame["block"], LABELS)
    assert frame["expected_degree"].sum() == pytest.approx(2 * MODELS["block"].expected_edges())
    both = MODELS["bipartite"].to_frame()
    assert both.groupby("side")["expected_degree"].sum().tolist() == pytest.approx(
        [MODELS["bipartite"].expected_edges()] * 2
    )
    assert np.array_equal(both[both["side"] == "item"]["node"], np.arange(60))
    factors = MODELS["factor"].to_frame()
    assert np.array_equal(factors[["factor_0", "factor_1", "factor_2"]], MODELS["factor"].factors)
    assert np.array_equal(MODELS["log"].to_frame()["probability"], MODELS["log"].item_probability())
    adjusted = MODELS["popularity-adjusted"].to_frame()
    assert np.array_equal(adjusted.filter(like="popularity"), MODELS["popularity-adjusted"].popularities)
    assert np.array_equal(MODELS["dot product"].to_frame()[["x_0", "x_1"]], MODELS["dot product"].positions)
    directed = MODELS["directed"].to_frame()
    assert np.array_equal(directed["in_propensity"], THETA[::-1])
    assert np.array_equal(directed["expected_in_degree"], MODELS["directed"].expected_in_degrees())
    blocks = MODELS["dynamic"].to_frame().pivot(index="snapshot", columns="node", values="block")
    assert np.array_equal(blocks, MODELS["dynamic"].labels)


def test_the_curve_of_a_dynamic_model_is_the_share_of_nodes_in_their_first_block():
    (line,) = MODELS["dynamic"].plot(figures.Figure().subplots()).lines
    assert line.get_ydata().tolist() == [1.0, 1.0, (LABELS[::-1] == LABELS).mean()]
    assert "33.3%" in MODELS["dynamic"]._repr_html_()  # of 120 steps, 40 to another block


def test_the_curve_is_the_share_of_nodes_with_at_least_so_large_a_degree():
    (line,) = MODELS["block"].plot(figures.Figure().subplots()).lines
    degrees = MODELS["block"].expected_degrees()
    for degree, share in zip(*line.get_data()):
        assert (degrees >= degree).mean() == pytest.approx(share)
    assert line.get_drawstyle() == "steps-post"  # from the right, a share holds until the next degree


def test_nodes_without_edges_count_and_are_not_drawn():
    (line,) = BlockModel([1.0, 1.0, 0.0, 0.0], [0] * 4, [[1.0]]).plot(figures.Figure().subplots()).lines
    assert line.get_xdata().min() > 0 and line.get_ydata().max() == 0.5


def test_a_large_model_is_drawn_and_told_in_little():
    n, k = 20_000, 1000
    model = BlockModel(np.linspace(1, 2, n), np.arange(n) % k, np.ones((k, k)))
    (line,) = model.plot(figures.Figure().subplots()).lines
    assert line.get_xdata().size <= 1000
    assert len(model._repr_html_()) < 2000


def test_a_table_shows_a_small_affinity_and_what_clipping_would_lose():
    card = BlockModel([2.0, 1.0, 1.0], [0, 0, 1], [[0.9, 0.125], [0.125, 0.4]])._repr_html_()
    assert "0.125" in card and "lost by clipping" in card
    assert "lost by clipping" not in BlockModel([1.0, 1.0], [0, 1], 0.5 * np.eye(2))._repr_html_()


@pytest.mark.parametrize(
    "model",
    [
        BlockModel([], [], np.zeros((0, 0))),
        BlockModel([0.0, 0.0], [0, 0], [[0.0]]),
        BlockModel([1.0], [0], [[1.0]]),
        FactorModel(np.zeros((0, 0)), np.zeros((0, 0))),
        FactorModel(np.zeros((2, 1)), np.zeros((1, 1))),
        BipartiteModel([], [], [], [], [[0.5]]),
        InteractionModel([1.0], [0], mean_length=0.5),
        PopularityAdjustedModel(np.zeros((0, 1)), np.zeros(0, int)),
        DotProductModel(np.zeros((2, 1))),
        DirectedBlockModel([], [], [], [], [[0.5]]),
        DynamicBlockModel([], np.zeros((1, 0), int), [[0.5]]),
    ],
)
def test_an_empty_model_shows_itself_too(model):
    model.plot(figures.Figure().subplots()).figure.canvas.draw()
    assert model._repr_html_() and repr(model) and len(model.to_frame()) <= 2


def test_a_side_is_told_in_a_line():
    assert repr(Side(THETA, LABELS, 3)) == "Side(60 nodes in 3 blocks)"


def test_equal_degrees_are_a_step_and_no_scale_of_rounding():
    axis = BlockModel(np.ones(300), np.arange(300) % 3, B).plot(figures.Figure().subplots())
    low, high = axis.get_xlim()
    degree = axis.lines[0].get_xdata()[0]
    assert low < 0.9 * degree and high > 1.1 * degree
    axis.figure.canvas.draw()


def test_every_model_shows_itself():
    public = [getattr(simulate.models, name) for name in simulate.models.__all__]
    kinds = [kind for kind in public if isinstance(kind, type) and kind.__name__.endswith("Model")]
    assert len(kinds) >= 8
    for kind in kinds:
        assert {"to_frame", "plot", "_repr_html_", "__repr__"} <= set(vars(kind)), kind
