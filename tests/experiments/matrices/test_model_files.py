"""Models in TOML files: recipes and block models written out in full are read back; a bad file is named."""

import json

import numpy as np
import pytest

from experiments.matrices.described_models import ModelFile
from experiments.matrices.model_files import read_model
from experiments.matrices.reading import BadInput
from simulate import BipartiteModel, BlockModel, InteractionModel, LogNormal, dcbm

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
]
LOG_FILE = "[model]\nkind = 'interactions'\ncontexts = 9\nitems = 9\nblocks = 1\n"
TYPES = {"graph": BlockModel, "interactions": InteractionModel, "bipartite": BipartiteModel}


def written(recipe, path):
    """Write a model file; numbers, strings and lists look the same in TOML and in JSON."""
    tables = {
        "model": {"kind": recipe.kind, **recipe.entries},
        "heterogeneity": recipe.heterogeneity,
        "growth": recipe.growth,
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
        assert built.expected_degrees().mean() == pytest.approx(recipe.entries["mean_degree"])


def test_a_block_model_is_read_number_by_number(tmp_path):
    model = dcbm(30, 3, heterogeneity=LogNormal(0.5), mean_degree=4, rng=np.random.default_rng(0))
    entries = {name: getattr(model, name).tolist() for name in ("propensities", "labels", "affinity")}
    path = written(ModelFile("block_model", entries), tmp_path / "model.toml")
    back = read_model(path).build(np.random.default_rng(9))
    for name in entries:
        assert (getattr(back, name) == getattr(model, name)).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model\n", "expected a TOML file"),
        ("nodes = 3\n", "known entries .model, heterogeneity, growth.; found the table 'nodes'"),
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
    assert matrix.shape == ((60, 60) if recipe.is_graph else (50, 40))
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
