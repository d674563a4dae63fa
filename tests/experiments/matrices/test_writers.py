"""What is sampled is read again as it was written, in every format; a file appears whole or not at all."""

import networkx
import numpy as np
import pytest
from scipy import sparse

from experiments.matrices import load
from experiments.matrices.writers import OF_GRAPHS, OF_INTERACTIONS, write_matrix
from simulate import (
    InteractionModel,
    LogNormal,
    dcbm,
    pabm,
    sample_graph,
    sample_interactions,
    sample_pabm,
    sbm,
)


@pytest.mark.parametrize("ending", OF_GRAPHS)
@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_graphs_are_read_again_as_they_were_written(ending, law, tmp_path):
    model = dcbm(40, 2, heterogeneity=LogNormal(0.5), mean_degree=4, rng=np.random.default_rng(0))
    graph = sample_graph(model, np.random.default_rng(1), law=law)
    path = tmp_path / f"graph{ending}"
    write_matrix(graph, path, labels=model.labels, propensities=model.propensities, graph=True)
    back = load(str(path))
    assert back.items is None or back.items.tolist() == list(map(str, range(40)))
    assert (back.matrix != graph).nnz == 0
    assert (graph.sum(axis=1) == 0).any(), "no isolated node is tested"


def test_the_truth_that_a_model_has_is_written_and_no_other(tmp_path):
    model = pabm(40, 2, heterogeneity=LogNormal(0.5), mean_degree=2, rng=np.random.default_rng(0))
    graph = sample_pabm(model, np.random.default_rng(1))
    for ending in (".edges", ".graphml", ".npz"):
        write_matrix(graph, tmp_path / f"g{ending}", labels=model.labels, graph=True)
    table = np.genfromtxt(tmp_path / "g.edges.nodes.csv", delimiter=",", names=True)
    assert table.dtype.names == ("node", "block") and table["block"].tolist() == model.labels.tolist()
    nodes = networkx.read_graphml(tmp_path / "g.graphml").nodes
    assert [nodes[str(i)] for i in range(40)] == [{"block": k} for k in model.labels]
    assert load(str(tmp_path / "g.npz")).labels.tolist() == model.labels.tolist()
    for file in write_matrix(graph, tmp_path / "plain.edges", graph=True):
        assert file.name == "plain.edges"  # no truth, no second file


def test_weights_in_single_precision_are_read_again_as_they_were(tmp_path):
    graph = sparse.csr_array(np.array([[0, 0.1], [0.1, 0]], np.float32))
    for ending in OF_GRAPHS:
        write_matrix(graph, tmp_path / f"g{ending}", graph=True)
        assert (load(tmp_path / f"g{ending}").graph.toarray() == graph.toarray()).all()


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
    graph = sample_graph(sbm(60, 3, mean_degree=5.0, rng=np.random.default_rng(0)), np.random.default_rng(0))
    with pytest.raises(ValueError, match="must end in one of .edges"):
        write_matrix(graph, tmp_path / "a.csv", graph=True)
    with pytest.raises(ValueError, match="must end in one of .csv"):
        write_matrix(graph, tmp_path / "a.graphml", graph=False)
    with pytest.raises(OSError, match="missing"):
        write_matrix(graph, tmp_path / "missing" / "a.npz", graph=True)
    assert list(tmp_path.iterdir()) == []
