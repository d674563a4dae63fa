"""Leiden finds planted communities, and refuses what is no undirected graph."""

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from simulate import sample_graph, sbm
from theory import leiden


def test_planted_communities_are_found_and_a_seed_gives_them_again():
    rng = np.random.default_rng(0)
    model = sbm(400, 4, mean_degree=30, mixing=0.05, rng=rng)
    graph = sample_graph(model, rng)
    found = leiden(graph, np.random.default_rng(1))
    assert normalized_mutual_info_score(model.labels, found) > 0.95
    assert np.array_equal(leiden(graph, np.random.default_rng(1)), found)


def test_isolated_nodes_belong_to_no_community():
    graph = np.zeros((5, 5))
    graph[0, 1] = graph[1, 0] = 1.0
    found = leiden(graph, np.random.default_rng(0))
    assert found[0] == found[1] >= 0 and found[2:].tolist() == [-1, -1, -1]
    assert leiden(np.zeros((3, 3)), np.random.default_rng(0)).tolist() == [-1, -1, -1]


@pytest.mark.parametrize(
    ("graph", "options", "words"),
    [
        ([[0, 1], [2, 0]], {}, "symmetric"),
        (np.ones((2, 3)), {}, "symmetric"),
        ([[0, -1], [-1, 0]], {}, "no negative weight; the least is -1"),
        (np.eye(2), {"resolution": 0}, "resolution must be a number above 0"),
    ],
)
def test_bad_input_is_named(graph, options, words):
    with pytest.raises(ValueError, match=words):
        leiden(graph, np.random.default_rng(0), **options)
