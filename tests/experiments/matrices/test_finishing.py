"""The last step of all readers: zeros, repeats, loops, halves and empty rows are treated and told alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import theory
from experiments.matrices.finishing import finish_graph, finish_interactions


def ends(*pairs):
    return tuple(np.array(side) for side in zip(*pairs, strict=True))


def test_a_stored_zero_is_no_interaction():
    found = finish_interactions(
        "x", *ends((0, 0), (0, 1), (1, 1)), (2, 2), values=np.array([1, 0, 3]), times=np.array([5.0, 6, 7])
    )
    assert found.interactions.toarray().tolist() == [[1, 0], [0, 1]] and found.times.tolist() == [5, 7]
    assert found.notes == ("1 stored zero was left out", "stored values other than 1 were taken as 1")


def test_empty_contexts_and_items_are_kept_and_told():
    found = finish_interactions("x", *ends((0, 2), (3, 0)), (4, 3))
    assert found.interactions.shape == (4, 3)
    assert (
        found.notes[0].startswith("2 of 4 contexts hold no item")
        and found.notes[1] == "1 of 3 items is in no context"
    )


def test_empty_contexts_do_not_change_ppmi():
    log = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]])
    beside = np.vstack([log, np.zeros((5, 4), dtype=int)])
    assert theory.cooccurrence(beside).n_contexts == 4
    assert (theory.ppmi(beside).matrix != theory.ppmi(log).matrix).nnz == 0


@pytest.mark.parametrize("shape", [(1, 3), (3, 1)])
def test_too_few_contexts_or_items_are_refused(shape):
    with pytest.raises(ValueError, match="at least 2 contexts and 2 items"):
        finish_interactions("x", *ends((0, 0)), shape)


def test_no_pair_and_no_edge_are_refused():
    with pytest.raises(ValueError, match="at least one pair"):
        finish_interactions("x", *ends((0, 0)), (2, 2), values=np.array([0.0]))
    with pytest.raises(ValueError, match="a graph with an edge"):
        finish_graph("x", *ends((0, 0), (0, 1)), np.array([1.0, 0.0]), 2)
    with pytest.raises(ValueError, match="at least 2 nodes"):
        finish_graph("x", *ends((0, 0)), None, 1)


def test_loops_zeros_and_isolated_nodes_are_told():
    found = finish_graph("x", *ends((0, 0), (0, 1), (1, 2)), np.array([2.0, 1.0, 0.0]), 4)
    assert found.graph.toarray()[0].tolist() == [0, 1, 0, 0] and found.graph.nnz == 2
    assert found.notes == (
        "1 loop was left out",
        "1 edge of weight 0 was left out",
        "2 of 4 nodes are isolated (no edge)",
    )


def test_without_weights_an_edge_counts_once():
    found = finish_graph("x", *ends((0, 1), (1, 0), (0, 1)), None, 2)
    assert found.graph.data.tolist() == [1, 1] and found.notes == (
        "2 edges were listed before; each counts once",
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(1e-3, 1e3)), min_size=1, max_size=12
    ).filter(lambda entries: any(i != j for i, j, _ in entries))
)
def test_one_half_or_both_of_a_symmetric_matrix_is_the_same_graph(entries):
    rows, columns, weights = ends(*entries)
    half = finish_graph("x", np.minimum(rows, columns), np.maximum(rows, columns), weights, 5, mirrored=True)
    whole = np.zeros((5, 5))
    np.add.at(whole, (np.minimum(rows, columns), np.maximum(rows, columns)), weights)
    whole = np.triu(whole, 1) + np.triu(whole, 1).T
    assert np.allclose(half.graph.toarray(), whole, rtol=1e-14)
    full = finish_graph("x", *whole.nonzero(), whole[whole.nonzero()], 5, mirrored=True)
    assert (full.graph.toarray() == whole).all() and "mean" not in " ".join(full.notes)


def test_halves_that_differ_have_their_mean_and_it_is_told():
    found = finish_graph("x", *ends((0, 1), (1, 0), (1, 2)), np.array([4.0, 6.0, 1.0]), 3, mirrored=True)
    assert found.graph.toarray().tolist() == [[0, 5, 0], [5, 0, 1], [0, 1, 0]]
    assert found.notes == ("1 edge has two values, one in each half; it has their mean",)


def test_weights_whose_sum_is_not_finite_are_refused():
    ends = np.array([0, 0]), np.array([1, 1])
    with pytest.raises(ValueError, match="weights whose sums are finite"):
        finish_graph("x", *ends, np.array([1e308, 1e308]), 2)
