"""Nulls: what each keeps exactly, and what it destroys."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from simulate import (
    LogNormal,
    chung_lu,
    dcbm,
    degree_preserving,
    erdos_renyi_with_hubs,
    permuted_items,
    random_subspace,
    sample_graph,
    sbm,
)

sys.path.append(str(Path(__file__).resolve().parents[0]))
from example_graphs import ALARM, Z, graph, pairs_of


def test_the_degree_preserving_null_destroys_communities():
    model = sbm(600, 2, mean_degree=20, mixing=0.05, rng=np.random.default_rng(0))
    a = sample_graph(model, np.random.default_rng(0), dtype=np.float64)
    mixed = degree_preserving(a, np.random.default_rng(0))
    within = {
        name: m[model.labels == 0][:, model.labels == 0].sum() / m[model.labels == 0].sum()
        for name, m in (("before", a), ("after", mixed))
    }
    assert within["before"] > 0.9
    # half of 6,000 edge ends stay by chance
    assert abs(within["after"] - 0.5) < Z * np.sqrt(0.25 / 3000) + 0.01


@pytest.mark.parametrize("unit", [1.0, 0.37])
def test_heavy_nodes_stay_heavy_and_weights_know_no_communities(unit):
    """Counts of a block model: weights are moved by rank, and half of those within communities are by chance.

    Before, each weight moved with one end of its edge; heavy nodes lost a tenth of their weight, and a graph without communities
    had a second eigenvalue beyond its nulls.
    """
    rng = np.random.default_rng(0)
    model = dcbm(500, 2, heterogeneity=LogNormal(0.8), mean_degree=30, mixing=0.05, rng=rng)
    a = sample_graph(model, rng, law="poisson", dtype=np.float64) * unit
    mixed = degree_preserving(a, np.random.default_rng(1))
    assert np.array_equal(np.sort(mixed.data), np.sort(a.data))
    heavy, after = a.sum(axis=1), mixed.sum(axis=1)
    top = np.argsort(-heavy)[:50]
    assert after[top].sum() == pytest.approx(heavy[top].sum(), rel=0.03)
    one = model.labels == 0
    share = mixed[one][:, one].sum() / mixed[one].sum()
    assert abs(share - a[one].sum() / a.sum()) < Z * np.sqrt(0.25 / (mixed[one].nnz / 2)) + 0.01
    assert (degree_preserving(a, np.random.default_rng(1)) != mixed).nnz == 0


def test_degree_preserving_takes_ten_swaps_an_edge_unless_told():
    a = graph()
    ten = degree_preserving(a, np.random.default_rng(0), swaps_per_edge=10.0)
    assert (degree_preserving(a, np.random.default_rng(0)) != ten).nnz == 0
    assert len(pairs_of(ten) & pairs_of(a)) < 0.25 * len(pairs_of(a))  # most edges are elsewhere


def test_chung_lu_has_the_degrees_in_expectation():
    a = graph(300)
    total = sum(chung_lu(a, np.random.default_rng(s)).sum(axis=1) for s in range(200))
    degrees = np.asarray(a.sum(axis=1)).ravel()
    mean = degrees - degrees**2 / degrees.sum()  # without the loops
    # Poisson sums over 200 graphs, Bonferroni over nodes
    low, high = stats.poisson.cdf(total, 200 * mean), stats.poisson.sf(total - 1, 200 * mean)
    assert np.minimum(low, high).min() > ALARM / 600


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**31))
def test_permuted_items_keep_both_margins_up_to_pairs_that_meet(seed):
    rng = np.random.default_rng(seed)
    x = sparse.csr_array((rng.random((20, 30)) < 0.2).astype(float))
    null = permuted_items(x, rng)
    assert set(np.unique(null.data)) <= {1.0}
    lost = x.nnz - null.nnz
    assert lost >= 0
    for axis in (0, 1):
        gap = np.asarray(x.sum(axis=axis) - null.sum(axis=axis))
        assert gap.min() >= 0 and gap.sum() == lost


def test_a_random_subspace_has_the_spectrum():
    values = np.array([5.0, 2.0, 0.5])
    vectors = random_subspace(values, 200, np.random.default_rng(0))
    assert np.allclose(np.linalg.svd(vectors, compute_uv=False), values)
    # Haar: an entry of the frame has mean 0; sign-fixed QR would not
    first = [random_subspace([1.0], 3, np.random.default_rng(s))[0, 0] for s in range(2000)]
    assert abs(np.mean(first)) < Z * np.sqrt(1 / 3 / 2000)


def test_hubs_are_where_they_are_said_to_be():
    a, hubs = erdos_renyi_with_hubs(2000, 8.0, 5, 150, np.random.default_rng(0))
    degrees = np.asarray(a.sum(axis=1)).ravel()
    assert set(np.argsort(-degrees)[:5].tolist()) == set(hubs.tolist())
    assert set(np.unique(a.data)) == {1.0} and (a != a.T).nnz == 0


def test_a_hub_has_no_more_neighbours_than_there_are_others():
    with pytest.raises(ValueError, match="hub_degree"):
        erdos_renyi_with_hubs(10, 2.0, 3, 8, np.random.default_rng(0))
    full, hubs = erdos_renyi_with_hubs(10, 0.0, 3, 7, np.random.default_rng(0))
    assert full.sum() == 2 * 3 * 7 and hubs.size == 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: random_subspace([1.0, 2.0], 1, r), "n must be an integer of at least 2"),
        (lambda r: erdos_renyi_with_hubs(10, 2.0, 10, 1, r), "n_hubs"),
        (lambda r: degree_preserving(np.ones((2, 3)), r), "graph must be a symmetric square"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))
