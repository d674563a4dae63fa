"""`embed` with an operator: right eigenvectors of the dense matrix, zero rows of isolated nodes, the same bits by default."""

import numpy as np
import pytest
from scipy import linalg, sparse

from simulate import LogNormal, dcbm, sample_graph
from theory import OPERATORS, analyse, certify, embed, operator_matrix, spikiness

LARGEST = [
    name for name, one in OPERATORS.items() if one.takes == "largest magnitude" and name != "adjacency"
]


def sampled(n, degree=15):
    rng = np.random.default_rng(0)
    model = dcbm(n, 3, heterogeneity=LogNormal(0.6), mean_degree=degree, rng=rng)
    return sample_graph(model, rng, law="poisson", dtype=np.float64)


def with_isolated(a, count=4):
    return sparse.csr_array(sparse.block_diag([a, sparse.csr_array((count, count))], format="csr"))


def dense(a, name):
    matrix = operator_matrix(a, name)
    return matrix @ np.eye(a.shape[0]) if name == "modularity" else matrix.toarray()


@pytest.mark.parametrize("n", [60, 210])
@pytest.mark.parametrize("name", LARGEST)
def test_right_eigenvectors_of_largest_magnitude(name, n):
    a = with_isolated(sampled(n))
    found, matrix = embed(a, 5, operator=name), dense(a, name)
    values = linalg.eigvals(matrix)
    values = values[np.argsort(-np.abs(values), kind="stable")].real
    scale = np.abs(values[0])
    # a solver at full accuracy is good to eps times a condition of at most sqrt(max d / min d), about 10; 1e-10 is far above
    assert np.abs(found.eigenvalues) == pytest.approx(np.abs(values[:5]), abs=1e-10 * scale)
    assert (
        np.abs(matrix @ found.basis - found.basis * found.eigenvalues).max()
        <= 1e-10 * scale * np.abs(found.basis).max()
    )
    assert not found.basis[-4:].any() and found.n_isolated == 4 + (np.asarray(a.sum(axis=1))[:-4] == 0).sum()
    assert found.notes[-1] == f"rows of {name} are 0 for nodes without an edge: {found.n_isolated} of {n + 4}"
    assert (found.basis[np.abs(found.basis).argmax(axis=0), np.arange(5)] > 0).all()
    assert spikiness(found.vectors()).n_zero >= 4


@pytest.mark.parametrize("n", [60, 210])
def test_walks_are_orthonormal_in_their_own_metric(n):
    a = sampled(n)
    d = np.asarray(a.sum(axis=1))
    for name, weights in (("random-walk", d), ("regularised-walk", d + d.mean())):
        v = embed(a, 4, operator=name).basis
        assert v.T @ (weights[:, None] * v) == pytest.approx(np.eye(4), abs=1e-10)
    one = embed(a, 4, operator="random-walk")
    assert one.eigenvalues[0] == pytest.approx(1, abs=1e-12)


def test_the_first_eigenvector_of_the_walk_is_constant():
    a = sampled(210, degree=40)
    first = embed(a, 2, operator="random-walk").basis[:, 0]
    assert np.ptp(first) <= 1e-10 * first.max() and first.max() == pytest.approx(a.sum() ** -0.5)


@pytest.mark.parametrize("n", [60, 210])
def test_the_bethe_hessian_gives_its_smallest_from_the_smallest_on(n):
    a = with_isolated(sampled(n))
    d = np.asarray(a.sum(axis=1))
    found = embed(a, 6, operator="bethe-hessian")
    h = operator_matrix(a, "bethe-hessian").toarray()[d > 0][:, d > 0]
    assert found.eigenvalues == pytest.approx(np.linalg.eigvalsh(h)[:6], abs=1e-10 * np.abs(h).max())
    assert (found.eigenvalues < 0).sum() == 3 and not found.basis[d == 0].any()
    assert found.basis.T @ found.basis == pytest.approx(np.eye(6), abs=1e-10)


