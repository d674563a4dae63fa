"""Products that eigenpairs take are foreseen from some rows, wherever the last eigenvalue lies."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments import OwnMatrix
from experiments.estimates.looking import Looked, look
from experiments.estimates.of_spk import Asked, plan_of_spk
from experiments.estimates.products import (
    MOST,
    SomeRows,
    _products_of,
    products_in_bulk,
    some_rows,
    usual_products,
)
from experiments.real.nulls import null_of
from simulate import InteractionModel, sample_graph, sample_interactions, sbm


def looked(data, kind):
    rows, columns = data.shape
    squares = float((np.diff(sparse.csr_array(data).indptr) ** 2).sum()) if kind == "interactions" else None
    own = OwnMatrix("x", kind, data)
    return Looked("x", kind, ".npz", rows, columns, float(data.nnz), "read", squares=squares, own=own)


def taken(matrix, f):
    """The products that the whole matrix takes."""
    whole = SomeRows(sparse.csr_array(matrix), "graph", np.arange(matrix.shape[0]), None)
    return _products_of(whole, matrix.shape[0], f, 0.0, False)


@pytest.fixture(scope="module")
def log():
    """Ten communities: eight eigenvalues stand apart, and of thirty-two most lie in the bulk."""
    rng = np.random.default_rng(0)
    model = InteractionModel(
        np.minimum(rng.pareto(1.5, 7000) + 1, 50), rng.integers(0, 10, 7000), mean_length=25.0
    )
    return sample_interactions(model, 6000, rng, clip=True)[0]


@pytest.mark.parametrize("f", [8, 32])
def test_products_of_a_log(f, log):
    matrix = theory.ppmi(log).matrix
    n = matrix.shape[0]
    some = some_rows(looked(log, "interactions"))
    assert some._size(n, matrix.nnz) < 0.7 * n
    assert 0.6 < some.products(n, matrix.nnz, f) / taken(matrix, f) < 1.6


@pytest.mark.parametrize("f", [8, 32])
def test_products_of_a_graph(f):
    graph = sample_graph(
        sbm(10_000, 10, mean_degree=40, rng=np.random.default_rng(0)), np.random.default_rng(1)
    )
    some = some_rows(looked(graph, "graph"))
    assert 0.6 < some.products(10_000, graph.nnz, f) / taken(graph, f) < 1.6


def test_the_null_of_a_log_has_another_spectrum_and_fewer_entries(log):
    matrix, null = (
        theory.ppmi(x).matrix for x in (log, null_of(log, "interactions", np.random.default_rng(5)))
    )
    some, n = some_rows(looked(log, "interactions")), matrix.shape[0]
    own, chance = (some.products(n, matrix.nnz, 8, null=drawn) for drawn in (False, True))
    assert chance > 1.5 * own
    assert 0.6 < chance / taken(null, 8) < 1.6
    assert some.share_of_null(n, matrix.nnz) == pytest.approx(null.nnz / matrix.nnz, rel=0.1)


def test_a_spectrum_without_distances_ends_the_count():
    rows = np.arange(3000)
    pairs = sparse.csr_array(
        (np.ones(3000), (rows, rows ^ 1)), shape=(3000, 3000)
    )  # eigenvalues 1 and -1 alone
    some = some_rows(looked(pairs, "graph"))
    assert 0 < some.products(3000, 3000, 4) <= 1 + MOST * products_in_bulk(3000, 4)


def test_what_was_not_read_and_what_is_too_small_take_the_usual_number():
    assert some_rows(Looked("g", "graph", ".edges", 10**6, 10**6, 1e7, "a sample")) is None
    assert some_rows(SimpleNamespace(own=OwnMatrix("v", "embedding", np.ones((3, 2))))) is None
    some = some_rows(look("davis"))
    assert some.products(18, 100, 4) == usual_products(18, 4)
    assert usual_products(10**9, 64) < products_in_bulk(10**9, 64)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (sparse.csr_array((50, 4000)), "interactions"),
        (sparse.eye_array(3000, format="csr"), "interactions"),
        (sparse.csr_array(np.ones((40, 900))), "interactions"),
        (sparse.csr_array((3000, 3000)), "graph"),
        (sparse.csr_array(([1.0, 1.0], ([0, 1], [1, 0])), shape=(3000, 3000)), "graph"),
    ],
    ids=["no interaction", "no pair", "all pairs", "no edge", "one edge"],
)
def test_a_matrix_of_which_nothing_is_left_is_no_reason_to_fail(data, kind):
    plan = plan_of_spk(looked(data, kind), Asked((3,), null=1))
    assert plan.seconds({}) < 10
