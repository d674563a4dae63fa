"""Entries of a whole log are foreseen from its first contexts."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.estimates.growing_pairs import entries_of_more


def log(contexts, items, seed):
    """Contexts of 30 items by a Zipf law, so that pairs come again and new ones come to them."""
    share = np.cumsum(1 / (np.arange(items) + 10.0))
    draws = np.random.default_rng(seed).random(contexts * 30) * share[-1]
    found = np.searchsorted(share, draws).clip(0, items - 1)
    whole = sparse.csr_array(
        (np.ones(found.size), (np.repeat(np.arange(contexts), 30), found)), (contexts, items)
    )
    whole.data[:] = 1
    return whole


@pytest.mark.parametrize("top_k", [None, 500])
@pytest.mark.parametrize(("doublings", "share"), [(0, 0.15), (1, 0.25), (2, 0.4)])
def test_growth_so_far_tells_the_entries_of_all_contexts(doublings, share, top_k):
    whole = log(4000, 3000, 0)
    entries = theory.ppmi(whole, top_k=top_k).matrix.nnz
    known = whole[: whole.shape[0] >> doublings]
    assert entries_of_more(known, doublings, top_k) == pytest.approx(entries, rel=share)
    # without the growth it would be wrong by more
    assert doublings == 0 or theory.ppmi(known, top_k=top_k).matrix.nnz < (1 - share) * entries


def test_no_more_than_all_pairs_of_the_known_items_are_foreseen():
    known = log(400, 50, 1)
    assert entries_of_more(known, 30.0, None) <= 50 * 49
    assert entries_of_more(known, 30.0, 7) <= 50 * 7
