"""Edges lost and moved: how many, and what stays as it was."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from simulate import degree_preserving, dropout, rewire

sys.path.append(str(Path(__file__).resolve().parents[1]))
from example_graphs import Z, graph, pairs_of


def test_dropout_loses_the_stated_share_and_nothing_else():
    a = graph()
    edges = len(pairs_of(a))
    noisy = dropout(a, 0.3, np.random.default_rng(1))
    lost = {tuple(p) for p in noisy.changed.T.tolist()}
    assert pairs_of(noisy.graph) == pairs_of(a) - lost
    assert abs(len(lost) - 0.3 * edges) < Z * np.sqrt(edges * 0.21)
    assert (dropout(a, 0.0, np.random.default_rng(1)).graph != a).nnz == 0


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.sampled_from([0.0, 0.2, 1.0]), st.sampled_from([6, 40, 300]))
def test_rewiring_and_the_degree_preserving_null_keep_every_degree(seed, fraction, n):
    a = graph(n, seed % 1000, degree=4)
    for moved in (
        rewire(a, fraction, np.random.default_rng(seed)).graph,
        degree_preserving(a, np.random.default_rng(seed)),
    ):
        assert np.array_equal(moved.sum(axis=0), a.sum(axis=0))
        assert not moved.diagonal().any() and (moved != moved.T).nnz == 0
        assert moved.max() <= 1


@pytest.mark.parametrize("fraction", [0.1, 0.4, 1.0])
def test_rewiring_moves_the_stated_share_and_says_where(fraction):
    a = graph(1000)
    noisy = rewire(a, fraction, np.random.default_rng(2))
    new = pairs_of(noisy.graph) - pairs_of(a)
    assert new <= {tuple(p) for p in noisy.changed.T.tolist()}
    # a swap moves one edge or two that had not moved yet
    assert 0 <= noisy.changed.shape[1] - round(fraction * len(pairs_of(a))) <= 1


@pytest.mark.parametrize("change", [dropout, rewire])
@pytest.mark.parametrize(
    ("matrix", "fraction", "words"),
    [
        (graph(30), 1.5, "fraction must be a number at least 0 and at most 1; got 1.5"),
        (sparse.csr_array(np.eye(3)), 0.5, "graph must have no loops; node 0 has one"),
        (np.ones((2, 3)), 0.5, "graph must be a symmetric square matrix"),
        ([[0, 1], [2, 0]], 0.5, r"graph must be symmetric; entry \(0, 1\) is 1 and entry \(1, 0\) is 2"),
    ],
)
def test_bad_input_is_refused_by_name(change, matrix, fraction, words):
    with pytest.raises(ValueError, match=words):
        change(matrix, fraction, np.random.default_rng(0))
