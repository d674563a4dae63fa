"""Thinning: the share that is kept, and what stays as it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from simulate import LogNormal, dcbm, sample_graph, thin_graph, thin_log

ALARM = 1e-6


def counts(n, degree, seed=0):
    model = dcbm(n, 3, heterogeneity=LogNormal(0.6), mean_degree=degree, rng=np.random.default_rng(seed))
    return sample_graph(model, np.random.default_rng(seed), law="poisson")


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.sampled_from([0.0, 0.3, 1.0]), st.booleans())
def test_a_thinned_graph_is_symmetric_and_part_of_the_graph(seed, keep, weighted):
    whole = counts(60, 8, seed % 1000).astype(np.float64)
    if weighted:
        whole.data *= 0.5 + whole.data.max()  # no longer whole numbers: an edge is kept or lost as one
    thinned = thin_graph(whole, keep, np.random.default_rng(seed))
    assert (thinned != thinned.T).nnz == 0 and not thinned.diagonal().any()
    assert thinned.data.all() and (whole - thinned).min() >= 0
    if weighted:
        assert ((thinned != 0).multiply(whole) != thinned).nnz == 0
    if keep in (0.0, 1.0):
        assert (thinned != keep * whole).nnz == 0


def test_each_unit_of_a_count_is_kept_by_itself():
    """The number of units kept of 60,000 and more is binomial; two tails, one in a million."""
    whole = counts(3000, 40)
    assert whole.data.max() > 1
    units = int(whole.sum() / 2)
    kept = int(thin_graph(whole, 0.3, np.random.default_rng(1)).sum() / 2)
    assert min(stats.binom.cdf(kept, units, 0.3), stats.binom.sf(kept - 1, units, 0.3)) > ALARM / 2
    double = sparse.csr_array(2 * (whole != 0).astype(np.float64))
    thinned = sparse.triu(thin_graph(double, 0.5, np.random.default_rng(1)))
    pairs = int(double.nnz / 2)
    ones = int((thinned.data == 1).sum())
    assert min(stats.binom.cdf(ones, pairs, 0.5), stats.binom.sf(ones - 1, pairs, 0.5)) > ALARM / 2


def test_a_loop_counts_once():
    loops = sparse.diags_array(np.full(4000, 1.0))
    kept = int(thin_graph(loops, 0.5, np.random.default_rng(0)).sum())
    assert min(stats.binom.cdf(kept, 4000, 0.5), stats.binom.sf(kept - 1, 4000, 0.5)) > ALARM / 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_the_type_of_the_weights_is_kept(dtype):
    assert thin_graph(counts(50, 5).astype(dtype), 0.5, np.random.default_rng(0)).dtype == dtype


@pytest.mark.parametrize(
    ("graph", "keep", "words"),
    [
        (np.ones((2, 2)), 1.5, "keep must be a number at least 0 and at most 1; got 1.5"),
        (np.ones((2, 3)), 0.5, r"graph must be a symmetric square matrix; got shape \(2, 3\)"),
        ([[0, 1], [2, 0]], 0.5, r"graph must be symmetric; entry \(0, 1\) is 1 and entry \(1, 0\) is 2"),
    ],
)
def test_bad_input_is_refused_by_name(graph, keep, words):
    with pytest.raises(ValueError, match=words):
        thin_graph(graph, keep, np.random.default_rng(0))


def test_a_thinned_log_keeps_contexts_whole_or_interactions_one_by_one():
    """Numbers kept are binomial; two tails, one in a million."""
    log = sparse.csr_array(np.random.default_rng(0).poisson(0.4, (5000, 40)).astype(np.float64))
    sizes = np.diff(log.indptr)
    for by, units in (("contexts", int((sizes > 0).sum())), ("interactions", log.nnz)):
        thinned = thin_log(log, 0.3, np.random.default_rng(1), by=by)
        assert thinned.shape == log.shape and ((thinned != 0).multiply(log) != thinned).nnz == 0
        left = np.diff(thinned.indptr)
        kept = int((left > 0).sum()) if by == "contexts" else thinned.nnz
        assert min(stats.binom.cdf(kept, units, 0.3), stats.binom.sf(kept - 1, units, 0.3)) > ALARM / 2
        whole = left[left > 0] == sizes[left > 0]
        assert whole.all() if by == "contexts" else whole.mean() < 0.01
    with pytest.raises(ValueError, match="by must be"):
        thin_log(log, 0.3, np.random.default_rng(1), by="items")
