"""A null keeps what its table says, and nothing of the communities."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.real.nulls import KINDS, NULLS, null_of, null_to_embed, permuted_ppmi, swapped_edges
from simulate import LogNormal, dcbm, degree_preserving, sample_graph


def test_each_kind_has_its_null_in_words():
    assert set(NULLS) == set(KINDS)


def test_a_graph_keeps_its_degrees():
    graph = sparse.csr_array(np.kron(np.eye(3), np.ones((8, 8)) - np.eye(8)))
    null = null_of(graph, "graph", np.random.default_rng(0))
    assert null.sum(axis=1).tolist() == graph.sum(axis=1).tolist() and (null != graph).nnz


def test_weights_follow_their_nodes():
    rng = np.random.default_rng(3)
    heavy = rng.lognormal(0, 0.8, 120)
    edges = np.triu(rng.random((120, 120)) < 0.15, 1)
    left = np.triu(rng.gamma(8, 1 / 8, (120, 120)), 1)
    weights = np.where(edges, np.outer(heavy, heavy) * left, 0.0)
    graph = sparse.csr_array(weights + weights.T)
    drawn = [swapped_edges(graph, np.random.default_rng(seed)) for seed in range(60)]
    plain = [degree_preserving(graph, np.random.default_rng(seed)) for seed in range(60)]
    sums = graph.sum(axis=1)
    assert all(
        (np.diff(one.indptr) == np.diff(graph.indptr)).all() and not (one != one.T).nnz for one in drawn
    )
    kept, lost = (np.corrcoef(sum(one.sum(axis=1) for one in draws), sums)[0, 1] for draws in (drawn, plain))
    assert kept > 0.9 > lost
    # the eigenvalue that heavy nodes make is theirs, and not a community's
    second = [abs(theory.embed(one, 2).eigenvalues[1]) for one in drawn[:10]]
    moved = [abs(theory.embed(one, 2).eigenvalues[1]) for one in plain[:10]]
    real = abs(theory.embed(graph, 2).eigenvalues[1])
    assert min(second) < real < max(second) and max(moved) < real
    # in any unit
    np.testing.assert_allclose(
        (swapped_edges(100 * graph, np.random.default_rng(0)) - 100 * drawn[0]).data, 0, atol=1e-7
    )


def test_equal_weights_counts_of_edges_and_signed_weights_move_as_they_are():
    rng = np.random.default_rng(4)
    counts = sample_graph(
        dcbm(80, 2, heterogeneity=LogNormal(0.5), mean_degree=30, rng=rng), rng, law="poisson"
    )
    signed = counts * 1.0
    signed.data -= 2.5
    for graph, operator in ((counts > 0, None), (counts, "non-backtracking"), (signed, None)):
        one = swapped_edges(graph * 1.0, np.random.default_rng(0), operator)
        assert not (one != degree_preserving(graph * 1.0, np.random.default_rng(0))).nnz
    drawn = null_to_embed(counts, "graph", "bethe-hessian")(np.random.default_rng(0))
    assert (drawn.data % 1 == 0).all() and drawn.nnz == counts.nnz
    before = counts.copy()
    assert (null_of(counts, "graph", np.random.default_rng(0)).data % 1 != 0).any() and not (
        counts != before
    ).nnz


def test_an_embedding_keeps_its_norms_and_loses_its_directions():
    rng = np.random.default_rng(0)
    rows = np.repeat(np.eye(8), 40, axis=0) * rng.lognormal(0, 0.5, 320)[:, None]
    null = null_of(rows, "embedding", np.random.default_rng(1))
    np.testing.assert_allclose(np.linalg.norm(null, axis=1), np.linalg.norm(rows, axis=1), rtol=1e-12)
    assert theory.spikiness(null).n_peaks > 3 * theory.spikiness(rows).n_peaks


def test_permuted_ppmi_differs_from_draw_to_draw_and_not_by_its_seed():
    x = (np.random.default_rng(0).random((60, 20)) < 0.3).astype(float)
    draw = permuted_ppmi(x)
    one, again, two = (draw(np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert one.sum() == pytest.approx(again.sum(), rel=0) and one.sum() != two.sum()
