"""The real eigenvalues outside the circle, beside those of the dense matrix, on graphs of every kind."""

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from simulate import BlockModel, LogNormal, dcbm, sample_graph, sbm
from theory import embed, operator_matrix


def outliers(a):
    values = np.linalg.eigvals(operator_matrix(a, "non-backtracking").toarray())
    real = values[np.abs(values.imag) < 1e-7].real
    real = real[np.abs(real) > np.sqrt(real.max()) * (1 + 1e-6)]
    return real[np.argsort(-np.abs(real), kind="stable")]


def a_graph(kind, n):
    rng = np.random.default_rng(0)
    if kind == "hubs":
        model = dcbm(n, 3, heterogeneity=LogNormal(1.0), mean_degree=7, mixing=0.1, rng=rng)
    elif kind == "avoiding":
        b = np.array([[1.0, 8.0, 8.0], [8.0, 1.0, 8.0], [8.0, 8.0, 1.0]])
        model = BlockModel(np.ones(n), np.arange(n) % 3, b * 3 * 15 / (17 * n))
    else:
        model = sbm(n, 4, mean_degree=10, mixing=0.05, rng=rng)
    law = "poisson" if kind == "parallel" else "bernoulli"
    return sample_graph(model, rng, law=law, clip=law == "bernoulli", dtype=np.float64)


@pytest.mark.filterwarnings("ignore:P exceeds 1")
@pytest.mark.parametrize("kind", ["hubs", "avoiding", "sbm", "parallel"])
@pytest.mark.parametrize("n", [120, 210])
def test_all_real_outliers_and_no_other(kind, n):
    a = a_graph(kind, n)
    truth = outliers(a)
    found = embed(a, 20, operator="non-backtracking")
    # of a nonsymmetric matrix of norm 50 the dense solver itself is good to about 1e-12
    assert found.eigenvalues == pytest.approx(truth, rel=1e-9)
    assert found.n_cut == 20 - len(truth) and "real eigenvalues outside the circle" in found.notes[0]
    assert found.residuals.max() <= 1e-10
    d = np.asarray(a.sum(axis=1))
    for mu, x in zip(found.eigenvalues, found.basis.T):
        assert np.linalg.norm((mu * mu - 1 + d) * x * (d > 0) - mu * (a @ x)) <= 1e-9 * mu * mu
    assert np.linalg.norm(found.basis, axis=0) == pytest.approx(np.ones(found.rank))
    assert not found.basis[d == 0].any() and found.n_isolated == (d == 0).sum()


def test_fewer_than_there_are_are_the_largest_by_magnitude_of_both_signs():
    a = a_graph("avoiding", 210)
    truth = outliers(a)
    assert (truth < 0).sum() == 2 and truth[0] > 0
    for rank in (1, 2, 3):
        assert embed(a, rank, operator="non-backtracking").eigenvalues == pytest.approx(
            truth[:rank], rel=1e-9
        )


@pytest.mark.parametrize("copies", [2, 3])
def test_equal_eigenvalues_have_vectors_of_their_own(copies):
    one = a_graph("avoiding", 120)
    a = sparse.csr_array(sparse.block_diag([one] * copies, format="csr"))
    alone = embed(one, 3, operator="non-backtracking")
    found = embed(a, 3 * copies, operator="non-backtracking")
    assert found.eigenvalues == pytest.approx(np.repeat(alone.eigenvalues, copies), rel=1e-9)
    assert np.linalg.svd(found.basis, compute_uv=False).min() > 0.1
    assert found.residuals.max() <= 1e-9


def test_single_precision_and_a_tolerance_reach_theirs():
    a = a_graph("sbm", 210)
    exact = embed(a, 4, operator="non-backtracking")
    narrow = embed(a, 4, operator="non-backtracking", dtype="float32", tol=1e-5)
    assert narrow.basis.dtype == np.float32
    assert narrow.eigenvalues == pytest.approx(exact.eigenvalues, rel=1e-4)
    assert np.array_equal(exact.basis, embed(a, 4, operator="non-backtracking").basis)


@pytest.mark.parametrize(
    "graph",
    [
        nx.balanced_tree(2, 4),
        nx.cycle_graph(9),
        nx.disjoint_union(nx.cycle_graph(5), nx.path_graph(4)),
        nx.empty_graph(5),
    ],
)
def test_trees_and_single_cycles_have_none(graph):
    found = embed(nx.to_numpy_array(graph), 2, operator="non-backtracking")
    assert found.rank == 0 and found.n_cut == 2 and found.vectors().shape == (len(graph), 0)


def test_two_cycles_and_a_regular_graph_are_exact():
    # every closed walk without returns of a k-regular graph: mu_1 = k - 1
    found = embed(nx.to_numpy_array(nx.random_regular_graph(4, 30, seed=0)), 1, operator="non-backtracking")
    assert found.eigenvalues[0] == pytest.approx(3, rel=1e-12)
    assert np.ptp(found.basis[:, 0]) <= 1e-9
    theta = nx.to_numpy_array(nx.Graph([(0, 1), (1, 2), (0, 3), (3, 2), (0, 4), (4, 5), (5, 2)]))
    assert embed(theta, 2, operator="non-backtracking").eigenvalues[:1] == pytest.approx(outliers(theta)[:1])
