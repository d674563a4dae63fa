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
