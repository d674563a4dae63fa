"""The block method against dense eigh: indefinite, +/- pairs, repeated values, disconnected parts, low rank."""

import numba
import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import aslinearoperator

import theory.analysis.eigenpairs
from simulate import LogNormal, dcbm, sample_graph
from theory import embed
from theory.analysis import block_krylov_rounds
from theory.analysis.block_krylov_rounds import Breakdown, State
from theory.analysis.largest_eigenpairs import block_krylov, product


def graph(n=600, affinity=None, mean_degree=25, seed=0):
    rng = np.random.default_rng(seed)
    model = dcbm(n, 4, heterogeneity=LogNormal(0.5), mean_degree=mean_degree, affinity=affinity, rng=rng)
    return sparse.csr_array(sample_graph(model, rng, law="poisson"), dtype=np.float64)


def bipartite():
    block = graph(300, seed=3)
    return sparse.csr_array(sparse.block_array([[None, block], [block.T, None]]))


CASES = {
    "assortative": graph(),
    "disassortative": graph(affinity=np.ones((4, 4)) - 0.9 * np.eye(4)),
    "plus and minus pairs": bipartite(),
    "disconnected and repeated": sparse.csr_array(sparse.block_diag([graph(300)] * 3)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_eigenpairs_are_those_of_the_dense_matrix(name, dtype):
    a, rank = sparse.csr_array(CASES[name], dtype=dtype), 12
    tol = 1e-4 if dtype == "float32" else 1e-8
    values, basis = block_krylov(a, rank, np.random.default_rng(0), dtype=dtype, tol=tol)
    dense, vectors = np.linalg.eigh(CASES[name].toarray())
    order = np.argsort(-np.abs(dense), kind="stable")
    # an eigenvalue is off by the square of the residual over the gap, and by the residual at most
    assert np.abs(values) == pytest.approx(np.abs(dense[order[:rank]]), rel=tol)
    residual = np.linalg.norm(CASES[name] @ basis - basis * values, axis=0) / np.abs(values)
    assert residual.max() <= 1.05 * tol
    assert basis.T @ basis == pytest.approx(np.eye(rank), abs=1e-5 if dtype == "float32" else 1e-12)
    cut = rank - 1
    while np.isclose(abs(dense[order[cut]]), abs(dense[order[cut + 1]]), rtol=1e-2):
        cut -= 1  # a subspace is defined where a gap ends it
    inside = np.linalg.norm(vectors[:, order[: cut + 1]].T @ basis[:, : cut + 1])
    assert inside**2 == pytest.approx(cut + 1, rel=1e-3)


def test_same_result_for_one_and_two_threads():
    threads, found = numba.get_num_threads(), []
    a = graph(9000, mean_degree=10)
    for count in {1, threads}:
        numba.set_num_threads(count)
        found.append(block_krylov(a, 6, np.random.default_rng(0), dtype="float64", tol=1e-5)[1])
    numba.set_num_threads(threads)
    assert np.array_equal(found[0], found[-1])


def test_a_matrix_of_low_rank_breaks_down_and_is_left_to_arpack(monkeypatch):
    low = sparse.csr_array(np.kron(np.eye(2), np.ones((300, 300))))
    with pytest.raises(Breakdown):
        block_krylov(low, 4, np.random.default_rng(0), dtype="float64", tol=1e-6)
    monkeypatch.setattr(theory.analysis.eigenpairs, "WORTH", 0)
    found = embed(low, 4, tol=1e-6)
    assert found.eigenvalues == pytest.approx([300, 300]) and found.n_cut == 2


def test_embed_takes_the_block_method_and_keeps_its_promise(monkeypatch):
    monkeypatch.setattr(theory.analysis.eigenpairs, "WORTH", 0)
    a = graph(2000)
    loose = embed(a, 6, dtype="float32", tol=1e-4)
    assert loose.residuals.max() <= 1e-4
    assert loose.eigenvalues == pytest.approx(embed(a, 6).eigenvalues, rel=1e-4)
    assert np.array_equal(loose.basis, embed(a, 6, dtype="float32", tol=1e-4).basis)


@pytest.mark.parametrize(
    ("n", "rank", "dtype", "tol", "chosen"),
    [
        (12_500, 64, "float64", 1e-8, "block"),  # n rank^2 is above 5e7
        (12_500, 64, "float32", 1e-4, "block"),
        (12_500, 64, "float32", 1e-7, "ARPACK"),  # a residual that single precision does not reach
        (12_500, 64, "float64", 1e-12, "ARPACK"),
        (12_500, 64, "float64", 0.0, "ARPACK"),
        (12_000, 64, "float64", 1e-8, "ARPACK"),  # too small to repay it
        (100_000, 16, "float64", 1e-4, "ARPACK"),  # and too few eigenpairs
        (
            1000,
            250,
            "float64",
            1e-4,
            "ARPACK",
        ),  # a basis of three times the rank would hold most of the space
    ],
)
def test_embed_chooses_the_solver_by_tolerance_and_size(n, rank, dtype, tol, chosen, monkeypatch):
    class Chosen(Exception):
        pass

    def stand_in(name):
        def solve(*args, **keywords):
            raise Chosen(name)

        return solve

    monkeypatch.setattr(theory.analysis.eigenpairs, "block_krylov", stand_in("block"))
    monkeypatch.setattr(theory.analysis.eigenpairs, "eigsh", stand_in("ARPACK"))
    with pytest.raises(Chosen, match=chosen):
        embed(sparse.eye_array(n, format="csr"), rank, dtype=dtype, tol=tol)


def test_a_tight_tolerance_is_reached_and_reported(monkeypatch):
    """12 of 16 values lie in the bulk; at 1e-8 values are those of full accuracy, since they err by the residual's square."""
    rng = np.random.default_rng(0)
    model = dcbm(3000, 3, heterogeneity=LogNormal(0.5), mean_degree=12, mixing=0.2, rng=rng)
    a = sparse.csr_array(sample_graph(model, rng, law="poisson"), dtype=np.float64)
    full = embed(a, 16)
    monkeypatch.setattr(theory.analysis.eigenpairs, "WORTH", 0)
    monkeypatch.setattr(theory.analysis.eigenpairs, "eigsh", None)
    tight = embed(a, 16, tol=1e-8)
    assert tight.eigenvalues == pytest.approx(full.eigenvalues, rel=1e-10)
    attained = np.linalg.norm(a @ tight.basis - tight.basis * tight.eigenvalues, axis=0) / np.abs(
        tight.eigenvalues
    )
    assert 0 < attained.max() <= 1e-8 and tight.residuals == pytest.approx(attained, rel=1e-3)
    assert np.array_equal(embed(a, 16, tol=1e-8).basis, tight.basis)


def test_a_graph_without_a_gap_reaches_the_tolerance_in_bounded_work(monkeypatch):
    """Mean degree 20, 20 of 40 values in the bulk: products are counted, not time."""
    rng = np.random.default_rng(0)
    model = dcbm(5000, 20, heterogeneity=LogNormal(0.5), mean_degree=20, rng=rng)
    a = sample_graph(model, rng, law="poisson")
    products = []

    def counted(operator):
        add = product(operator)
        return lambda x, y, scale: (products.append(x.shape[1]), add(x, y, scale))[1]

    estimates, tests = [], []
    estimate, converged = State.estimate, block_krylov_rounds.converged
    monkeypatch.setattr(theory.analysis.largest_eigenpairs, "product", counted)
    monkeypatch.setattr(State, "estimate", lambda *given: estimates.append(estimate(*given)) or estimates[-1])
    monkeypatch.setattr(block_krylov_rounds, "converged", lambda *given: tests.append(1) or converged(*given))
    values, basis = block_krylov(a, 40, np.random.default_rng(0), dtype="float32", tol=1e-4)
    residuals = np.linalg.norm(a @ basis - basis * values, axis=0) / np.abs(values)
    assert residuals.max() <= 1.05e-4
    assert basis.T @ basis == pytest.approx(np.eye(40), abs=1e-4)
    assert sum(products) < 1500  # 1,176
    # the estimate without products is of the order of the true residual, so that few true ones are computed in vain
    assert residuals.max() / 2 <= estimates[-1] <= 4 * residuals.max()
    assert len(tests) < len(estimates)


@pytest.mark.parametrize(
    ("dtype", "tol", "times"), [("float64", 1e-8, 30), ("float64", 1e-8, 300), ("float32", 1e-4, 10)]
)
def test_a_few_eigenvalues_far_above_the_others_do_not_keep_these_from_converging(
    dtype, tol, times, monkeypatch
):
    """Three are so many times the edge of the bulk; where a filter enlarges them too much, 100 restarts do not suffice."""
    monkeypatch.setattr(block_krylov_rounds, "RESTARTS", 12)
    n, rank, rng = 1200, 24, np.random.default_rng(0)
    noise = sparse.random_array((n, n), density=0.01, rng=rng, data_sampler=rng.standard_normal)
    bulk = sparse.csr_array((noise + noise.T) / np.sqrt(8 * 0.01 * n))
    high = np.linalg.qr(rng.standard_normal((n, 3)))[0]
    whole = (bulk.toarray() + times * high @ np.diag([1.0, 0.9, 0.8]) @ high.T).astype(dtype)
    values, basis = block_krylov(
        aslinearoperator(whole), rank, np.random.default_rng(0), dtype=dtype, tol=tol
    )
    dense = np.linalg.eigvalsh(whole.astype(np.float64))
    assert np.abs(values) == pytest.approx(np.sort(np.abs(dense))[: -rank - 1 : -1], rel=tol)
    residual = np.linalg.norm(whole @ basis - basis * values, axis=0) / np.abs(values)
    assert residual.max() <= 1.05 * tol


def test_the_first_cut_lies_among_the_leading_eigenvalues():
    """The Ritz values of a few blocks say how many eigenvalues lie above a magnitude, well below the number of dimensions."""
    values = np.r_[np.linspace(30, 20, 10), np.random.default_rng(0).uniform(-10, 10, 3990)]
    basis = np.linalg.qr(np.random.default_rng(1).standard_normal((4000, 16)))[0]
    for _ in range(5):  # a block Krylov space of 96 dimensions
        new = values[:, None] * basis[:, -16:]
        basis = np.hstack([basis, np.linalg.qr(new - basis @ (basis.T @ new))[0]])
    ritz, vectors = np.linalg.eigh(basis.T @ (values[:, None] * basis))
    order = np.argsort(-np.abs(ritz))
    cut = block_krylov_rounds.first_cut(ritz[order], vectors[:, order], 4000, 40)
    # 40 asked for: ten lie above 20, so the cut must be within the bulk, and not far from its edge
    assert 5 < cut < 10


def test_products_on_threads_are_products():
    rng = np.random.default_rng(0)
    a = sparse.random_array((300, 300), density=0.05, format="csr", rng=rng)
    a = sparse.csr_array(
        sparse.diags_array(np.r_[np.ones(17), np.zeros(43), np.ones(240)]) @ a
    )  # 43 rows without entries
    x = rng.standard_normal((300, 7))
    for operator in (a, aslinearoperator(a)):
        y = np.ones((300, 7))
        product(operator)(x, y, 2.0)
        assert np.allclose(y, 1 + 2 * (a @ x), atol=1e-12)
