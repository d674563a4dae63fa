"""Eigenpairs through a polynomial of the matrix: those of ARPACK on the matrix, or none."""

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import eigsh

from simulate import Constant, dcbm, sample_graph
from theory import embed
from theory.analysis.filtered_eigenpairs import filtered_eigenpairs


def graph_without_a_gap(n=3000, mean_degree=12):
    rng = np.random.default_rng(0)
    model = dcbm(n, 3, heterogeneity=Constant(), mean_degree=mean_degree, mixing=0.2, rng=rng)
    return sample_graph(model, rng, dtype=np.float64)


def test_values_and_space_are_those_of_arpack():
    a = graph_without_a_gap()
    values, basis = filtered_eigenpairs(a, 24, np.random.default_rng(0), tol=1e-8)
    expected, theirs = eigsh(a, 24, v0=np.ones(3000), rng=np.random.default_rng(0))
    assert np.sort(values) == pytest.approx(np.sort(expected), rel=1e-12)
    assert np.linalg.norm(a @ basis - basis * values, axis=0).max() < 1e-8 * np.abs(values).min()
    # the last values lie 1e-2 apart or so: vectors are known to the residual over that
    order, other = np.argsort(-np.abs(values))[:20], np.argsort(-np.abs(expected))[:20]
    assert np.linalg.svd(basis[:, order].T @ theirs[:, other], compute_uv=False) == pytest.approx(1, abs=1e-8)


def test_embed_takes_it_at_a_tight_tolerance_alone(monkeypatch):
    import theory.analysis.embedding as room

    asked, filtered = [], room.filtered_eigenpairs
    monkeypatch.setattr(room, "filtered_eigenpairs", lambda *a, **k: asked.append(k) or filtered(*a, **k))
    a = graph_without_a_gap()
    tight = embed(a, 16, tol=1e-8)
    assert len(asked) == 1 and tight.residuals.max() <= 1e-8
    full = embed(a, 16)
    assert len(asked) == 1
    assert tight.eigenvalues == pytest.approx(full.eigenvalues, rel=1e-10)
    again = embed(a, 16, tol=1e-8)
    assert (again.basis == tight.basis).all()


@pytest.mark.parametrize(
    "matrix",
    [
        sparse.csr_array(np.ones((400, 400))),  # products cost more than what they save, and the rank is 1
        sparse.csr_array(
            np.diag(np.r_[1e9, np.linspace(1, 2, 1999)])
        ),  # the first value would drown the others
        sparse.csr_array((2000, 2000)),
    ],
)
def test_where_it_does_not_help_there_is_none(matrix):
    assert filtered_eigenpairs(matrix, 8, np.random.default_rng(0), tol=1e-8) is None
