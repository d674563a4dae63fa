"""Corruptions, nulls and growth: what each keeps exactly, and that its dial turns by what it says."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from simulate import LogNormal, dcbm, sample_graph, sbm
from simulate.changes.growth import grow_graph, grow_log
from simulate.changes.noise import (
    additive_gaussian,
    background_edges,
    block_noise,
    dropout,
    label_noise,
    rewire,
    weighted,
)
from simulate.nulls import (
    chung_lu,
    degree_preserving,
    erdos_renyi_with_hubs,
    permuted_items,
    random_subspace,
)

ALARM = 1e-6
Z = stats.norm.isf(ALARM / 2)


def graph(n=400, seed=0, degree=12):
    model = dcbm(n, 3, heterogeneity=LogNormal(0.6), mean_degree=degree, rng=np.random.default_rng(seed))
    a = sample_graph(model, np.random.default_rng(seed), law="poisson", dtype=np.float64)
    a.data[:] = 1.0
    return a


def pairs_of(a):
    upper = sparse.coo_array(sparse.triu(a, k=1))
    return set(zip(upper.coords[0].tolist(), upper.coords[1].tolist()))


def test_background_edges_are_the_difference_and_as_many_as_asked():
    a = graph()
    noisy = background_edges(a, 6.0, np.random.default_rng(1))
    difference = noisy.graph - a
    assert {tuple(p) for p in noisy.changed.T.tolist()} == pairs_of(difference)
    expected = 400 * 6.0 / 2
    assert abs(noisy.changed.shape[1] - expected) < Z * np.sqrt(expected)


def test_dropout_loses_the_stated_share_and_nothing_else():
    a = graph()
    edges = len(pairs_of(a))
    noisy = dropout(a, 0.3, np.random.default_rng(1))
    lost = {tuple(p) for p in noisy.changed.T.tolist()}
    assert pairs_of(noisy.graph) == pairs_of(a) - lost
    assert abs(len(lost) - 0.3 * edges) < Z * np.sqrt(edges * 0.21)
    assert (dropout(a, 0.0, np.random.default_rng(1)).graph != a).nnz == 0


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.sampled_from([0.0, 0.2, 1.0]), st.sampled_from([6, 40, 300]))
def test_rewiring_and_the_degree_preserving_null_keep_every_degree(seed, fraction, n):
    a = graph(n, seed % 1000, degree=4)
    for moved in (
        rewire(a, fraction, np.random.default_rng(seed)).graph,
        degree_preserving(a, np.random.default_rng(seed)),
    ):
        assert np.array_equal(moved.sum(axis=0), a.sum(axis=0))
        assert not moved.diagonal().any() and (moved != moved.T).nnz == 0
        assert moved.max() <= 1


@pytest.mark.parametrize("fraction", [0.1, 0.4, 1.0])
def test_rewiring_moves_the_stated_share_and_says_where(fraction):
    a = graph(1000)
    noisy = rewire(a, fraction, np.random.default_rng(2))
    new = pairs_of(noisy.graph) - pairs_of(a)
    assert new <= {tuple(p) for p in noisy.changed.T.tolist()}
    # a swap moves one edge or two that had not moved yet
    assert 0 <= noisy.changed.shape[1] - round(fraction * len(pairs_of(a))) <= 1


def test_double_swaps_are_uniform_on_the_graphs_of_their_degrees():
    """Degrees (2, 2, 2, 1, 1) have seven simple graphs; chi-square with 6 degrees of freedom, one in a million."""
    a = np.zeros((5, 5))
    a[[0, 1, 0, 3], [1, 2, 2, 4]] = 1
    a += a.T
    seen = Counter()
    for seed in range(2100):
        null = degree_preserving(a, np.random.default_rng(seed), swaps_per_edge=20)
        seen[tuple(np.flatnonzero(np.triu(null.toarray()).ravel()))] += 1
    assert len(seen) == 7
    assert sum((count - 300) ** 2 / 300 for count in seen.values()) < 38.26


def with_zeros_and_doubles(a):
    """The same matrix with entries given twice and zeros stored."""
    coo = sparse.coo_array(a)
    rows, columns = (np.concatenate([index, index, [0, 3]]) for index in coo.coords)
    data = np.concatenate([coo.data / 2, coo.data / 2, [0.0, 0.0]])
    return sparse.coo_array((data, (rows, columns)), shape=a.shape)


@pytest.mark.parametrize(
    "make",
    [
        lambda a, rng: degree_preserving(a, rng),
        lambda a, rng: permuted_items(a, rng),
        lambda a, rng: dropout(a, 0.3, rng).graph,
        lambda a, rng: rewire(a, 0.3, rng).graph,
        lambda a, rng: grow_graph(a, rng).at(0.5),
        lambda a, rng: grow_log(a, rng).at(0.5),
    ],
)
def test_stored_zeros_and_doubles_are_no_edges_and_nothing_is_changed_in_place(make):
    a = graph(200).astype(np.float64)
    odd = with_zeros_and_doubles(a)
    before = odd.data.copy(), odd.coords[0].copy()
    plain = make(a, np.random.default_rng(5))
    assert not (make(odd, np.random.default_rng(5)) != plain).nnz
    assert np.array_equal(odd.data, before[0]) and np.array_equal(odd.coords[0], before[1])


def test_an_unsorted_log_stays_as_it_is():
    x = sparse.csr_array(
        (np.array([1.0, 2, 3, 4]), np.array([1, 0, 1, 0]), np.array([0, 2, 4])), shape=(2, 2)
    )
    grow_log(x, np.random.default_rng(0))
    assert x.indices.tolist() == [1, 0, 1, 0] and x.data.tolist() == [1, 2, 3, 4]


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


def test_a_random_subspace_has_the_spectrum_and_with_norms_the_norms():
    values = np.array([5.0, 2.0, 0.5])
    vectors = random_subspace(values, 200, np.random.default_rng(0))
    assert np.allclose(np.linalg.svd(vectors, compute_uv=False), values)
    norms = np.random.default_rng(1).lognormal(size=200)
    assert np.allclose(
        np.linalg.norm(random_subspace(values, 200, np.random.default_rng(0), norms=norms), axis=1), norms
    )
    # Haar: an entry of the frame has mean 0; sign-fixed QR would not
    first = [random_subspace([1.0], 3, np.random.default_rng(s))[0, 0] for s in range(2000)]
    assert abs(np.mean(first)) < Z * np.sqrt(1 / 3 / 2000)


def test_hubs_are_where_they_are_said_to_be():
    a, hubs = erdos_renyi_with_hubs(2000, 8.0, 5, 150, np.random.default_rng(0))
    degrees = np.asarray(a.sum(axis=1)).ravel()
    assert set(np.argsort(-degrees)[:5].tolist()) == set(hubs.tolist())
    assert set(np.unique(a.data)) == {1.0} and (a != a.T).nnz == 0


def test_label_noise_changes_exactly_the_nodes_it_names():
    model = sbm(300, 3, mean_degree=5, rng=np.random.default_rng(0))
    noisy, flipped = label_noise(model, 0.2, np.random.default_rng(1))
    assert flipped.sum() == 60
    assert np.array_equal(noisy.labels != model.labels, flipped)


@pytest.mark.parametrize(("law", "cv"), [("lognormal", 0.5), ("gaussian", 0.2), ("poisson", 1.0)])
def test_weights_keep_the_mean_and_have_their_variance(law, cv):
    a = graph(1500, degree=40)
    heavy = weighted(a, np.random.default_rng(2), law=law, cv=cv)
    m = len(pairs_of(a))
    assert (heavy != heavy.T).nnz == 0
    assert abs(heavy.sum() / 2 / m - 1) < Z * cv / np.sqrt(m)


def test_gaussian_noise_has_its_spectral_edge():
    noise = additive_gaussian(np.zeros((1000, 1000)), 0.3, np.random.default_rng(0))
    edge = 2 * 0.3 * np.sqrt(1000)
    # Tracy-Widom fluctuations are of relative order n^(-2/3) = 1 %
    assert np.linalg.eigvalsh(noise)[-1] == pytest.approx(edge, rel=0.04)


def test_block_noise_reaches_the_blocks_it_is_meant_for():
    model = sbm(600, 2, mean_degree=5, rng=np.random.default_rng(0))
    a = sparse.csr_array((600, 600))
    noisy, probability = block_noise(model, [0.0, 12.0], np.random.default_rng(0), graph=a)
    assert probability[0, 1] == 0.0
    assert (model.labels[noisy.changed] == 1).all()
    expected = 300 * 299 / 2 * 12 / 600
    assert abs(noisy.changed.shape[1] - expected) < Z * np.sqrt(expected)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.sampled_from(["contexts", "interactions"]), st.sampled_from([0.0, 0.5]))
def test_snapshots_nest_and_end_in_the_whole(seed, by, arriving):
    rng = np.random.default_rng(seed)
    x = sparse.csr_array((rng.random((15, 12)) < 0.3).astype(float))
    growing = grow_log(x, rng, by=by, arriving=arriving)
    previous = growing.at(0.0)
    assert previous.nnz == 0
    for date in (0.25, 0.5, 1.0):
        snapshot = growing.at(date)
        assert (snapshot - previous).min() >= 0 if snapshot.nnz else previous.nnz == 0
        previous = snapshot
    assert (previous != x).nnz == 0
    assert (growing.times >= growing.births[growing.matrix.indices]).all()


def test_a_growing_graph_stays_symmetric_and_its_edges_come_uniformly():
    a = graph(600)
    growing = grow_graph(a, np.random.default_rng(0))
    half = growing.at(0.5)
    assert (half != half.T).nnz == 0 and (growing.at(1.0) != a).nnz == 0
    edges = len(pairs_of(a))
    assert abs(half.nnz / 2 - edges / 2) < Z * np.sqrt(edges / 4)


LOOP = sparse.csr_array(np.eye(3))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: dropout(graph(30), 1.5, r), "fraction must be a number at least 0 and at most 1; got 1.5"),
        (lambda r: dropout(LOOP, 0.5, r), "no loops; node 0 has one"),
        (lambda r: rewire(np.ones((2, 3)), 0.5, r), "symmetric square"),
        (lambda r: background_edges(graph(30), -1.0, r), "mean_degree"),
        (lambda r: weighted(graph(30), r, law="cauchy"), "law must be one of"),
        (lambda r: additive_gaussian(np.eye(3), -1.0, r), "sigma"),
        (lambda r: grow_log(np.ones((2, 2)), r, by="items"), "by must be one of"),
        (lambda r: grow_log(np.ones((2, 2)), r).at(2.0), "date"),
        (lambda r: random_subspace([1.0, 2.0], 1, r), "n must be an integer of at least 2"),
        (lambda r: random_subspace([1.0], 3, r, norms=[1.0]), "norms must be one a row"),
        (lambda r: erdos_renyi_with_hubs(10, 2.0, 10, 1, r), "n_hubs"),
        (lambda r: degree_preserving(np.ones((2, 3)), r), "symmetric square"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))


def test_every_draw_wants_a_generator():
    a = graph(30)
    for call in (
        lambda: dropout(a, 0.5, 0),
        lambda: rewire(a, 0.5, 0),
        lambda: permuted_items(a, 0),
        lambda: chung_lu(a, 0),
        lambda: grow_log(a, 0),
        lambda: degree_preserving(a, 0),
    ):
        with pytest.raises(TypeError, match="rng must be a numpy.random.Generator"):
            call()


def test_a_dial_may_be_turned_by_less_than_one_edge_a_node():
    a = graph()
    assert (background_edges(a, 0.0, np.random.default_rng(0)).graph != a).nnz == 0
    assert background_edges(a, 0.5, np.random.default_rng(0)).changed.shape[1] < 200 * 0.5 + Z * 10 + 1


def test_weights_follow_the_law_that_was_asked_for():
    a = graph(1000)
    factor = weighted(a, np.random.default_rng(0), law="lognormal", cv=2.0)
    logs = np.log(factor.data)  # positive, all of them
    sigma2 = np.log1p(4.0)
    assert abs(logs.mean() + sigma2 / 2) < Z * np.sqrt(2 * sigma2 / logs.size)
    assert abs(logs.var() - sigma2) < Z * sigma2 * np.sqrt(4 / logs.size)
    normal = weighted(a, np.random.default_rng(0), law="gaussian", cv=2.0)
    assert (normal.data < 0).any()
    default = weighted(a, np.random.default_rng(0))
    assert (default != weighted(a, np.random.default_rng(0), law="lognormal", cv=0.5)).nnz == 0


def test_a_hub_has_no_more_neighbours_than_there_are_others():
    with pytest.raises(ValueError, match="hub_degree"):
        erdos_renyi_with_hubs(10, 2.0, 3, 8, np.random.default_rng(0))
    full, hubs = erdos_renyi_with_hubs(10, 0.0, 3, 7, np.random.default_rng(0))
    assert full.sum() == 2 * 3 * 7 and hubs.size == 3


def test_degree_preserving_takes_ten_swaps_an_edge_unless_told():
    a = graph()
    ten = degree_preserving(a, np.random.default_rng(0), swaps_per_edge=10.0)
    assert (degree_preserving(a, np.random.default_rng(0)) != ten).nnz == 0
    assert len(pairs_of(ten) & pairs_of(a)) < 0.25 * len(pairs_of(a))  # most edges are elsewhere


def test_swaps_reach_every_graph_of_the_same_degrees_equally_often():
    """Degrees (2, 2, 1, 1, 1, 1): all simple graphs enumerated, chi-square on 2,000 draws; false alarm 1e-6."""
    from itertools import combinations

    nodes, wanted = range(6), (2, 2, 1, 1, 1, 1)
    every = [
        edges
        for edges in combinations(list(combinations(nodes, 2)), 4)
        if tuple(sum(k in edge for edge in edges) for k in nodes) == wanted
    ]
    start = sparse.csr_array((6, 6), dtype=np.float64).tolil()
    for i, j in every[0]:
        start[i, j] = start[j, i] = 1.0
    rng = np.random.default_rng(0)
    seen = {frozenset(edges): 0 for edges in every}
    for _ in range(2000):
        seen[frozenset(pairs_of(degree_preserving(start.tocsr(), rng)))] += 1
    assert stats.chisquare(list(seen.values())).pvalue > ALARM
