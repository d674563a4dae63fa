"""Graphs of popularity-adjusted models, entry by entry and graph by graph (false-alarm rate 1e-6)."""

import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from simulate import LogNormal, PopularityAdjustedModel, pabm, sample_pabm

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, law_of_small_graphs, least_tail, probabilities


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_every_pair_has_its_law(law):
    rng = np.random.default_rng(0)
    model = pabm(30, 3, heterogeneity=LogNormal(0.7), mean_degree=1.5, mixing=0.4, rng=rng)
    p = probabilities(model)
    assert 0.5 < p.max() < 1  # hub pairs too
    many = PopularityAdjustedModel(np.tile(model.popularities, (20, 1)), np.tile(model.labels, 20))
    assert least_tail(lambda: sample_pabm(many, rng, law=law), p, 20, 20, law) > ALARM


def test_the_law_of_all_graphs_on_four_nodes():
    rng = np.random.default_rng(1)
    own, labels = rng.uniform(0.2, 0.95, (4, 2)), np.array([0, 1, 0, 1])
    own[3, 0] = 0.0
    model = PopularityAdjustedModel(np.tile(own, (100, 1)), np.tile(labels, 100))
    p = probabilities(PopularityAdjustedModel(own, labels))
    assert law_of_small_graphs(lambda: sample_pabm(model, rng), p, 100, 200, np.triu_indices(4, 1)) > ALARM


def test_form_of_the_matrix_and_the_number_of_threads():
    rng = np.random.default_rng(2)
    model = pabm(2000, 5, heterogeneity=LogNormal(0.5), mean_degree=20, rng=rng)
    before, graphs = numba.get_num_threads(), []
    try:
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            graphs.append(sample_pabm(model, np.random.default_rng(3)))
    finally:
        numba.set_num_threads(before)
    graph = graphs[0]
    assert (graph != graphs[1]).nnz == 0 and (graph != graph.T).nnz == 0 and not graph.diagonal().any()
    assert graph.dtype == np.float32 and set(graph.data) == {1.0} and graph.has_canonical_format
    assert abs(graph.nnz / 2 - model.expected_edges()) < 5 * np.sqrt(model.expected_edges())


def test_p_above_one_is_refused_with_its_pair_or_cut_with_a_warning():
    model = PopularityAdjustedModel([[0.1, 2.0], [0.1, 0.1], [0.9, 0.1]], [0, 0, 1])
    with pytest.raises(ValueError, match=r"the pair \(0, 2\) has P = 1.8"):
        sample_pabm(model, np.random.default_rng(0))
    with pytest.warns(UserWarning, match="0.8 expected edges are lost"):
        assert sample_pabm(model, np.random.default_rng(0), clip=True)[0, 2] == 1
    large = PopularityAdjustedModel(np.full((2, 1), 15.495), [0, 0])
    with pytest.raises(ValueError, match="dtype must hold counts of mean 240.1; uint8 ends at 255"):
        sample_pabm(large, np.random.default_rng(0), law="poisson", dtype=np.uint8)


def test_models_without_edges():
    for model in (
        PopularityAdjustedModel(np.zeros((3, 2)), [0, 1, 1]),
        PopularityAdjustedModel(np.zeros((0, 2)), np.zeros(0, int)),
    ):
        graph = sample_pabm(model, np.random.default_rng(0))
        assert graph.nnz == 0 and graph.shape == (model.n_nodes,) * 2
