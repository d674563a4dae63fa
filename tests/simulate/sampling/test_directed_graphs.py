"""Graphs of directed block models, entry by entry and graph by graph (false-alarm rate 1e-6)."""

import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from simulate import DirectedBlockModel, LogNormal, directed_dcbm, sample_directed

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, law_of_small_graphs, least_tail, probabilities


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
@pytest.mark.parametrize("loops", [False, True])
def test_every_ordered_pair_has_its_law(law, loops):
    rng = np.random.default_rng(0)
    flow = [[1.0, 0.6, 0.1], [0.1, 1.0, 0.0], [0.3, 0.1, 0.5]]
    model = directed_dcbm(
        30, 3, heterogeneity=LogNormal(0.7), mean_degree=1.5, affinity=flow, agreement=0.3, rng=rng
    )
    p = probabilities(model)
    assert 0.3 < p.max() < 1 and (p == 0).any()
    a, b = model.outgoing, model.incoming
    many = DirectedBlockModel(
        *(np.tile(values, 20) for values in (a.propensities, a.labels, b.propensities, b.labels)),
        model.affinity,
    )
    least = least_tail(
        lambda: sample_directed(many, rng, law=law, loops=loops), p, 20, 20, law, directed=True, loops=loops
    )
    assert least > ALARM


def test_the_law_of_all_directed_graphs_on_three_nodes():
    rng = np.random.default_rng(1)
    a, b = rng.uniform(0.5, 1.0, (2, 3))
    y, z = np.array([0, 1, 1]), np.array([0, 0, 1])
    affinity = [[0.9, 0.3], [0.2, 0.7]]
    one = DirectedBlockModel(a, y, b, z, affinity)
    many = DirectedBlockModel(*(np.tile(values, 100) for values in (a, y, b, z)), affinity)
    pairs = np.nonzero(~np.eye(3, dtype=bool))
    p_value = law_of_small_graphs(lambda: sample_directed(many, rng), probabilities(one), 100, 200, pairs)
    assert p_value > ALARM


def test_form_of_the_matrix_and_the_number_of_threads():
    model = directed_dcbm(2000, 4, heterogeneity=LogNormal(0.5), mean_degree=20, rng=np.random.default_rng(2))
    before, graphs = numba.get_num_threads(), []
    try:
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            graphs.append(sample_directed(model, np.random.default_rng(3), clip=True))
    finally:
        numba.set_num_threads(before)
    graph = graphs[0]
    assert (graph != graphs[1]).nnz == 0 and not graph.diagonal().any()
    assert graph.dtype == np.float32 and set(graph.data) == {1.0} and graph.has_canonical_format
    assert abs(graph.nnz - model.expected_edges()) < 5 * np.sqrt(model.expected_edges())


def test_p_above_one_is_refused_with_its_pair_or_cut_with_a_warning():
    model = DirectedBlockModel([2.0, 0.1], [0, 0], [3.0, 0.9], [0, 0], [[1.0]])
    with pytest.raises(ValueError, match=r"the pair \(0, 1\) has P = 1.8"):  # P_00 = 6 is no pair
        sample_directed(model, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"the pair \(0, 0\) has P = 6"):
        sample_directed(model, np.random.default_rng(0), loops=True)
    with pytest.warns(UserWarning, match="0.8 expected edges are lost"):
        assert sample_directed(model, np.random.default_rng(0), clip=True)[0, 1] == 1
    large = DirectedBlockModel([2.0, 1.0], [0, 0], [1.0, 1.0], [0, 0], [[1e6]])
    with pytest.raises(ValueError, match="dtype must hold counts of mean 2e\\+06; int16"):
        sample_directed(large, np.random.default_rng(0), law="poisson", dtype=np.int16)


def test_a_model_without_edges():
    graph = sample_directed(
        DirectedBlockModel([0.0, 1.0], [0, 0], [0.0, 1.0], [0, 0], [[1.0]]), np.random.default_rng(0)
    )
    assert graph.nnz == 0 and graph.shape == (2, 2)
