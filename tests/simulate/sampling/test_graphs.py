"""The exact law of the samplers. Every statistical bound is at a false-alarm rate of at most 1e-6, seeds fixed."""

import itertools
import sys
from functools import partial
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from simulate import BlockModel, LogNormal, Pareto, dcbm, sample_edges, sample_graph, sbm
from simulate.sampling import independent_pairs
from simulate.sampling.independent_pairs import group_nodes, sample_pairs

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, copies_of, law_of_small_graphs, least_tail, probabilities


def heterogeneous(n=60):
    """Shuffled labels, unequal blocks, hub pairs from P = .3 to .95."""
    rng = np.random.default_rng(3)
    theta = rng.lognormal(0, 0.9, n)
    labels = rng.permutation(np.repeat([0, 1, 2], [n // 2, n // 3, n - n // 2 - n // 3]))
    b = np.array([[0.9, 0.1, 0.3], [0.1, 0.5, 0.05], [0.3, 0.05, 0.02]])
    model = BlockModel(theta, labels, b)
    return BlockModel(theta, labels, b * 0.95 / model.largest_probability().probability)


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
@pytest.mark.parametrize("directed", [False, True])
def test_every_entry_has_its_law_with_shuffled_labels(law, directed):
    model, rng = heterogeneous(), np.random.default_rng(1)
    p, many = probabilities(model), copies_of(model, 10)
    options = {"directed": directed, "loops": True}
    sample = partial(sample_graph, many, rng, law=law, **options)
    assert least_tail(sample, np.minimum(p, 1) if law == "bernoulli" else p, 10, 20, law, **options) > ALARM
    assert np.allclose(p.sum(axis=1) - np.diag(p), model.expected_degrees())


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_block_counts_have_the_right_mean_and_variance(law):
    model, copies, draws = heterogeneous(), 30, 100
    p, many = probabilities(model), copies_of(model, copies)
    block = np.flatnonzero(model.labels == 0)
    p = p[np.ix_(block, block)][np.triu_indices(block.size, 1)]
    rng, counts = np.random.default_rng(2), []
    for _ in range(draws):
        graph = sample_graph(many, rng, law=law)
        within = (graph[np.ix_(nodes, nodes)] for nodes in block + model.n_nodes * np.arange(copies)[:, None])
        counts += [block_of_one.sum() / 2 for block_of_one in within]
    variance = (p * (1 - p)).sum() if law == "bernoulli" else p.sum()
    z, counts = stats.norm.isf(ALARM / 4), np.array(counts)
    assert abs(counts.mean() - p.sum()) < z * np.sqrt(variance / counts.size)
    # the variance of a nearly normal count: relative standard error sqrt(2 / draws)
    assert abs(counts.var(ddof=1) / variance - 1) < z * np.sqrt(2 / counts.size)


@pytest.mark.filterwarnings("ignore:P exceeds 1")  # of two copies of a hub, which are not looked at
@pytest.mark.parametrize(
    ("theta", "labels", "affinity"),
    [
        ([2.0, 0.7, 1.1], [1, 0, 1], [[0.5, 0.3], [0.3, 0.4]]),
        ([2.0, 0.7, 1.1, 0.3], [1, 0, 1, 0], [[0.5, 0.3], [0.3, 0.4]]),
        ([3.0, 1.0, 0.8, 0.6], [0, 0, 0, 0], [[0.3]]),
    ],
    ids=["three nodes", "four nodes", "pairs that share a hub"],
)
def test_the_exact_law_of_all_graphs_on_a_few_nodes(theta, labels, affinity):
    model, rng = BlockModel(theta, labels, affinity), np.random.default_rng(6)
    sample = partial(sample_graph, copies_of(model, 100), rng, clip=True)
    pairs = np.triu_indices(len(theta), 1)
    assert law_of_small_graphs(sample, probabilities(model), 100, 300, pairs) > ALARM


def test_certain_and_impossible_edges():
    labels = np.random.default_rng(0).permutation(np.arange(40) % 2)
    certain = sample_graph(
        BlockModel(np.ones(40), labels, [[1.0, 0.0], [0.0, 1.0]]), np.random.default_rng(0)
    )
    assert np.array_equal(certain.toarray(), (labels[:, None] == labels) & ~np.eye(40, dtype=bool))
    none = sample_graph(BlockModel(np.ones(40), labels, np.zeros((2, 2))), np.random.default_rng(0))
    assert none.nnz == 0 and none.shape == (40, 40) and isinstance(none, sparse.csr_array)


def test_probabilities_of_one_in_1e18_do_not_divide_by_zero():
    model = BlockModel(np.ones(1000), np.zeros(1000, int), [[1e-18]])
    assert sample_graph(model, np.random.default_rng(0)).nnz == 0


def test_p_above_one_names_the_pair_and_a_mean_degree_that_fits():
    model = BlockModel([3.0, 1.0, 2.0, 1.0], [0, 0, 0, 0], [[0.3]])
    with pytest.raises(ValueError, match=r"pair \(0, 2\) has P = 1.8") as caught:
        sample_graph(model, np.random.default_rng(0))
    fits = float(str(caught.value).split("degree of ")[1].split()[0])
    shrunk = BlockModel(
        model.propensities, model.labels, model.affinity * fits / model.expected_degrees().mean() * 0.999
    )
    assert sample_graph(shrunk, np.random.default_rng(0)).shape == (4, 4)
    with pytest.warns(UserWarning, match="0.8 expected edges"):
        clipped = sample_graph(model, np.random.default_rng(0), clip=True)
    assert clipped[0, 2] == 1


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 25),
    st.integers(1, 4),
    st.sampled_from(["bernoulli", "poisson"]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_shape_format_and_symmetry_in_every_branch(n, k, law, loops, directed, seed):
    rng = np.random.default_rng(seed)
    theta = rng.random(n) * (rng.random(n) > 0.3)
    model = BlockModel(theta, rng.integers(0, k, n), np.full((k, k), rng.random()))
    graph = sample_graph(model, rng, law=law, loops=loops, directed=directed, dtype="float64")
    assert isinstance(graph, sparse.csr_array) and graph.shape == (n, n)
    assert graph.dtype == np.float64 and graph.indices.dtype == np.int32
    a = graph.toarray()
    assert directed or np.array_equal(a, a.T)
    assert loops or not np.diag(a).any()
    assert not a[theta == 0].any() and not a[:, theta == 0].any()
    assert law == "poisson" or set(np.unique(a)) <= {0.0, 1.0}
    graph.check_format(full_check=True)
    for row in range(n):
        columns = graph.indices[graph.indptr[row] : graph.indptr[row + 1]]
        assert (np.diff(columns) > 0).all()


def test_dtype_is_float32_unless_asked():
    assert (
        sample_graph(sbm(20, 2, mean_degree=3, rng=np.random.default_rng(0)), np.random.default_rng(0)).dtype
        == np.float32
    )


def test_same_graph_for_one_and_two_threads_and_another_for_the_next_call():
    model = dcbm(3000, 4, heterogeneity=LogNormal(0.7), mean_degree=20, rng=np.random.default_rng(0))
    before = numba.get_num_threads()
    graphs = []
    try:
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            graphs.append(sample_graph(model, np.random.default_rng(7), clip=True))
    finally:
        numba.set_num_threads(before)
    assert (graphs[0] != graphs[1]).nnz == 0
    rng = np.random.default_rng(7)
    assert (sample_graph(model, rng, clip=True) != graphs[0]).nnz == 0
    assert (sample_graph(model, rng, clip=True) != graphs[0]).nnz > 0


def test_the_global_state_of_numpy_is_untouched():
    np.random.seed(1)  # noqa: NPY002  the state that must not move
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    sample_graph(sbm(200, 2, mean_degree=5, rng=np.random.default_rng(0)), np.random.default_rng(0))
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_work_follows_the_edges_and_not_the_pairs():
    """Candidates are at most two an edge, plus the groups' pairs; both are counted, not timed."""
    rng = np.random.default_rng(0)
    n = 20_000
    for mean_degree in (1, 4, 16, 64):
        model = dcbm(n, 5, heterogeneity=Pareto(2.5, maximum=50), mean_degree=mean_degree, rng=rng)
        groups = len(group_nodes(model.propensities, model.labels).blocks)
        edges = sample_edges(model, rng)
        assert edges.candidates <= 2.1 * edges.n_edges + groups * (groups + 1) / 2 + 1000
    assert edges.candidates < n * (n - 1) / 2 / 100


def test_linear_indices_beyond_two_to_the_31():
    """10^5 x 10^5 pairs with 10 expected edges: row-major positions up to 10^10, uniformly spread."""
    rows = group_nodes(np.ones(100_000), np.zeros(100_000, int))
    columns = group_nodes(np.ones(100_000), np.zeros(100_000, int))
    rng = np.random.default_rng(8)
    places = []
    for _ in range(200):
        edges = sample_pairs(rows, columns, np.array([[1e-9]]), rng, symmetric=False)
        places += [int(i) * 100_000 + int(j) for a, b in zip(edges.rows, edges.columns) for i, j in zip(a, b)]
    # a Poisson count of mean 2000, and uniform positions by Kolmogorov-Smirnov
    assert abs(len(places) - 2000) < 5.1 * np.sqrt(2000)
    assert stats.kstest(np.array(places) / 1e10, "uniform").pvalue > ALARM
    assert max(places) > 2**32


def test_poisson_and_bernoulli_agree_as_p_vanishes():
    model = sbm(400, 2, mean_degree=2, rng=np.random.default_rng(0))
    counts = {
        law: [sample_edges(model, np.random.default_rng(s), law=law).n_edges for s in range(300)]
        for law in ("bernoulli", "poisson")
    }
    gap = np.mean(counts["bernoulli"]) - np.mean(counts["poisson"])
    assert abs(gap) < 5.1 * np.sqrt(2 * model.expected_edges() / 300)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"law": "binomial"}, ValueError, "law must be one of 'bernoulli', 'poisson'; got 'binomial'"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator"),
        ({"rng": np.random.RandomState(0)}, TypeError, "rng must be"),
    ],
)
def test_bad_arguments_are_refused_by_name(options, error, words):
    model = sbm(10, 2, mean_degree=2, rng=np.random.default_rng(0))
    options = {"rng": np.random.default_rng(0)} | options
    with pytest.raises(error, match=words):
        sample_graph(model, **options)


