"""PPMI against a dictionary of pairs, its options, and what it refuses."""

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from theory import cooccurrence, ppmi

logs = st.lists(st.lists(st.integers(0, 7), max_size=6), min_size=1, max_size=12)


def as_matrix(log, n=8):
    x = np.zeros((len(log), n))
    for context, items in enumerate(log):
        for item in items:
            x[context, item] += 1
    return x


def brute(log, min_count, repeats):
    pairs, single = Counter(), Counter()
    for items in log:
        bag = Counter(items) if repeats else Counter(set(items))
        single.update(bag)
        for i, j in combinations(sorted(bag), 2):
            pairs[i, j] += bag[i] * bag[j]
    return {pair: count for pair, count in pairs.items() if count >= min_count}, single


@settings(deadline=None, max_examples=200)
@given(logs, st.integers(1, 3), st.booleans(), st.sampled_from(["csr", "coo", "dense", "matrix"]))
def test_ppmi_is_the_dictionary_of_pairs(log, min_count, repeats, kind):
    pairs, single = brute(log, min_count, repeats)
    x = as_matrix(log)
    x = {"csr": sparse.csr_array, "coo": sparse.coo_array, "dense": np.asarray, "matrix": sparse.csr_matrix}[
        kind
    ](x)
    found = ppmi(x, min_count=min_count, top_k=None, count_repeats=repeats)
    expected = {}
    for (i, j), count in pairs.items():
        value = math.log(sum(map(bool, log)) * count / (single[i] * single[j]))
        if value > 0:
            expected[i, j] = expected[j, i] = value
    m = found.matrix.tocoo()
    seen = {
        (int(found.items[i]), int(found.items[j])): v
        for i, j, v in zip(m.coords[0], m.coords[1], m.data, strict=True)
    }
    assert seen.keys() == expected.keys()
    assert all(seen[pair] == pytest.approx(expected[pair], rel=1e-14) for pair in seen)
    assert found.items.tolist() == sorted({i for i, _ in expected})


@settings(deadline=None, max_examples=60)
@given(logs, st.permutations(range(8)), st.sampled_from([None, 2]))
def test_permuting_contexts_changes_nothing_and_items_permute_the_result(log, order, k):
    base = ppmi(as_matrix(log), top_k=None).matrix.toarray()
    assert np.array_equal(ppmi(as_matrix(log[::-1]), top_k=None).matrix.toarray(), base)
    whole = np.zeros((8, 8))
    found = ppmi(as_matrix(log), top_k=None)
    whole[np.ix_(found.items, found.items)] = found.matrix.toarray()
    moved = ppmi(as_matrix(log)[:, list(order)], top_k=None)
    other = np.zeros((8, 8))
    other[np.ix_(moved.items, moved.items)] = moved.matrix.toarray()
    assert np.allclose(other, whole[np.ix_(order, order)], rtol=1e-14)


def test_by_default_no_pair_is_cut_but_those_of_one_context():
    rng = np.random.default_rng(0)
    x = sparse.csr_array((rng.random((300, 2500)) < 0.1).astype(float))
    found = ppmi(x, min_count=1)  # every item has more than 2,000 partners in some context
    assert np.diff(cooccurrence(x).counts.indptr).max() > 2000
    assert found.matrix.nnz > ppmi(x, min_count=1, top_k=2000).matrix.nnz
    assert ppmi([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]).items.tolist() == [2, 3]


def test_shift_and_smoothing_follow_their_formulas():
    x = as_matrix([[0, 1], [0, 1], [2, 3], [2], [3, 0], [4], [4], [5]])
    plain, shifted = ppmi(x, min_count=1, top_k=None), ppmi(x, min_count=1, top_k=None, shift=0.3)
    whole = {(i, j): v for i, j, v in triples(plain)}
    assert {(i, j): v for i, j, v in triples(shifted)} == pytest.approx(
        {p: v - 0.3 for p, v in whole.items() if v > 0.3}
    )
    c = x.sum(0)
    powered = np.where(c > 0, c, 0.0) ** 0.75
    smooth = powered * c.sum() / powered.sum()
    for i, j, value in triples(ppmi(x, min_count=1, top_k=None, smoothing=0.75)):
        both = (x[:, i] * x[:, j]).sum()
        one_side = [math.log(8 * both / (c[a] * smooth[b])) for a, b in ((i, j), (j, i))]
        assert value == pytest.approx(sum(one_side) / 2)


def triples(found):
    m = found.matrix.tocoo()
    return [
        (int(found.items[i]), int(found.items[j]), float(v))
        for i, j, v in zip(*m.coords, m.data, strict=True)
    ]


@pytest.mark.parametrize(
    ("interactions", "words"),
    [
        ([[1, -1]], r"counts of at least 0; entry \(0, 1\) is -1"),
        ([[1, 0.5]], r"whole numbers; entry \(0, 1\) is 0.5"),
        ([[1, np.nan]], r"finite numbers only; entry \(0, 1\) is nan"),
        ([[1, np.inf]], "finite numbers only"),
        (np.zeros((0, 3)), r"at least one row and one column; got shape \(0, 3\)"),
        (np.zeros(3), "two dimensions"),
        (sparse.csr_array(np.array([[1.0, np.nan]])), r"entry \(0, 1\) is nan"),
        (sparse.csr_array(np.array([[0.0, -2.0]])), r"entry \(0, 1\) is -2"),
    ],
)
def test_bad_interactions_are_named_with_their_place(interactions, words):
    with pytest.raises(ValueError, match=words):
        ppmi(interactions)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_count": 0}, "min_count must be an integer of at least 1"),
        ({"top_k": 0}, "top_k must be an integer of at least 1"),
        ({"top_k_rule": "papers"}, "did you mean 'paper'"),
        ({"smoothing": 0.0}, "smoothing must be"),
        ({"shift": -1.0}, "shift must be"),
    ],
)
def test_bad_options_are_refused_by_name(options, words):
    with pytest.raises(ValueError, match=words):
        ppmi(np.ones((2, 2)), **options)


def test_the_input_is_left_as_it_was():
    x = sparse.csr_array(np.array([[2.0, 1.0], [1.0, 1.0]]))
    before = x.copy()
    ppmi(x)
    assert (x != before).nnz == 0 and x.data.tolist() == [2.0, 1.0, 1.0, 1.0]
