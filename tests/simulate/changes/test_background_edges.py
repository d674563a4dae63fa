"""Background edges: as many as stated, and where."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse, stats

from simulate import background_edges, block_noise

sys.path.append(str(Path(__file__).resolve().parents[1]))
from example_graphs import ALARM, Z, graph, pairs_of


def test_background_edges_are_the_difference_and_as_many_as_asked():
    a = graph()
    noisy = background_edges(a, 6.0, np.random.default_rng(1))
    difference = noisy.graph - a
    assert {tuple(p) for p in noisy.changed.T.tolist()} == pairs_of(difference)
    expected = 400 * 6.0 / 2
    assert abs(noisy.changed.shape[1] - expected) < Z * np.sqrt(expected)


def test_a_dial_may_be_turned_by_less_than_one_edge_a_node():
    a = graph()
    assert (background_edges(a, 0.0, np.random.default_rng(0)).graph != a).nnz == 0
    assert background_edges(a, 0.5, np.random.default_rng(0)).changed.shape[1] < 200 * 0.5 + Z * 10 + 1


def test_a_node_gets_the_background_of_its_block():
    """Rank one: a node of block k gets d_k edges on average, wherever they end. Sums over a block are Poisson to first order."""
    n, degrees = 900, np.array([0.0, 3.0, 12.0])
    labels = np.random.default_rng(0).permutation(np.arange(n) % 3)
    added = block_noise(sparse.csr_array((n, n)), labels, degrees, np.random.default_rng(1))
    ends = np.bincount(labels[added.changed].ravel(), minlength=3)
    assert ends[0] == 0
    own = degrees**2 / (n / 3 * degrees.sum())  # a node is not joined to itself
    for block in (1, 2):
        # an edge inside the block has both its ends there: the variance is at most twice the mean
        expected = n / 3 * (degrees[block] - own[block])
        assert abs(ends[block] - expected) < Z * np.sqrt(2 * expected)


def test_equal_background_in_all_blocks_is_background():
    added = block_noise(sparse.csr_array((600, 600)), np.arange(600) % 3, [6.0] * 3, np.random.default_rng(0))
    expected = 600 * 599 / 2 * 6 / 600
    count = added.changed.shape[1]
    assert min(stats.poisson.cdf(count, expected), stats.poisson.sf(count - 1, expected)) > ALARM / 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: background_edges(graph(30), -1.0, r), "mean_degree"),
        (lambda r: block_noise(graph(30), np.zeros(30, int), [[1.0]], r), "mean_degrees must be a vector"),
        (
            lambda r: block_noise(graph(30), np.zeros(30, int), [-1.0], r),
            "mean_degrees must be a vector .* at least 0",
        ),
        (
            lambda r: block_noise(graph(30), np.arange(30) % 2, [1.0], r),
            "labels must be from 0 to 0.* got 0 to 1",
        ),
        (lambda r: block_noise(graph(30), np.arange(30) // 29, [0.0, 2.0], r), "2 gives 2, its square over"),
        (
            lambda r: block_noise(graph(30), np.zeros(29, int), [1.0], r),
            "labels must be one integer for each of 30",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))


@pytest.mark.parametrize("n", [2, 5, 9])
def test_at_the_largest_mean_degree_every_pair_has_an_edge(n):
    full = background_edges(sparse.csr_array((n, n)), n - 1, np.random.default_rng(0))
    assert np.array_equal(full.graph.toarray(), 1 - np.eye(n))
