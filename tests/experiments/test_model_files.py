"""Models round-trip through TOML; what they sample round-trips through every format; bad files are named."""

import numpy as np
import pytest

from experiments.matrices import load
from experiments.matrices.model_files import ModelFile, read_model, write_model
from experiments.matrices.reading import BadInput
from experiments.matrices.writers import OF_GRAPHS, OF_INTERACTIONS, write_matrix
from simulate import BlockModel, InteractionModel, LogNormal, dcbm, sample_graph, sample_interactions

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


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipes_round_trip_and_build(recipe, tmp_path):
    path = tmp_path / "model.toml"
    write_model(recipe, path)
    assert read_model(path) == recipe
    built = read_model(path).build(np.random.default_rng(0))
    assert isinstance(built, InteractionModel if recipe.kind == "interactions" else BlockModel)
    if "mean_degree" in recipe.entries:
        assert built.expected_degrees().mean() == pytest.approx(recipe.entries["mean_degree"])


def test_a_block_model_round_trips_number_by_number(tmp_path):
    model = dcbm(30, 3, heterogeneity=LogNormal(0.5), mean_degree=4, rng=np.random.default_rng(0))
    write_model(model, tmp_path / "model.toml")
    back = read_model(tmp_path / "model.toml").build(np.random.default_rng(9))
    for name in ("propensities", "labels", "affinity"):
        assert (getattr(back, name) == getattr(model, name)).all()


@pytest.mark.parametrize("ending", OF_GRAPHS)
@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_graphs_are_read_again_as_they_were_written(ending, law, tmp_path):
    model = dcbm(40, 2, heterogeneity=LogNormal(0.5), mean_degree=4, rng=np.random.default_rng(0))
    graph = sample_graph(model, np.random.default_rng(1), law=law)
    path = tmp_path / f"graph{ending}"
    write_matrix(graph, path, labels=model.labels, propensities=model.propensities, graph=True)
    back = load(str(path))
    order = np.arange(40) if back.items is None else np.array([int(name) for name in back.items])
    if ending == ".mtx":
        order = np.arange(40)
    # an edge list cannot say that a node has no edges; FILE.nodes.csv does
    assert (
        sorted(order) == (np.flatnonzero(graph.sum(axis=1)) if ending == ".edges" else np.arange(40)).tolist()
    )
    assert (back.matrix != graph[order][:, order]).nnz == 0


@pytest.mark.parametrize("ending", OF_INTERACTIONS)
def test_interactions_are_read_again_as_they_were_written(ending, tmp_path):
    model = InteractionModel(np.ones(30), np.arange(30) % 3, mean_length=1.5)
    x, _ = sample_interactions(model, 60, np.random.default_rng(0))
    path = tmp_path / f"log{ending}"
    write_matrix(x, path, labels=model.labels, propensities=model.propensities, graph=False)
    back = load(str(path))
    contexts = np.arange(60) if back.contexts is None else np.array([int(name) for name in back.contexts])
    items = np.arange(30) if back.items is None else np.array([int(name) for name in back.items])
    assert (back.interactions != x[contexts][:, items]).nnz == 0
    assert back.interactions.nnz == x.nnz


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    graph = sample_graph(RECIPES[0].build(np.random.default_rng(0)), np.random.default_rng(0))
    with pytest.raises(ValueError, match="must end in one of .edges"):
        write_matrix(graph, tmp_path / "a.csv", graph=True)
    with pytest.raises(ValueError, match="must end in one of .csv"):
        write_matrix(graph, tmp_path / "a.graphml", graph=False)
    with pytest.raises(OSError, match="missing"):
        write_matrix(graph, tmp_path / "missing" / "a.npz", graph=True)
    assert list(tmp_path.iterdir()) == []


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
