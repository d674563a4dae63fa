"""Counts against dictionaries, the top-k rules on cases worked by hand, and budgets that change nothing."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from theory import cooccurrence
from theory.analysis.cooccurrence import BLOCKS_OF_A_THREAD, _blocks

logs = st.lists(st.lists(st.integers(0, 7), max_size=6), min_size=1, max_size=12)


def as_matrix(log, n=8):
    x = np.zeros((len(log), n))
    for context, items in enumerate(log):
        for item in items:
            x[context, item] += 1
    return x


def pairs_of(log):
    """How many contexts hold each pair of items."""
    return Counter(pair for items in log for pair in combinations(sorted(set(items)), 2))


@settings(deadline=None, max_examples=150)
@given(logs, st.integers(1, 4))
def test_symmetric_top_k_keeps_what_ranks_within_k_for_both(log, k):
    pairs = pairs_of(log)
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
    pairs = pairs_of(log)
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


@pytest.mark.parametrize("repeats", [False, True])
def test_counting_each_pair_once_gives_the_counts_of_both_triangles(repeats):
    rng = np.random.default_rng(4)
    x = sparse.random_array((400, 120), density=0.1, rng=rng, format="csr")
    x.data = rng.integers(1, 4, x.nnz).astype(float)
    counts = cooccurrence(x, count_repeats=repeats, min_count=2).counts
    both = cooccurrence(x, count_repeats=repeats, min_count=2, top_k=120).counts  # cuts nothing
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(counts, name), getattr(both, name))
    dense = (x if repeats else (x > 0).astype(float)).toarray()
    expected = dense.T @ dense
    np.fill_diagonal(expected, 0)
    assert np.array_equal(counts.toarray(), np.where(expected >= 2, expected, 0))


def test_no_block_is_most_of_the_work():
    work = 1e6 / np.arange(1, 1001) ** 2  # the first item is 61 % of it
    starts = _blocks(np.full(1000, 5.0), work, 2**30)
    sums = np.add.reduceat(work, starts[:-1])
    assert starts[0] == 0 and starts[-1] == 1000 and (np.diff(starts) > 0).all()
    assert (sums[np.diff(starts) > 1] <= (work + 1).sum() / BLOCKS_OF_A_THREAD).all()
    assert len(sums) < 1000


def test_the_smallest_budget_is_told_what_is_needed():
    with pytest.raises(ValueError, match="memory_budget must hold one row of counts, at least .* got 1"):
        cooccurrence([[1, 1]], memory_budget=1)
    with pytest.raises(ValueError, match="memory_budget must be an integer of at least 1; got 0"):
        cooccurrence([[1, 1]], memory_budget=0)
