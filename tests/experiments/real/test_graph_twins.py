"""Twins of weighted graphs: the same in any unit, with the degrees and the dispersion observed."""

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm

from experiments.matrices import load
from experiments.real.block_fit import fit_graph
from experiments.real.graph_twins import GraphTwinModel, fit_graph_twin
from simulate import BlockModel, Constant, LogNormal, dcbm, sample_graph


def planted(mean_degree=40.0):
    rng = np.random.default_rng(0)
    model = dcbm(300, 3, heterogeneity=LogNormal(0.5), mean_degree=mean_degree, mixing=0.1, rng=rng)
    return sample_graph(model, rng, law="poisson", dtype=np.float64), model.labels


def weighted():
    """Return a sparse graph of weights that vary over two decades and are whole numbers, and its blocks."""
    graph, labels = planted(10.0)
    half = sparse.coo_array(sparse.triu(graph, k=1))
    half.data = np.ceil(np.exp(np.random.default_rng(1).normal(1.5, 1.2, half.nnz)))
    half = half.tocsr()
    return sparse.csr_array(half + half.T), labels


@pytest.mark.parametrize("unit", [0.01, 100.0, 1 / 3])
@pytest.mark.parametrize("of", [planted, weighted])
def test_a_twin_is_the_same_in_any_unit(of, unit):
    graph, labels = of()
    one = fit_graph_twin(graph, labels).sample(np.random.default_rng(5))
    other = fit_graph_twin(graph * unit, labels).sample(np.random.default_rng(5))
    # the same units are drawn, unless a random number meets a bound to its last digits
    assert (one.indptr == other.indptr).all() and (one.indices == other.indices).all()
    np.testing.assert_allclose(other.data, unit * one.data, rtol=1e-9)


def test_degrees_dispersion_and_edges_of_twins_are_those_observed():
    graph, labels = weighted()
    model = fit_graph_twin(graph, labels)
    rng, draws = np.random.default_rng(2), 60
    twins = [model.sample(rng) for _ in range(draws)]
    assert all((twin != twin.T).nnz == 0 and not twin.diagonal().any() for twin in twins)
    expected = model.model.expected_degrees()
    degrees = np.mean([twin.sum(axis=1) for twin in twins], axis=0)
    # units are skewed, hence a wide margin beside the normal quantile; 300 nodes, two sides, false alarms below 1e-7
    assert np.abs(degrees - expected).max() < 1.5 * norm.isf(1e-7 / 600) * np.sqrt(
        model.dispersion * expected.max() / draws
    )
    for block in range(3):  # their sum is that of the graph
        assert expected[labels == block].sum() == pytest.approx(graph[labels == block].sum())
    seen = np.mean([fit_graph_twin(twin, labels).dispersion for twin in twins])
    assert seen == pytest.approx(model.dispersion, rel=0.15)
    assert np.mean([twin.nnz for twin in twins]) == pytest.approx(graph.nnz, rel=0.15)


@pytest.mark.parametrize("law", [Constant(), LogNormal(0.4)])
def test_degrees_vary_in_twins_as_in_the_graph_and_in_twins_of_twins(law):
    """By block, over 40 twins: the standard error of a variance is about 5 % for each, and six of these are allowed.

    Fitted to the degrees as they are, twins of nodes of equal propensity had twice the variance, and their twins three times.
    """
    rng = np.random.default_rng(4)
    model = dcbm(300, 2, heterogeneity=law, mean_degree=20, mixing=0.1, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    fitted = fit_graph_twin(graph, model.labels)

    def spread(matrix):
        degrees = np.asarray(matrix.sum(axis=1))
        return np.mean([degrees[model.labels == block].var() for block in (0, 1)])

    twins = [fitted.sample(rng) for _ in range(40)]
    again = [fit_graph_twin(twin, model.labels).sample(rng) for twin in twins]
    assert np.mean([spread(twin) for twin in twins]) == pytest.approx(spread(graph), rel=0.15)
    assert np.mean([spread(twin) for twin in again]) == pytest.approx(spread(graph), rel=0.2)


def test_counts_of_a_block_model_have_its_dispersion_and_more_varied_ones_a_larger_one():
    counts, labels = planted(150.0)
    # about 45,000 pairs: the standard error of the estimate is 1 %
    assert fit_graph_twin(counts, labels).dispersion == pytest.approx(1.0, abs=0.06)
    graph, labels = weighted()
    assert fit_graph_twin(graph, labels).dispersion > 5


def test_equal_weights_are_drawn_as_poisson_counts_of_them():
    graph = (load("les-miserables").graph > 0).astype(float) * 7
    labels = np.arange(77) % 3
    model = fit_graph_twin(graph, labels)
    twin = model.sample(np.random.default_rng(0))
    assert model.units.tolist() == [7.0] and set(np.unique(twin.data) % 7) == {0.0}


def test_loops_are_kept_where_the_graph_has_some():
    graph, labels = planted()
    looped = sparse.csr_array(graph + sparse.diags_array(np.full(300, 20.0)))
    rng = np.random.default_rng(3)
    model = fit_graph_twin(looped, labels)
    mean = np.mean([model.sample(rng).sum() for _ in range(40)])
    # the sum of 40 twins varies by sqrt(dispersion x sum x 2 / 40); six such deviations
    assert mean == pytest.approx(looped.sum(), abs=6 * np.sqrt(model.dispersion * looped.sum() * 2 / 40))
    assert model.sample(rng).diagonal().any()


def test_a_graph_without_edges_and_weights_without_error():
    empty = fit_graph_twin(np.zeros((4, 4)), [0, 0, 1, 1])
    assert empty.sample(np.random.default_rng(0)).nnz == 0
    # each pair is a block pair of its own, so that the fit is exact
    exact = np.array([[0, 3, 0], [3, 0, 5], [0, 5, 0]], dtype=float)
    twin = fit_graph_twin(exact, [0, 1, 2]).sample(np.random.default_rng(0)).toarray()
    assert twin == pytest.approx(exact, rel=0.3)


def test_more_units_than_can_be_drawn_are_refused():
    model = BlockModel(np.ones(100), np.zeros(100, int), [[1e6]])
    with pytest.raises(ValueError, match="--binary"):
        GraphTwinModel(model, np.array([1.0, 2.0]), False).sample(np.random.default_rng(0))


def test_a_hub_that_holds_all_the_weight_of_its_block_has_twins():
    """Its P_ii, which no sample without loops meets, is 1e9 times the edges: drawing and dropping it took all memory."""
    star = np.zeros((60, 60))
    star[0, 1:] = star[1:, 0] = 1.0
    model = fit_graph(star, np.zeros(60, int))
    assert model.loop_probabilities().max() > 1e9
    twin = GraphTwinModel(model, np.ones(1), False).sample(np.random.default_rng(0))
    # every edge is the hub's; their number is Poisson of mean 59, seven standard deviations
    assert twin[1:, 1:].nnz == 0 and abs(twin[[0]].sum() - 59) < 7 * np.sqrt(59)
    # by the fit of twins the hub has nearly all: its degree is not by chance
    twin = fit_graph_twin(star, np.zeros(60, int)).sample(np.random.default_rng(0))
    assert abs(twin[[0]].sum() - 59) < 7 * np.sqrt(59) and twin[1:, 1:].sum() < 8
