"""Sequences of graphs against their exact laws (false-alarm rate 1e-6)."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulate import BlockModel, DynamicBlockModel, LogNormal, dcbm, moving_labels, sample_snapshots

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, least_tail, probabilities


def moving(n, n_snapshots, move, seed=0):
    rng = np.random.default_rng(seed)
    model = dcbm(n, 2, heterogeneity=LogNormal(0.5), mean_degree=1.5, rng=rng)
    return moving_labels(model, n_snapshots, rng, move=move)


@pytest.mark.parametrize("persistence", [0.0, 0.6])
def test_means_of_each_snapshot_entry_by_entry(persistence):
    model, rng = moving(30, 3, 0.5), np.random.default_rng(1)
    many = DynamicBlockModel(np.tile(model.propensities, 20), np.tile(model.labels, (1, 20)), model.affinity)
    drawn = [sample_snapshots(many, rng, persistence=persistence) for _ in range(20)]
    mean = probabilities(model.at(0))
    for t in range(3):
        mean = persistence * mean + (1 - persistence) * probabilities(model.at(t))
        graphs = iter([graphs[t] for graphs in drawn])
        assert least_tail(lambda graphs=graphs: next(graphs), mean, 20, 20, "bernoulli") > ALARM / 3


def test_two_snapshots_together_have_the_law_of_pairs_that_keep_their_state():
    n, p, rho = 300, 0.3, 0.4
    labels = np.zeros((2, n), int)
    model = DynamicBlockModel(np.full(n, np.sqrt(p)), labels, [[1.0]])
    first, second = sample_snapshots(model, np.random.default_rng(2), persistence=rho)
    upper = np.triu_indices(n, 1)
    before, after = first.toarray()[upper] > 0, second.toarray()[upper] > 0
    for was, chance in ((True, rho + (1 - rho) * p), (False, (1 - rho) * p)):
        of = after[before == was]
        assert stats.binomtest(int(of.sum()), of.size, chance).pvalue > ALARM / 2


def test_full_persistence_repeats_the_first_graph_and_the_form_is_that_of_a_graph():
    graphs = sample_snapshots(moving(200, 3, 0.5), np.random.default_rng(3), persistence=1.0)
    assert len(graphs) == 3 and all((graph != graphs[0]).nnz == 0 for graph in graphs)
    graph = sample_snapshots(moving(200, 3, 0.5), np.random.default_rng(3), persistence=0.5)[2]
    assert (graph != graph.T).nnz == 0 and not graph.diagonal().any() and set(graph.data) == {1.0}
    assert graph.has_canonical_format and graph.dtype == np.float32


def test_p_above_one_in_any_snapshot_is_refused_before_anything_is_drawn():
    affinity = [[0.1, 0.1], [0.1, 2.0]]
    assert BlockModel(np.ones(3), [0, 0, 1], affinity).largest_probability().probability == 0.1
    model = DynamicBlockModel(np.ones(3), [[0, 0, 1], [0, 1, 1]], affinity)
    rng = np.random.default_rng(0)
    before = rng.bit_generator.state
    with pytest.raises(ValueError, match=r"the pair \(1, 2\) has P = 2"):
        sample_snapshots(model, rng)
    assert rng.bit_generator.state == before
    with pytest.warns(UserWarning, match="1 expected edges are lost"):
        assert sample_snapshots(model, rng, clip=True)[1][1, 2] == 1


@pytest.mark.parametrize("persistence", [-0.1, 1.1, float("nan")])
def test_bad_persistence_is_refused(persistence):
    with pytest.raises(ValueError, match="persistence must be a number at least 0 and at most 1"):
        sample_snapshots(moving(9, 2, 0.1), np.random.default_rng(0), persistence=persistence)
