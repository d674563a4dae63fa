"""The one way from a matrix to its embedding is PPMI and `embed`, with the items and their popularity."""

import networkx
import numpy as np
import pytest
from scipy import sparse

from simulate import sample_graph, sbm
from theory import analyse, capped_rank, embed, ppmi


def log(seed=0):
    """200 contexts x 60 items in two groups, the last five items in no context, with repeats."""
    rng = np.random.default_rng(seed)
    groups = np.arange(200)[:, None] % 2 == np.arange(60) % 2
    x = (rng.random((200, 60)) < np.where(groups, 0.2, 0.03)) * rng.integers(1, 4, (200, 60))
    x[:, 55:] = 0
    return sparse.csr_array(x.astype(float))


@pytest.mark.parametrize("options", [{}, {"top_k": 10, "min_count": 3}])
def test_interactions_go_through_ppmi(options):
    found, pmi = analyse(log(), 4, kind="interactions", **options), ppmi(log(), **options)
    assert np.array_equal(found.items, pmi.items) and (found.matrix != pmi.matrix).nnz == 0
    assert np.array_equal(found.embedding.basis, embed(pmi.matrix, 4).basis)
    contexts = (log().toarray() > 0).sum(axis=0)
    assert np.array_equal(found.popularity, contexts[found.items])
    assert found.items.max() < 55


def test_a_graph_stays_as_it_is():
    graph = sample_graph(sbm(300, 3, mean_degree=20, rng=np.random.default_rng(0)), np.random.default_rng(1))
    found = analyse(graph, 3, kind="graph")
    assert np.array_equal(found.embedding.basis, embed(graph, 3).basis)
    assert np.array_equal(found.items, np.arange(300))
    assert np.array_equal(found.popularity, graph.sum(axis=1))
    assert (found.matrix != graph).nnz == 0


def test_options_reach_the_solver():
    graph = networkx.karate_club_graph()
    found = analyse(graph, 3, kind="graph", dtype="float32", tol=1e-4, rng=np.random.default_rng(3))
    assert found.embedding.basis.dtype == np.float32
    assert found.popularity.sum() == pytest.approx(2 * graph.size(weight="weight"))


def test_a_rank_above_the_matrix_is_lowered_in_one_place():
    assert analyse(np.ones((3, 3)) - np.eye(3), 64, kind="graph").embedding.rank == 2
    assert [capped_rank(rank, 10) for rank in (1, 9, 10, 99)] == [1, 9, 9, 9]
    with pytest.raises(ValueError, match="rank must be an integer of at least 1; got 0"):
        capped_rank(0, 10)
    with pytest.raises(ValueError, match="at least two rows to have a truncation; got 1"):
        capped_rank(3, 1)


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (np.eye(3), {"kind": "grahp"}, "did you mean 'graph'"),
        (np.eye(3), {"kind": "graph", "top_k": 3}, "top_k must be None for a graph"),
        (np.eye(3), {"kind": "graph", "min_count": 1}, "min_count must be None for a graph"),
        (np.eye(3), {"kind": "interactions"}, "no two of its 3 items occur together in two contexts"),
        (np.ones((2, 3)), {"kind": "graph"}, "square"),
        ([[0.0, 1.0], [2.0, 0.0]], {"kind": "graph"}, "symmetric"),
    ],
)
def test_bad_input_is_named(data, options, words):
    with pytest.raises(ValueError, match=words):
        analyse(data, 2, **options)
