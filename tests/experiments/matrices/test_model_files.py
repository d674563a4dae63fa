"""Models in TOML files: recipes and block models written out in full are read back; a bad file is named."""

import json

import numpy as np
import pytest

from experiments.matrices.described_models import ModelFile, truth_of
from experiments.matrices.model_files import read_model
from experiments.matrices.reading import BadInput
from simulate import (
    BipartiteModel,
    BlockModel,
    DirectedBlockModel,
    InteractionModel,
    LogNormal,
    PopularityAdjustedModel,
    dcbm,
)

RECIPES = [
    ModelFile("graph", {"nodes": 60, "blocks": 3, "mean_degree": 5.0}),
    ModelFile(
        "graph",
        {"nodes": 60, "blocks": 2, "density": 0.1, "affinity": [[0.1, 1.0], [1.0, 0.3]], "sizes": [20, 40]},
        {"law": "lognormal", "cv": 0.8, "maximum": 6.0},
    ),
    ModelFile("graph", {"nodes": 60, "blocks": 2, "mean_degree": 4.0}, {"law": "pareto", "exponent": 3.0}),
    ModelFile("graph", {"nodes": 60, "blocks": 2, "mean_degree": 4.0}, {"law": "gamma", "cv": 0.5}),
    ModelFile("graph", {"nodes": 60, "blocks": 2, "mean_degree": 4.0}, {"law": "zipf", "cv": 0.5}),
    ModelFile("interactions", {"contexts": 50, "items": 40, "blocks": 2, "mean_length": 3.0}),
    ModelFile("interactions", {"contexts": 50, "items": 40, "blocks": 2, "length": 3}),
    ModelFile(
        "interactions",
        {"contexts": 50, "items": 40, "blocks": 2, "mean_length": 3.0},
        growth={"by": "interactions", "arriving": 0.25, "days": 30},
    ),
    ModelFile(
        "bipartite",
        {"contexts": 50, "items": 40, "blocks": 2, "mean_length": 3.0, "length_cv": 0.0, "mixing": 0.2},
        {"law": "lognormal", "sigma": 0.5},
    ),
    ModelFile(
        "directed",
        {
            "nodes": 60,
            "blocks": 2,
            "mean_degree": 4.0,
            "affinity": [[1.0, 0.5], [0.1, 1.0]],
            "agreement": 0.5,
        },
        {"law": "gamma", "cv": 0.5},
    ),
    ModelFile(
        "popularity_adjusted",
        {"nodes": 60, "blocks": 2, "mean_degree": 4.0, "mixing": 0.3},
        {"law": "zipf", "cv": 0.5},
    ),
]
WEIGHTS = [
    {"law": "negative_binomial", "dispersion": 3.0},
    {"law": "gaussian", "means": [[2.0, -1.0], [-1.0, 2.0]], "deviations": 0.5},
]
LOG_FILE = "[model]\nkind = 'interactions'\ncontexts = 9\nitems = 9\nblocks = 1\n"
GRAPH_FILE = "[model]\nnodes = 9\nblocks = 1\nmean_degree = 1\n"
TYPES = {
    "graph": BlockModel,
    "interactions": InteractionModel,
    "bipartite": BipartiteModel,
    "directed": DirectedBlockModel,
    "popularity_adjusted": PopularityAdjustedModel,
}


def written(recipe, path):
    """Write a model file; numbers, strings and lists look the same in TOML and in JSON."""
    tables = {
        "model": {"kind": recipe.kind, **recipe.entries},
        "heterogeneity": recipe.heterogeneity,
        "growth": recipe.growth,
        "weights": recipe.weights,
    }
    lines = []
    for name, entries in tables.items():
        if entries:
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in entries.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipes_are_read_and_built(recipe, tmp_path):
    path = written(recipe, tmp_path / "model.toml")
    assert read_model(path) == recipe
    built = read_model(path).build(np.random.default_rng(0))
    assert isinstance(built, TYPES[recipe.kind])
    if "mean_degree" in recipe.entries:
        edges = built.expected_edges() / 60 * (1 if recipe.kind == "directed" else 2)
        assert edges == pytest.approx(recipe.entries["mean_degree"])