def test_none_and_adjacency_are_the_matrix_as_it_is_to_the_last_bit():
    a = sampled(210)
    plain = embed(a, 4)
    for operator in (None, "adjacency"):
        other = embed(a, 4, operator=operator)
        assert np.array_equal(plain.basis, other.basis) and np.array_equal(
            plain.eigenvalues, other.eigenvalues
        )
        assert other.operator == "adjacency" and other.notes == plain.notes


@pytest.mark.parametrize("name", LARGEST)
def test_the_unit_of_weights_changes_no_direction(name):
    a = sampled(210)
    if name == "counts":  # which counts neighbours, not weights
        return
    plain = embed(a, 3, operator=name)
    for factor in (2.0**-600, 2.0**600):
        scaled = embed(a * factor, 3, operator=name)
        by = factor if name == "modularity" else 1.0
        assert scaled.eigenvalues == pytest.approx(plain.eigenvalues * by, rel=1e-9)
        q, p = np.linalg.qr(scaled.basis)[0], np.linalg.qr(plain.basis)[0]
        assert np.linalg.svd(q.T @ p, compute_uv=False) == pytest.approx(np.ones(3), abs=1e-9)


@pytest.mark.parametrize("name", OPERATORS)
def test_single_precision_and_a_tolerance(name):
    a = sampled(210)
    exact, narrow = embed(a, 2, operator=name), embed(a, 2, operator=name, dtype="float32", tol=1e-5)
    assert narrow.basis.dtype == np.float32
    assert narrow.eigenvalues == pytest.approx(
        exact.eigenvalues, rel=1e-4, abs=1e-3 * np.abs(exact.eigenvalues).max()
    )


@pytest.mark.parametrize("name", OPERATORS)
def test_graphs_with_little_in_them(name):
    assert embed(np.zeros((5, 5)), 2, operator=name).rank == 0
    pair = np.zeros((5, 5))
    pair[1, 3] = pair[3, 1] = 1
    found = embed(pair, 2, operator=name)
    assert np.isfinite(found.vectors()).all() and not found.basis[[0, 2, 4]].any()


@pytest.mark.parametrize("operator", [None, "ppmi", "counts"])
def test_interactions_have_two_operators(operator):
    x = (np.random.default_rng(0).random((60, 12)) < 0.3) * 1.0
    x[:, 5] = 0
    found = analyse(x, 3, kind="interactions", operator=operator)
    if operator == "counts":
        truth = x.T @ x
        np.fill_diagonal(truth, 0)
        assert np.array_equal(
            found.matrix.toarray(),
            truth[found.items][:, found.items] * (truth[found.items][:, found.items] > 1),
        )
        assert 5 not in found.items
    else:
        plain = analyse(x, 3, kind="interactions")
        assert np.array_equal(found.embedding.basis, plain.embedding.basis)


def test_an_operator_of_graphs_is_refused_for_interactions_and_taken_for_graphs():
    x = (np.random.default_rng(0).random((60, 12)) < 0.3) * 1.0
    with pytest.raises(
        ValueError, match="the operator random-walk needs a graph; interactions have ppmi and counts"
    ):
        analyse(x, 3, kind="interactions", operator="random-walk")
    with pytest.raises(ValueError, match="operator must be one of"):
        analyse(x, 3, kind="interactions", operator="walk")
    with pytest.raises(ValueError, match="no two of its 4 items occur together in two contexts or more"):
        analyse(np.eye(4), 2, kind="interactions", operator="counts")
    a = sampled(90)
    found = analyse(a, 3, kind="graph", operator="random-walk")
    assert np.array_equal(found.embedding.basis, embed(a, 3, operator="random-walk").basis)
    assert (found.matrix != a).nnz == 0


def test_what_needs_a_symmetric_matrix_refuses_a_walk():
    with pytest.raises(ValueError, match="embedding must be of a symmetric matrix; got that of random-walk"):
        certify(embed(sampled(90), 3, operator="random-walk"), np.zeros(90, int))
