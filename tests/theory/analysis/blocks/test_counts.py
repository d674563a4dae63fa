"""Counts and PPMI of blocks of items, put together, beside the whole in memory."""

import itertools

import numpy as np
import pytest
from scipy import sparse

import theory
from theory.analysis.blocks.bounds import block_bounds
from theory.analysis.blocks.components import components_of_blocks
from theory.analysis.blocks.contexts import context_part, of_each_item, part_of
from theory.analysis.blocks.counts import count_block, smoothed, weigh_block

N_ITEMS, N_CONTEXTS = 40, 300


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(5)
    items = np.concatenate([np.arange(N_ITEMS), (N_ITEMS * rng.random(3000) ** 2).astype(int)])
    return rng.integers(0, N_CONTEXTS, items.size) * 7 + 3, items.astype(np.int32)


def parts_of(pairs, parts):
    contexts, items = pairs
    part = part_of(contexts, parts)
    return [context_part(contexts[part == k], items[part == k], N_ITEMS) for k in range(parts)]


def in_memory(pairs):
    _, rows = np.unique(pairs[0], return_inverse=True)
    x = sparse.csr_array((np.ones(rows.size), (rows, pairs[1])), shape=(rows.max() + 1, N_ITEMS))
    x.data[:] = 1
    return x


@pytest.mark.parametrize("parts", [1, 5])
@pytest.mark.parametrize("top_k", [None, 1, 7])
@pytest.mark.parametrize("smoothing", [1.0, 0.6])
def test_blocks_put_together_are_ppmi(pairs, parts, top_k, smoothing):
    cut = parts_of(pairs, parts)
    bounds = [0, 1, 13, 14, N_ITEMS]
    blocks = [
        count_block(cut, a, b, N_ITEMS, min_count=2, top_k=top_k) for a, b in itertools.pairwise(bounds)
    ]
    least, last = (np.concatenate([getattr(one, name) for one in blocks]) for name in ("least", "last"))
    x = in_memory(pairs)
    c = smoothed(np.asarray(x.sum(axis=0), float), smoothing)
    weighed = [weigh_block(one, least, last, c, x.shape[0], 0.1) for one in blocks]
    expected = theory.ppmi(x, top_k=top_k, shift=0.1, smoothing=smoothing)
    lengths = np.concatenate([one.lengths for one in weighed])
    assert np.array_equal(np.flatnonzero(lengths), expected.items)
    assert np.array_equal(lengths[expected.items], np.diff(expected.matrix.indptr))
    columns = np.concatenate([one.columns for one in weighed])
    assert np.array_equal(columns, expected.items[expected.matrix.indices])
    assert np.array_equal(np.concatenate([one.weights for one in weighed]), expected.matrix.data)


def test_parts_hold_each_pair_once_and_count_what_stands_beside_each_item(pairs):
    x = in_memory(pairs)
    occurrences, others = np.zeros((2, N_ITEMS))
    for part in parts_of(pairs, 4):
        assert np.array_equal(part.items[part.places], part.ordered)
        here, held, beside = of_each_item(part)
        occurrences[here] += held
        others[here] += beside
    assert np.array_equal(occurrences, np.asarray(x.sum(axis=0)).ravel())
    lengths = np.diff(x.indptr)
    assert np.array_equal(others, [(lengths[x[:, [i]].nonzero()[0]] - 1).sum() for i in range(N_ITEMS)])


def test_contexts_may_have_numbers_whose_products_with_the_items_overflow():
    contexts = np.array([2**62, 2**62 - 1, 2**62])
    part = context_part(contexts, np.array([5, 1, 2], np.int32), 9)
    assert part.items.tolist() == [1, 2, 5] and part.starts.tolist() == [0, 1, 3]


def test_a_block_ends_before_any_limit_is_passed_and_holds_an_item_at_least():
    amounts = np.random.default_rng(0).uniform(0, 3, 200)
    bounds = block_bounds([(amounts, 5.0), (np.ones(200), 4.0)])
    assert bounds[0] == 0 and bounds[-1] == 200 and (np.diff(bounds) > 0).all()
    for a, b in itertools.pairwise(bounds):
        assert b - a == 1 or (amounts[a:b].sum() <= 5.0 and b - a <= 4)


def test_components_are_those_of_scipy_whatever_the_blocks():
    rng = np.random.default_rng(1)
    graph = sparse.csr_array((np.ones(150), rng.integers(0, 200, (2, 150))), shape=(200, 200))
    graph = sparse.csr_array(graph + graph.T)
    count, labels = sparse.csgraph.connected_components(graph)
    rows = [0, 17, 90, 200]
    blocks = [
        (a, np.diff(graph.indptr[a : b + 1]), graph.indices[graph.indptr[a] : graph.indptr[b]])
        for a, b in itertools.pairwise(rows)
    ]
    for some in (blocks, blocks[::-1]):
        found, component = components_of_blocks(some, 200)
        assert found == count
        # numbered by their smallest nodes, as SciPy does
        assert np.array_equal(component, labels)
