"""Counts and PPMI against dictionaries, the top-k rules on cases worked by hand, and budgets that change nothing."""

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
        value = math.log(len(log) * count / (single[i] * single[j]))
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


@settings(deadline=None, max_examples=150)
@given(logs, st.integers(1, 4))
def test_symmetric_top_k_keeps_what_ranks_within_k_for_both(log, k):
    pairs, _ = brute(log, 1, False)
    best = {}
    for i in range(8):
        mine = sorted(((-c, sum(p) - i) for p, c in pairs.items() if i in p))[:k]
        best[i] = {j for _, j in mine}
    expected = {(i, j) for i, j in pairs if j in best[i] and i in best[j]}
    counts = cooccurrence(as_matrix(log), top_k=k).counts
    assert {(int(i), int(j)) for i, j in zip(*sparse.triu(counts).coords)} == expected
    assert (counts != counts.T).nnz == 0


@settings(deadline=None, max_examples=150)
@given(logs, st.integers(1, 4))
def test_the_papers_rule_ranks_over_later_and_over_earlier_items(log, k):
    pairs, _ = brute(log, 1, False)
    kept = set()
    for i, j in pairs:
        rank_in_first = 1 + sum((-c, b) < (-pairs[i, j], j) for (a, b), c in pairs.items() if a == i)
        rank_in_second = 1 + sum((-c, a) < (-pairs[i, j], i) for (a, b), c in pairs.items() if b == j)
        if rank_in_first < k and rank_in_second < k:
            kept.add((i, j))
    counts = cooccurrence(as_matrix(log), top_k=k, top_k_rule="paper").counts
    assert {(int(i), int(j)) for i, j in zip(*sparse.triu(counts).coords)} == kept


def test_top_k_by_hand():
    """Item 0 shares 3 contexts with 1, 2 with 2 and 2 with 3; the tie goes to 2; item 3 has nothing better than 0."""
    x = as_matrix([[0, 1], [0, 1], [0, 1, 2], [0, 2, 3], [0, 3]], 4)
    counts = cooccurrence(x, top_k=2).counts.toarray()
    assert counts.tolist() == [[0, 3, 2, 0], [3, 0, 1, 0], [2, 1, 0, 0], [0, 0, 0, 0]]


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


@pytest.mark.parametrize("rule", ["symmetric", "paper"])
@pytest.mark.parametrize("top_k", [None, 5])
def test_blocks_and_budgets_change_nothing(rule, top_k):
    x = sparse.random_array((200, 300), density=0.05, rng=np.random.default_rng(0), format="csr")
    x.data[:] = 1.0
    seen = []
    whole = cooccurrence(x, top_k=top_k, top_k_rule=rule)
    small = cooccurrence(
        x,
        top_k=top_k,
        top_k_rule=rule,
        memory_budget=30_000,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert (whole.counts != small.counts).nnz == 0 and whole.counts.nnz > 0
    assert len(seen) > 2 and max(seen) == (300, 300)


def test_a_budget_below_one_row_names_the_least_that_works():
    x = np.ones((3, 50))
    with pytest.raises(ValueError, match="memory_budget must hold one row") as caught:
        cooccurrence(x, memory_budget=100)
    least = int(str(caught.value).split("at least ")[1].split()[0])
    assert cooccurrence(x, memory_budget=least).counts.nnz == 50 * 49
    with pytest.raises(ValueError):
        cooccurrence(x, memory_budget=least // 2)


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
