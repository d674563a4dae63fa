"""Eigenpairs against dense decompositions; every accepted input; ties of sign; rows that nothing reaches."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import aslinearoperator

from simulate import LogNormal, dcbm, sample_graph
from theory import embed, embed_rectangular

ACCURACY = 1e-10  # rounding of an eigensolver at full accuracy, times 1e4


def big(kind, n=400):
    """Matrices above the dense size, so that the sparse solver is what is tested."""
    rng = np.random.default_rng(1)
    noise = sparse.random_array((n, n), density=0.02, rng=rng)
    a = (noise + noise.T).toarray()
    labels = np.arange(n) % 4
    if kind == "assortative":
        a += 0.2 * (labels[:, None] == labels)
    elif kind == "disassortative":
        a += 0.2 * (labels[:, None] != labels)
    elif kind == "bipartite":
        a *= (np.arange(n)[:, None] % 2) != (np.arange(n) % 2)
    elif kind == "disconnected":
        a *= labels[:, None] == labels
    elif kind == "repeated":
        block = a[:100, :100]
        a = np.kron(np.eye(4), block)
    elif kind == "plus-minus":
        half = a[:200, :200]
        a = np.block([[np.zeros((200, 200)), half], [half, np.zeros((200, 200))]])
    return a


@pytest.mark.parametrize(
    "kind", ["assortative", "disassortative", "bipartite", "disconnected", "repeated", "plus-minus"]
)
@pytest.mark.parametrize("rank", [1, 6, 13])
def test_leading_eigenpairs_of_every_kind_of_spectrum(kind, rank):
    a = big(kind)
    truth = np.linalg.eigvalsh(a)
    truth = truth[np.argsort(-np.abs(truth), kind="stable")]
    found = embed(sparse.csr_array(a), rank)
    scale = np.abs(truth[0])
    assert np.allclose(np.abs(found.eigenvalues), np.abs(truth[:rank]), atol=ACCURACY * scale)
    assert np.abs(a @ found.basis - found.basis * found.eigenvalues).max() <= ACCURACY * scale
    assert np.allclose(found.basis.T @ found.basis, np.eye(rank), atol=ACCURACY)
    assert (np.diff(np.abs(found.eigenvalues)) <= ACCURACY * scale).all()
    assert found.residuals.max() <= ACCURACY


def test_the_signature_is_kept_where_both_signs_tie():
    a = big("plus-minus")
    found = embed(sparse.csr_array(a), 8)
    assert sorted(found.signature.tolist()) == [-1.0] * 4 + [1.0] * 4
    m = (found.basis * found.eigenvalues) @ found.basis.T
    assert np.allclose(m, m.T) and np.allclose(np.diag(found.basis.T @ a @ found.basis), found.eigenvalues)


@settings(deadline=None, max_examples=80)
@given(st.integers(2, 25), st.integers(0, 2**32 - 1), st.data())
def test_small_matrices_give_the_best_truncation(n, seed, data):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((n, n)) * (rng.random((n, n)) < 0.6)
    a = a + a.T
    rank = data.draw(st.integers(1, n - 1))
    found = embed(a, rank)
    truth = np.sort(np.abs(np.linalg.eigvalsh(a)))[::-1]
    missed = np.linalg.norm(a - (found.basis * found.eigenvalues) @ found.basis.T)
    # Eckart and Young: no matrix of this rank is nearer
    assert missed == pytest.approx(np.sqrt((truth[rank:] ** 2).sum()), abs=1e-9 * max(truth[0], 1))


def test_every_accepted_type_gives_the_same_embedding():
    a = big("assortative")
    reference = embed(a, 5)
    graph = nx.from_numpy_array(a)
    kinds = [
        sparse.csr_array(a),
        sparse.coo_matrix(a),
        sparse.csc_array(a),
        sparse.lil_matrix(a),
        graph,
        aslinearoperator(a),
    ]
    for kind in kinds:
        found = embed(kind, 5)
        assert np.allclose(found.eigenvalues, reference.eigenvalues, rtol=1e-11)
        overlap = np.linalg.svd(found.basis.T @ reference.basis, compute_uv=False)
        assert np.allclose(overlap, 1.0, atol=1e-10)


def test_scalings_are_powers_of_the_magnitudes_and_ranks_are_prefixes():
    found = embed(big("disassortative"), 6)
    assert (found.eigenvalues < 0).any()
    for scaling, power in (("unit", 0.0), ("half", 0.5), ("full", 1.0)):
        expected = found.basis * np.abs(found.eigenvalues) ** power
        assert np.allclose(found.vectors(scaling), expected, rtol=1e-14)
        assert np.array_equal(found.vectors(scaling, 3), found.vectors(scaling)[:, :3])


def test_rows_out_of_reach_are_exactly_zero_and_others_are_not():
    """Two components: one loud, one so quiet that none of the kept eigenvectors reaches it; and isolated nodes."""
    model = dcbm(600, 2, heterogeneity=LogNormal(0.5), mean_degree=30, rng=np.random.default_rng(0))
    loud = sample_graph(model, np.random.default_rng(0), law="poisson", dtype=np.float64)
    ring = nx.to_scipy_sparse_array(nx.cycle_graph(100), dtype=float)
    a = sparse.block_diag([loud, ring, sparse.csr_array((5, 5))], format="csr")
    vectors = embed(a, 2).vectors("full")
    reached = np.asarray(loud.sum(axis=1)).ravel() > 0
    assert not vectors[600:].any()
    assert (np.abs(vectors[:600][reached]).sum(axis=1) > 0).all()


def test_deterministic_without_rng_and_reproducible_with_one():
    a = sparse.csr_array(big("assortative"))
    assert np.array_equal(embed(a, 4).basis, embed(a, 4).basis)
    one, two = (embed(a, 4, rng=np.random.default_rng(5)).basis for _ in range(2))
    assert np.array_equal(one, two)
    assert (one[np.abs(one).argmax(axis=0), np.arange(4)] > 0).all()


def test_float32_stays_float32_and_near_the_truth():
    a = big("assortative")
    found = embed(a, 4, dtype="float32", tol=1e-4)
    assert found.basis.dtype == np.float32 and found.vectors("half").dtype == np.float32
    assert found.residuals.max() <= 1e-4
    assert np.allclose(found.eigenvalues, embed(a, 4).eigenvalues, rtol=1e-5)


EYE = np.diag([3.0, 2.0, 1.0])


@pytest.mark.parametrize(
    ("matrix", "rank", "options", "error", "words"),
    [
        (np.ones((2, 3)), 1, {}, ValueError, r"matrix must be square; got shape \(2, 3\)"),
        ([[0, 1], [3, 0]], 1, {}, ValueError, r"symmetric; entries \(0, 1\) and \(1, 0\) differ by 2"),
        ([[0, np.nan], [np.nan, 0]], 1, {}, ValueError, r"finite numbers only; entry \(0, 1\) is nan"),
        (sparse.csr_array(np.diag([1.0, np.inf])), 1, {}, ValueError, r"entry \(1, 1\) is inf"),
        (EYE, 0, {}, ValueError, "rank must be an integer from 1 to 2; got 0"),
        (EYE, 3, {}, ValueError, "rank must be an integer from 1 to 2; got 3"),
        (EYE, 1.5, {}, TypeError, "rank must be an integer"),
        (EYE, 1, {"tol": -1}, ValueError, "tol must be a number at least 0"),
        (EYE, 1, {"dtype": "float16"}, ValueError, "dtype must be one of 'float32', 'float64'"),
        (EYE, 1, {"rng": 3}, TypeError, "rng must be a numpy.random.Generator"),
        (np.zeros((0, 0)), 1, {}, ValueError, "at least one row"),
        (np.ones((1, 1)), 1, {}, ValueError, "at least two rows"),
        ([["a", "b"], ["b", "a"]], 1, {}, TypeError, "array of numbers"),
        (np.eye(3) * 1j, 1, {}, TypeError, "array of numbers"),
    ],
)
def test_bad_input_is_refused_by_name(matrix, rank, options, error, words):
    with pytest.raises(error, match=words):
        embed(matrix, rank, **options)


@pytest.mark.parametrize(("scaling", "rank"), [("hlaf", None), ("full", 0), ("full", 3)])
def test_bad_scalings_and_ranks_of_an_embedding(scaling, rank):
    with pytest.raises(ValueError, match="scaling|rank"):
        embed(EYE, 2).vectors(scaling, rank)


def test_the_entry_of_largest_magnitude_of_every_vector_is_positive():
    rng = np.random.default_rng(0)
    a = rng.standard_normal((40, 40))
    basis = embed(a + a.T, 12).basis
    assert (basis[np.abs(basis).argmax(axis=0), np.arange(12)] > 0).all()


def test_a_stored_zero_is_no_interaction():
    from theory import cooccurrence

    x = sparse.csr_array(
        (np.array([1.0, 0.0, 1.0, 1.0]), np.array([0, 1, 1, 2]), np.array([0, 2, 4])), shape=(2, 3)
    )
    assert cooccurrence(x).counts.nnz == 2  # of items 1 and 2, both ways; item 0 is alone


def test_in_float32_a_vector_of_one_component_is_zero_on_the_others():
    rng = np.random.default_rng(0)
    blocks = [np.abs(rng.standard_normal((k, k))) for k in (20, 30)]
    a = sparse.csr_array(sparse.block_diag([block + block.T for block in blocks]))
    basis = embed(a, 2, dtype="float32").basis
    parts = np.stack([np.linalg.norm(basis[:20], axis=0), np.linalg.norm(basis[20:], axis=0)])
    assert sorted(parts.ravel().round(5).tolist()) == [0.0, 0.0, 1.0, 1.0] and (parts == 0).sum() == 2


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e-12, 1e12, 1e30, 1e200])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_scale_is_no_matter(scale, dtype):
    if dtype == "float32" and not 1e-35 < scale < 1e35:
        pytest.skip("float32 does not hold it")
    plain = embed(big("positive"), 5, dtype=dtype)
    scaled = embed(big("positive") * scale, 5, dtype=dtype)
    exact = 1e-9 if dtype == "float64" else 1e-4
    np.testing.assert_allclose(scaled.eigenvalues / scale, plain.eigenvalues, rtol=exact)
    np.testing.assert_allclose(np.abs(scaled.basis), np.abs(plain.basis), atol=exact)
    wide = embed_rectangular(big("positive")[:, :250] * scale, 3) if dtype == "float64" else None
    if wide is not None:
        flat = embed_rectangular(big("positive")[:, :250], 3)
        np.testing.assert_allclose(wide.singular_values / scale, flat.singular_values, rtol=1e-9)


@pytest.mark.parametrize("n", [20, 400])
def test_a_matrix_without_entries_has_no_dimension(n):
    for found in (embed(sparse.csr_array((n, n)), 3), embed_rectangular(sparse.csr_array((n, n + 5)), 3)):
        assert found.rank == 0 and found.n_cut == 3 and found.vectors().shape[1] == 0
        assert "rank 0" in found.notes[0] and repr(found)


def below_rank(kind):
    """Matrices (n, n) with their rank: too small for a sparse solver, or large; connected, and not; of both signs."""
    if kind == "small":
        return np.diag([2.0, 1.0, 0.0, 0.0]), 2
    if kind == "bipartite and isolated nodes":
        a = np.zeros((700, 700))
        a[:150, 150:300] = a[150:300, :150] = 1
        return a, 2
    if kind == "star":
        return nx.to_numpy_array(nx.star_graph(300)), 2
    if kind == "block model":
        theta, labels = np.random.default_rng(0).pareto(2.0, 500) + 1, np.arange(500) % 5
        affinity = np.ones((5, 5)) - 2 * np.eye(5)
        return theta[:, None] * affinity[labels][:, labels] * theta, 5
    return np.kron(np.diag([5.0, 3.0, 1e-3]), np.ones((120, 120))), 3  # three components


@pytest.mark.parametrize(
    "kind", ["small", "bipartite and isolated nodes", "star", "block model", "three components"]
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("tol", [0.0, 1e-4])
def test_dimensions_beyond_the_rank_are_cut_and_said(kind, dtype, tol):
    a, rank = below_rank(kind)
    for beyond in (1, 9) if len(a) > 20 else (1,):
        for matrix in (sparse.csr_array(a), aslinearoperator(a)):
            found = embed(matrix, rank + beyond, dtype=dtype, tol=tol)
            assert (found.rank, found.n_cut) == (rank, beyond)
            assert found.vectors("unit", rank + beyond).shape == (len(a), rank)
            assert f"rank {rank} " in found.notes[0] and f"{beyond} more cut" in repr(found)
            assert found.basis.dtype == found.eigenvalues.dtype == np.dtype(dtype)
            np.testing.assert_allclose(np.linalg.norm(found.basis, axis=0), 1.0, rtol=1e-6)
            if rank + beyond < len(a) // 2 and sparse.issparse(matrix):
                assert np.array_equal(found.vectors().any(axis=1), a.any(axis=1))
    assert embed(sparse.csr_array(a), rank, dtype=dtype).notes == ()


def test_small_true_eigenvalues_are_kept():
    values = np.r_[1.0, 1e-3, 1e-6, 1e-9, np.zeros(396)]
    found = embed(sparse.diags_array(values), 8)
    assert found.eigenvalues == pytest.approx(values[:4], rel=1e-6) and found.n_cut == 4
    # single precision knows nothing below 1e-6 of the largest
    assert embed(sparse.diags_array(values[:3].repeat(100)), 299, dtype="float32").rank == 200


def test_vectors_that_were_rounded_to_single_precision_have_no_direction_in_their_rounding():
    x = np.random.default_rng(0).standard_normal((400, 2))
    rounded = (x @ x.T).astype(np.float32)
    assert embed(rounded, 5).rank == 2 and embed(rounded.astype(np.float64), 5).rank == 5


@pytest.mark.parametrize("kind", ["bipartite and isolated nodes", "star", "three components"])
def test_the_same_bits_every_time_where_the_solver_restarts(kind):
    a, rank = below_rank(kind)
    for options in ({}, {"tol": 1e-3}, {"dtype": "float32"}):
        for matrix in (sparse.csr_array(a), aslinearoperator(a)):
            one, two = (embed(matrix, rank + 9, **options) for _ in range(2))
            assert np.array_equal(one.basis, two.basis) and np.array_equal(one.eigenvalues, two.eigenvalues)
    drawn = [embed(sparse.csr_array(a), rank + 9, rng=np.random.default_rng(seed)).rank for seed in range(4)]
    assert drawn == [rank] * 4


def test_a_loose_tolerance_erases_no_vector_that_many_components_share():
    rng = np.random.default_rng(0)
    one = sparse.random_array((50, 50), density=0.2, rng=rng)
    copies = sparse.block_diag([one + one.T] * 300)
    found = embed(copies, 5, tol=0.1)
    np.testing.assert_allclose(np.linalg.norm(found.basis, axis=0), 1.0, rtol=1e-6)


@pytest.mark.parametrize(
    ("operator", "error", "words"),
    [
        (aslinearoperator(np.eye(300) * 1j), TypeError, "real numbers"),
        (aslinearoperator(np.diag([np.nan, 1.0, 2.0])), ValueError, "finite numbers only"),
    ],
)
def test_operators_of_other_numbers_are_refused(operator, error, words):
    with pytest.raises(error, match=words):
        embed(operator, 2)


def test_an_operator_gives_the_dtype_asked_for():
    for n in (50, 400):
        found = embed(aslinearoperator(sparse.diags_array(np.arange(1.0, n + 1))), 2, dtype="float32")
        assert found.basis.dtype == found.eigenvalues.dtype == np.float32


def test_counts_in_narrow_numbers_are_summed_wide():
    twice = sparse.coo_array(
        (np.array([200, 100, 200, 100], np.uint8), ([0, 0, 1, 1], [1, 1, 0, 0])), shape=(2, 2)
    )
    assert embed(twice, 1).eigenvalues.round(9).tolist() in ([300.0], [-300.0])