def test_graphs_say_that_their_rows_are_sorted_and_without_repeats():
    for law in ("bernoulli", "poisson"):
        graph = sample_graph(
            sbm(50, 2, mean_degree=8, rng=np.random.default_rng(0)), np.random.default_rng(1), law=law
        )
        assert graph.has_sorted_indices and graph.has_canonical_format
        plain = sparse.csr_array((graph.data, graph.indices, graph.indptr), shape=graph.shape)
        assert plain.has_canonical_format  # and so it is


def test_candidates_are_counted_and_pairs_are_among_them():
    groups = group_nodes(np.random.default_rng(0).random(60), np.repeat([0, 1], 30))
    for law in ("bernoulli", "poisson"):
        pairs = sample_pairs(
            groups, groups, np.full((2, 2), 0.2), np.random.default_rng(1), law=law, symmetric=True
        )
        assert pairs.n_edges <= pairs.candidates <= 60 * 59 / 2 + 200


@pytest.mark.parametrize("symmetric", [False, True])
def test_a_sparse_affinity_gives_the_pairs_of_the_same_one_given_densely(symmetric):
    rng = np.random.default_rng(0)
    b = rng.random((9, 9)) * (rng.random((9, 9)) < 0.3)
    b = (b + b.T) / 10
    groups = group_nodes(rng.lognormal(0, 0.7, 200), rng.integers(0, 9, 200))
    found = [
        sample_pairs(groups, groups, affinity, np.random.default_rng(1), symmetric=symmetric)
        for affinity in (b, sparse.csr_array(b))
    ]
    assert found[0].candidates == found[1].candidates and found[0].n_edges > 100
    for side in ("rows", "columns"):
        dense_side, sparse_side = (np.concatenate(getattr(pairs, side)) for pairs in found)
        assert np.array_equal(dense_side, sparse_side)


