"""Counts that memory would not hold are refused before they are made, and only these."""

import numpy as np
import pytest
from scipy import sparse

from simulate.available_memory import supposed_memory
from theory import analyse, cooccurrence, ppmi
from theory.analysis.count_memory import BYTES_OF_A_PAIR, estimated_pairs


def popular_log(contexts=2000, items=400, seed=0):
    """A log whose items are popular as 1 / rank, so that bounds are far above the pairs there are."""
    rng = np.random.default_rng(seed)
    share = 0.5 / np.arange(1, items + 1) ** 0.8
    return sparse.csr_array((rng.random((contexts, items)) < share).astype(float))


def memory_for(pairs):
    return supposed_memory(int(pairs * BYTES_OF_A_PAIR))


def test_what_does_not_fit_is_refused_with_the_need_the_memory_and_the_way_out():
    x = popular_log()
    pairs = cooccurrence(x, min_count=2).counts.nnz
    with memory_for(0.5 * pairs):
        with pytest.raises(
            ValueError,
            match=r"need about .* GiB .* has .* GiB left; top_k=2000 .* got top_k=None, min_count=2",
        ):
            ppmi(x)
        with pytest.raises(ValueError, match="top_k must be smaller"):
            analyse(x, 4, kind="interactions")
        assert ppmi(x, top_k=10).matrix.nnz > 0


def test_what_fits_is_counted_although_its_bound_does_not_fit():
    x = popular_log()
    pairs = cooccurrence(x, min_count=5).counts.nnz
    assert cooccurrence(x).counts.nnz > 2 * pairs
    with memory_for(1.3 * pairs):
        assert cooccurrence(x, min_count=5).counts.nnz == pairs


@pytest.mark.parametrize("min_count", [1, 2, 5])
def test_the_estimate_is_near_the_pairs_that_there_are(min_count):
    x = popular_log(contexts=500)
    counts = cooccurrence(x, min_count=min_count).counts
    kept, members = np.diff(counts.indptr), x.toarray()
    bounds = np.minimum(members.T @ (members.sum(axis=1) - 1), 400) + 1
    # systematic sampling of 64 out of 400: deterministic, and within 10 % here
    assert estimated_pairs(bounds, lambda item: int(kept[item])) == pytest.approx(counts.nnz, rel=0.1)