def test_a_block_model_is_read_number_by_number(tmp_path):
    model = dcbm(30, 3, heterogeneity=LogNormal(0.5), mean_degree=4, rng=np.random.default_rng(0))
    entries = {name: getattr(model, name).tolist() for name in ("propensities", "labels", "affinity")}
    path = written(ModelFile("block_model", entries), tmp_path / "model.toml")
    back = read_model(path).build(np.random.default_rng(9))
    for name in entries:
        assert (getattr(back, name) == getattr(model, name)).all()


def test_a_dot_product_model_is_read_number_by_number(tmp_path):
    entries = {"positions": [[0.9, 0.1], [0.5, -0.2], [0.4, 0.2]], "signature": [1, -1]}
    recipe = read_model(written(ModelFile("dot_product", entries), tmp_path / "model.toml"))
    model, matrix, _ = recipe.sample(np.random.default_rng(0))
    assert model.positions.tolist() == entries["positions"] and model.signature.tolist() == [1, -1]
    assert recipe.is_graph and matrix.shape == (3, 3) and truth_of(model) == (None, None)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_weights_are_read_and_drawn(weights, tmp_path):
    entries = {"nodes": 60, "blocks": 2, "mean_degree": 8.0}
    recipe = read_model(written(ModelFile("graph", entries, weights=weights), tmp_path / "model.toml"))
    assert recipe.weights == weights
    model, matrix, _ = recipe.sample(np.random.default_rng(0))
    _, again, _ = recipe.sample(np.random.default_rng(0))
    assert (matrix != again).nnz == 0 and (matrix != matrix.T).nnz == 0
    assert isinstance(model, BlockModel) and len(set(matrix.data)) > 2
    with pytest.raises(ValueError, match="law must be left out beside a table"):
        recipe.sample(np.random.default_rng(0), law="poisson")


