"""networkx both ways, and graspologic's arguments, without importing graspologic (it takes 10 s; see the slow test)."""

import networkx
import numpy as np
import pytest

from simulate import (
    LogNormal,
    dcbm,
    directed_dcbm,
    from_graspologic,
    from_networkx,
    pabm,
    sample_directed,
    sample_graph,
    sample_pabm,
    to_graspologic,
    to_networkx,
)


@pytest.fixture
def model():
    return dcbm(80, 3, heterogeneity=LogNormal(0.4), mean_degree=6, rng=np.random.default_rng(0))


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_networkx_round_trip_keeps_edges_weights_and_truth(model, law):
    graph = sample_graph(model, np.random.default_rng(1), law=law, loops=law == "poisson")
    found = from_networkx(to_networkx(graph, model))
    assert (found.graph != graph).nnz == 0
    assert found.nodes == list(range(80))
    assert (found.labels == model.labels).all()
    assert (found.propensities == model.propensities).all()


def test_degree_density_and_edges_are_those_of_networkx(model):
    graph = sample_graph(model, np.random.default_rng(1))
    theirs = to_networkx(graph)
    assert graph.sum(axis=1).tolist() == [d for _, d in theirs.degree()]
    assert graph.nnz / 2 == theirs.number_of_edges()
    assert graph.nnz / (80 * 79) == pytest.approx(networkx.density(theirs))
    assert from_networkx(theirs).labels is None


def test_directed_empty_and_mismatched_graphs_are_refused(model):
    with pytest.raises(ValueError, match="undirected"):
        from_networkx(networkx.DiGraph([(0, 1)]))
    with pytest.raises(ValueError, match="node"):
        from_networkx(networkx.Graph())
    with pytest.raises(ValueError, match="80"):
        to_networkx(np.zeros((2, 2)), model)


def test_a_matrix_that_is_not_symmetric_is_refused_without_a_directed_model(model):
    with pytest.raises(ValueError, match=r"graph must be symmetric; entry \(0, 1\) is 1"):
        to_networkx(np.array([[0, 1], [0, 0]]))
    with pytest.raises(TypeError, match="model must be a BlockModel, .*; got str"):
        to_networkx(np.zeros((2, 2)), "block")


def test_directed_graphs_keep_their_directions_weights_and_truth():
    rng = np.random.default_rng(0)
    model = directed_dcbm(60, 3, heterogeneity=LogNormal(0.4), mean_degree=3, agreement=0.5, rng=rng)
    for law in ("bernoulli", "poisson"):
        graph = sample_directed(model, rng, law=law, loops=True, dtype=np.float64)
        found = to_networkx(graph, model)
        assert found.is_directed() and (networkx.to_scipy_sparse_array(found) != graph).nnz == 0
        names = ("out_block", "out_theta", "in_block", "in_theta")
        sides = (model.outgoing.labels, model.outgoing.propensities)
        sides += (model.incoming.labels, model.incoming.propensities)
        for name, values in zip(names, sides):
            assert list(networkx.get_node_attributes(found, name).values()) == values.tolist()
    with pytest.raises(ValueError, match=r"model must have the nodes of the graph, \(60, 59\); got 60"):
        to_networkx(graph[:, :59], model)


def test_a_popularity_adjusted_model_gives_its_blocks():
    model = pabm(30, 2, heterogeneity=LogNormal(0.4), mean_degree=2, rng=np.random.default_rng(0))
    found = from_networkx(to_networkx(sample_pabm(model, np.random.default_rng(1)), model))
    assert found.labels.tolist() == model.labels.tolist() and found.propensities is None


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), None, "2"])
def test_a_weight_that_is_no_number_is_refused_with_its_edge(weight):
    graph = networkx.Graph()
    graph.add_edge("a", "b", weight=2.0)
    graph.add_edge("b", "c", weight=weight)
    with pytest.raises(ValueError, match=r"edge \('b', 'c'\) must have a finite weight"):
        from_networkx(graph)


def test_a_weight_that_only_some_edges_have_is_refused():
    graph = networkx.Graph([("a", "b"), ("b", "c")])
    graph["a"]["b"]["weight"] = 2.0
    with pytest.raises(ValueError, match=r"edge \('b', 'c'\) has none, and 1 have one"):
        from_networkx(graph)


@pytest.mark.parametrize(
    ("name", "value"),
    [("block", 1.7), ("block", -1), ("block", "x"), ("block", float("nan")), ("theta", -0.5), ("theta", "x")],
)
def test_blocks_and_propensities_are_not_rounded_or_guessed(name, value):
    graph = networkx.path_graph(3)
    networkx.set_node_attributes(graph, 1, name)
    assert from_networkx(graph)[2 if name == "block" else 3].tolist() == [1, 1, 1]
    graph.nodes[1][name] = value
    with pytest.raises(ValueError, match=f"node 1 must have .* as {name}; got"):
        from_networkx(graph)


def test_parallel_edges_add_up():
    graph = networkx.MultiGraph([(0, 1), (0, 1)])
    assert from_networkx(graph).graph.toarray().tolist() == [[0, 2], [2, 0]]


@pytest.mark.parametrize(("n", "dc"), [([2.5, 1], None), ([-1, 2], None), ([2, 1], [1.0, 0.5])])
def test_sizes_and_corrections_that_do_not_fit_are_refused(n, dc):
    with pytest.raises(ValueError, match=r"^(n|dc) must be"):
        from_graspologic(n, [[0.1, 0.2], [0.2, 0.1]], dc)


def test_graspologic_arguments_round_trip(model):
    theirs = to_graspologic(model)
    back = from_graspologic(theirs.n, theirs.p, theirs.dc)
    for i in range(0, 80, 7):
        for j in range(80):
            expected = model.probability(int(theirs.order[i]), int(theirs.order[j]))
            assert back.probability(i, j) == pytest.approx(expected)
    ends = np.cumsum(theirs.n)
    assert [part.sum() for part in np.split(theirs.dc, ends[:-1])] == pytest.approx([1, 1, 1])


@pytest.mark.slow
def test_graspologic_samples_what_the_model_expects(model, graspologic):
    """Its sampler draws a fixed number of edges without replacement: totals of block pairs agree to rounding."""
    theirs = to_graspologic(model)
    np.random.seed(0)  # noqa: NPY002 - graspologic draws from the global state
    graph = graspologic("simulations").sbm(n=theirs.n, p=theirs.p, dc=theirs.dc)
    assert graph.shape == (80, 80)
    expected = model.expected_degrees(loops=True).sum()
    assert abs(graph.sum() - expected) < 6 * np.sqrt(2 * expected)


@pytest.mark.parametrize("name", ["block", "theta"])
@pytest.mark.parametrize("value", [True, -1, "2", float("nan"), float("inf")])
def test_an_attribute_that_is_no_number_of_at_least_0_is_refused_with_its_node(name, value):
    graph = networkx.Graph([("a", "b")])
    networkx.set_node_attributes(graph, {"a": 1, "b": value}, name)
    with pytest.raises(ValueError, match=rf"node 'b' must have .* as {name}; got {value!r}"):
        from_networkx(graph)
