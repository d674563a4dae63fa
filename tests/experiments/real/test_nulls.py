"""A null keeps what its table says, and nothing of the communities."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.real.nulls import KINDS, NULLS, null_of, permuted_ppmi


def test_each_kind_has_its_null_in_words():
    assert set(NULLS) == set(KINDS)


def test_a_graph_keeps_its_degrees():
    graph = sparse.csr_array(np.kron(np.eye(3), np.ones((8, 8)) - np.eye(8)))
    null = null_of(graph, "graph", np.random.default_rng(0))
    assert null.sum(axis=1).tolist() == graph.sum(axis=1).tolist() and (null != graph).nnz


def test_an_eigenvalue_that_heavy_nodes_make_is_no_communitys():
    """Weights of nodes without communities: the null has a second eigenvalue as large as the graph's, in any unit."""
    rng = np.random.default_rng(3)
    heavy = rng.lognormal(0, 0.8, 120)
    edges = np.triu(rng.random((120, 120)) < 0.15, 1)
    weights = np.where(edges, np.outer(heavy, heavy) * rng.gamma(8, 1 / 8, (120, 120)), 0.0)
    graph = sparse.csr_array(weights + weights.T)
    second = {
        unit: [
            abs(theory.embed(null_of(unit * graph, "graph", np.random.default_rng(k)), 2).eigenvalues[1])
            for k in range(10)
        ]
        for unit in (1, 100)
    }
    assert max(second[1]) > abs(theory.embed(graph, 2).eigenvalues[1])
    np.testing.assert_allclose(second[100], 100 * np.array(second[1]))


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
