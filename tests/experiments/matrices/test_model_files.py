"""Models in TOML files: recipes and block models written out in full are read back; a bad file is named."""

import json

import numpy as np
import pytest

from experiments.matrices.model_files import ModelFile, read_model
from experiments.matrices.reading import BadInput
from simulate import BlockModel, InteractionModel, LogNormal, dcbm

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
]


def written(recipe, path):
    """Write a model file; numbers, strings and lists look the same in TOML and in JSON."""
    tables = {"model": {"kind": recipe.kind, **recipe.entries}, "heterogeneity": recipe.heterogeneity}
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
    assert isinstance(built, InteractionModel if recipe.kind == "interactions" else BlockModel)
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
        ("nodes = 3\n", "known entries .model, heterogeneity.; found the table 'nodes'"),
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
    ],
)
def test_bad_model_files_are_named(text, message, tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=message):
        read_model(path)