def test_the_truth_of_a_model_is_that_of_its_nodes_items_or_receivers():
    for recipe in RECIPES:
        model = recipe.build(np.random.default_rng(0))
        labels, propensities = truth_of(model)
        n = 40 if "items" in recipe.entries else 60
        assert labels.shape == (n,) and set(labels) <= set(range(recipe.entries["blocks"]))
        assert (propensities is None) == (recipe.kind == "popularity_adjusted")
        if recipe.kind == "directed":
            assert labels is model.incoming.labels


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model\n", "expected a TOML file"),
        ("nodes = 3\n", "known entries .model, heterogeneity, growth, weights.; found the table 'nodes'"),
        ("[model]\nkind = 'grahp'\n", "column kind: expected a kind among graph"),
        ("[model]\nnodes = 3\n", "expected an entry blocks"),
        ("[model]\nnodes = 3\nblocks = 1.5\n", "column blocks: expected a whole number; found '1.5'"),
        ("[model]\nnodes = 3\nblocks = 1\nmixin = 2\n", "did you mean 'mixing'"),
        (
            "[model]\nnodes = 3\nblocks = 1\n[heterogeneity]\nlaw = 'cauchy'\n",
            "column law: expected a law among",
        ),
        ("[model]\nnodes = 3\nblocks = 1\n[heterogeneity]\nlaw = 'pareto'\n", "an entry exponent or cv"),
        (
            "[model]\nnodes = 3\nblocks = 1\n[heterogeneity]\nlaw = 'pareto'\nexponent = 2\ncv = 1\n",
            "exponent or cv, one of them",
        ),
        ("[model]\nnodes = 3\nblocks = 1\nmean_degree = nan\n", "column mean_degree: expected a number"),
        (LOG_FILE, "expected mean_length or length, one of them; found none"),
        (LOG_FILE + "length = 2\nmean_length = 2\n", "found mean_length and length"),
        (LOG_FILE + "length = 2\nlength_cv = 0.5\n", "no length_cv beside length"),
        (
            LOG_FILE + "length = 2\n[growth]\nby = 'items'\n",
            "column by: expected a way to grow among contexts",
        ),
        (LOG_FILE + "length = 2\n[growth]\ndays = '3'\n", "column days: expected a number"),
        (LOG_FILE + "length = 2\n[growth]\ndays = 0\n", "column days: expected a number above 0; found '0'"),
        (LOG_FILE + "length = 2\n[growth]\narrivin = 3\n", "did you mean 'arriving'"),
        (LOG_FILE + "length = 2\n[[growth]]\n", r"a table \[growth\]"),
        ("[model]\nnodes = 3\nblocks = 1\n[growth]\ndays = 3\n", "beside interactions alone"),
        (
            "[model]\nkind = 'directed'\nnodes = 3\nblocks = 1\nmean_degree = 1\n[growth]\ndays = 3\n",
            "beside interactions alone",
        ),
        ("[model]\nkind = 'directed'\nnodes = 3\nblocks = 1\n", "expected an entry mean_degree"),
        (
            "[model]\nkind = 'popularity_adjusted'\nnodes = 3\nblocks = 1\ndensity = 1\n",
            "the entry 'density'",
        ),
        ("[model]\nkind = 'dot_product'\n", "expected an entry positions"),
        (
            "[model]\nkind = 'dot_product'\npositions = [[1]]\n[heterogeneity]\nlaw = 'constant'\n",
            "beside written-out positions",
        ),
        (GRAPH_FILE + "[[weights]]\n", r"a table \[weights\]"),
        (GRAPH_FILE + "[weights]\nlaw = 'gauss'\n", "a law of weights among negative_binomial, gaussian"),
        (GRAPH_FILE + "[weights]\nlaw = 'gaussian'\nmeans = 1\n", "an entry deviations in .weights."),
        (GRAPH_FILE + "[weights]\nlaw = 'negative_binomial'\ndispersion = [1]\n", "expected a number"),
        (
            GRAPH_FILE + "[weights]\nlaw = 'gaussian'\nmeans = 'a'\ndeviations = 1\n",
            "a number or a list",
        ),
        (
            GRAPH_FILE + "[weights]\nlaw = 'gaussian'\ndispersion = 2\n",
            "the entry of law 'gaussian' 'dispersion'",
        ),
        (LOG_FILE + "length = 2\n[weights]\nlaw = 'gaussian'\n", "beside kind 'graph' or 'block_model'"),
    ],
)
def test_bad_model_files_are_named(text, message, tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=message):
        read_model(path)


def sampled(recipe, seed=0, **options):
    return recipe.sample(np.random.default_rng(seed), **options)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_sample_has_the_shape_and_the_size_of_its_model(recipe):
    model, matrix, times = sampled(recipe, clip=True)
    assert isinstance(model, TYPES[recipe.kind])
    assert matrix.shape == ((60, 60) if "nodes" in recipe.entries else (50, 40))
    assert set(np.unique(matrix.data)) == {1.0} and (times is None) == (not recipe.growth)
    if recipe.entries.get("mean_length"):
        # 50 gamma or equal sizes of mean 3: about 150 interactions, with a standard deviation of at most 17
        assert abs(matrix.nnz - 150) < 5 * 17
    if recipe.entries.get("length"):
        assert (np.diff(matrix.indptr) == 3).all()


def test_dates_spread_over_the_stated_days():
    recipe = next(recipe for recipe in RECIPES if recipe.growth)
    _, matrix, times = sampled(recipe)
    assert times.shape == (matrix.nnz,) and times.min() >= 0 and 20 < times.max() < 30
    in_years = ModelFile(recipe.kind, recipe.entries, growth={**recipe.growth, "days": 365.0})
    np.testing.assert_allclose(sampled(in_years)[2] * 30 / 365, times)


def test_interactions_are_never_counts():
    with pytest.raises(ValueError, match="law must be 'bernoulli' for interactions"):
        sampled(
            ModelFile("interactions", {"contexts": 5, "items": 4, "blocks": 1, "length": 2}), law="poisson"
        )
