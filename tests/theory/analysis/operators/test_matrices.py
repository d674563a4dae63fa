"""Each operator beside its formula in dense numpy, what it refuses, and laws that hold for every graph."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from theory import OPERATORS, embed, operator_matrix

EPS = np.finfo(float).eps
SYMMETRIC = [name for name, one in OPERATORS.items() if one.symmetric]


def graph_of(seed, n=40, density=0.12, weights=False):
    """A graph without loops, some of its nodes without an edge; perhaps with weights."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < density, 1) * (rng.integers(1, 5, (n, n)) if weights else 1.0)
    upper[:, 3] = upper[3] = 0
    return upper + upper.T


def dense(name, a):
    """The formula of the table, of a dense graph."""
    d, n = a.sum(axis=1), len(a)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(d > 0, d**-0.5, 0.0)
        tau = d.mean()
        found = {
            "adjacency": a,
            "normalised-laplacian": root[:, None] * a * root,
            "random-walk": (root**2)[:, None] * a,
            "regularised-laplacian": a / np.sqrt(np.outer(d + tau, d + tau)),
            "regularised-walk": a / (d + tau)[:, None],
            "modularity": a - np.outer(d, d) / d.sum(),
            "ppmi": np.where(a > 0, np.maximum(np.log(d.sum() * a / np.outer(d, d)), 0), 0.0),
            "counts": (a > 0).astype(float) @ (a > 0),
            "non-backtracking": np.block([[np.zeros((n, n)), np.diag(d - 1)], [-np.eye(n), a]]),
        }
        r = max(np.sqrt(d @ d / d.sum() - 1), 1.0)
        found["bethe-hessian"] = (r * r - 1) * np.eye(n) - r * a + np.diag(d)
    np.fill_diagonal(found["counts"], 0)
    return found[name]


def as_dense(matrix):
    return matrix @ np.eye(matrix.shape[1]) if isinstance(matrix, LinearOperator) else matrix.toarray()


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_is_its_formula(name, weights):
    a = graph_of(0, weights=weights)
    found = as_dense(operator_matrix(sparse.csr_array(a), name))
    # a few products and divisions per entry, each with a relative error of eps
    assert np.abs(found - dense(name, a)).max() <= 20 * EPS * np.abs(dense(name, a)).max()


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetric_operators_are_symmetric_to_the_last_bit(name):
    found = as_dense(operator_matrix(graph_of(1, weights=True), name))
    assert name == "modularity" or np.array_equal(found, found.T)
    assert np.allclose(found, found.T, atol=4 * EPS * np.abs(found).max())


@pytest.mark.parametrize("kind", [nx.from_numpy_array, sparse.coo_array, sparse.csc_matrix, np.asarray])
@pytest.mark.parametrize("name", ["modularity", "counts", "non-backtracking", "regularised-walk"])
def test_every_kind_of_matrix_is_taken(name, kind):
    a = graph_of(2)
    assert np.array_equal(as_dense(operator_matrix(kind(a), name)), as_dense(operator_matrix(a, name)))


def test_a_scaled_copy_shares_its_places_and_leaves_the_graph_alone():
    a = sparse.csr_array(graph_of(3))
    before = a.copy()
    found = operator_matrix(a, "normalised-laplacian")
    assert np.shares_memory(found.indices, a.indices) and not np.shares_memory(found.data, a.data)
    assert (a != before).nnz == 0


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(4, 30), st.floats(0.05, 0.9))
def test_laws_of_every_graph(seed, n, density):
    a = graph_of(seed, n, density)
    d = a.sum(axis=1)
    if not d.any():
        return
    # D^-1 A averages over neighbours: it leaves the constant as it is
    walk = operator_matrix(a, "random-walk")
    assert np.abs(walk @ np.ones(n) - (d > 0)).max() <= n * EPS
    values = np.linalg.eigvalsh(operator_matrix(a, "normalised-laplacian").toarray())
    assert values.min() >= -1 - n * EPS and values.max() == pytest.approx(1, abs=n * EPS)
    # (A - d d' / 2m) 1 = d - d; sums of n terms of at most d
    assert np.abs(operator_matrix(a, "modularity") @ np.ones(n)).max() <= n * EPS * d.max()
    assert np.abs(np.linalg.eigvalsh(operator_matrix(a, "regularised-laplacian").toarray())).max() < 1
    laplacian = np.diag(d) - a
    h = operator_matrix(a, "bethe-hessian").toarray()
    r = max(np.sqrt(max(d @ d / d.sum() - 1, 0)), 1.0)
    assert np.allclose(
        h, r * laplacian + (r - 1) * (r + 1) * np.eye(n) - (r - 1) * np.diag(d), atol=1e-12 * d.max() ** 2
    )


@pytest.mark.parametrize("name", [name for name in OPERATORS if name != "adjacency"])
@pytest.mark.parametrize(
    "function", [lambda a, name: operator_matrix(a, name), lambda a, name: embed(a, 2, operator=name)]
)
def test_what_is_no_graph_is_refused_by_name(name, function):
    a = graph_of(4)
    negative, part = a.copy(), a.copy()
    i, j = np.argwhere(a)[0]
    negative[i, j] = negative[j, i] = -2
    with pytest.raises(
        ValueError,
        match=rf"{name} needs a graph whose entries are at least 0; entry \({i}, {j}\) of .* is -2",
    ):
        function(negative, name)
    with pytest.raises(ValueError, match=f"{name} needs the entries of .*; got a LinearOperator"):
        function(aslinearoperator(a), name)
    with pytest.raises(ValueError, match="must be symmetric"):
        function(np.triu(a), name)
    part[i, j] = part[j, i] = 0.5
    if name in ("counts", "non-backtracking", "bethe-hessian"):
        with pytest.raises(
            ValueError, match=rf"{name} needs .* whole numbers.*; entry \({i}, {j}\) of .* is 0.5"
        ):
            function(part, name)
    else:
        assert function(part, name) is not None
    if name in ("non-backtracking", "bethe-hessian"):
        with pytest.raises(ValueError, match=rf"{name} needs a graph without loops; entry \(0, 0\)"):
            function(a + np.eye(40), name)


@pytest.mark.parametrize("wrong", ["laplacian", "random_walk", 3, None])
def test_an_unknown_operator_is_refused_with_the_names(wrong):
    with pytest.raises(ValueError, match="operator must be one of 'adjacency', .*'bethe-hessian'"):
        operator_matrix(graph_of(0), wrong)