def test_a_pair_of_groups_without_an_edge_costs_one_candidate():
    groups = group_nodes(np.ones(8), np.repeat([0, 1], 4))
    for law in ("bernoulli", "poisson"):
        pairs = sample_pairs(
            groups, groups, np.full((2, 2), 1e-12), np.random.default_rng(0), law=law, symmetric=True
        )
        assert pairs.n_edges == 0 and pairs.candidates == 3


def test_pairs_do_not_depend_on_buffers_or_on_the_last_bit_of_a_vector_logarithm(monkeypatch):
    model = dcbm(500, 3, heterogeneity=Pareto(2.5), mean_degree=20, rng=np.random.default_rng(0))
    groups = group_nodes(model.propensities, model.labels)

    def drawn(symmetric):
        pairs = sample_pairs(groups, groups, model.affinity, np.random.default_rng(1), symmetric=symmetric)
        return pairs.candidates, np.concatenate(pairs.rows).tolist(), np.concatenate(pairs.columns).tolist()

    for symmetric in (True, False):
        expected = drawn(symmetric)
        with monkeypatch.context() as patch:
            patch.setattr(independent_pairs, "UNIFORMS", 3)
            patch.setattr(independent_pairs, "_room", lambda mean: 1)
            assert drawn(symmetric) == expected
        for towards in (-np.inf, np.inf):

            def off_by_a_bit(uniforms, out, towards=towards):
                out[:] = np.nextafter(np.log(1.0 - uniforms), towards)

            with monkeypatch.context() as patch:
                patch.setattr(independent_pairs, "_logarithms", off_by_a_bit)
                assert drawn(symmetric) == expected


def test_a_skip_next_to_a_whole_number_is_computed_again():
    """A uniform number whose skip is 7 to rounding: logarithms a few bits off on either side give the same pair."""
    top = 0.25
    group = group_nodes(np.ones(100), np.zeros(100, int)), group_nodes(np.ones(100), np.zeros(100, int))
    one, found = np.zeros(1, np.int64), []
    uniforms = np.array([1.0 - (1.0 - top) ** 7, 0.0, 1.0 - 1e-16, 0.0, 0.0])
    for factor in (1 - 6e-16, 1.0, 1 + 6e-16):
        rows, columns, state = np.empty(9, np.int32), np.empty(9, np.int32), np.zeros(6, np.int64)
        independent_pairs._bernoulli(
            *(one, one, np.array([top]), group[0].bounds, group[1].bounds, group[0].theta, group[1].theta),
            *(group[0].tops, group[1].tops, False, False, np.arange(100), np.arange(100)),
            *(uniforms, np.log(1.0 - uniforms) * factor, state, rows, columns),
        )
        found.append((rows[0], columns[0]))
    assert found[0] == found[1] == found[2]


def test_loops_above_one_are_refused_or_clipped_and_told():
    model = BlockModel([2.0, 0.1, 0.1], [0, 0, 0], [[1.0]])
    with pytest.raises(ValueError, match=r"the pair \(0, 0\) has P = 4"):
        sample_graph(model, np.random.default_rng(0), loops=True)
    with pytest.warns(UserWarning, match="3 expected edges are lost"):
        assert sample_graph(model, np.random.default_rng(0), loops=True, clip=True)[0, 0] == 1
    assert sample_graph(model, np.random.default_rng(0)).shape == (3, 3)


def test_counts_that_a_dtype_cannot_hold_are_refused():
    model = BlockModel(np.full(3, 20.0), [0, 0, 0], [[1.0]])
    with pytest.raises(ValueError, match="dtype must hold counts of mean 400; uint8 ends at 255"):
        sample_graph(model, np.random.default_rng(0), law="poisson", dtype=np.uint8)
    assert sample_graph(model, np.random.default_rng(0), law="poisson", dtype=np.uint16).max() > 255
    hub = BlockModel([20.0, 0.1], [0, 0], [[1.0]])
    with pytest.raises(ValueError, match="dtype must hold counts of mean 400; uint8 ends at 255"):
        sample_graph(hub, np.random.default_rng(0), law="poisson", dtype=np.uint8, loops=True)
    assert sample_graph(hub, np.random.default_rng(0), law="poisson", dtype=np.uint8).dtype == np.uint8


def test_parts_of_a_graph_that_are_drawn_side_by_side_are_independent():
    """Eight equal blocks of 20,000 expected candidates each, so that each is drawn by a stream of its own."""
    blocks, size, p = 8, 400, 0.25
    model = BlockModel(np.ones(blocks * size), np.repeat(np.arange(blocks), size), p * np.eye(blocks))
    graph = sample_graph(model, np.random.default_rng(0)).toarray()
    pairs = np.triu_indices(size, 1)
    parts = [graph[k * size : (k + 1) * size, k * size : (k + 1) * size][pairs] > 0 for k in range(blocks)]
    z = stats.norm.isf(ALARM / (blocks * (blocks - 1)))
    for one, other in itertools.combinations(parts, 2):
        # pairs that both parts have: binomial with probability p^2
        together = (one & other).sum()
        assert abs(together - one.size * p**2) < z * np.sqrt(one.size * p**2)
