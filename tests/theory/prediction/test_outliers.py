"""Outliers against the dense equations, with hubs and heavy tails."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel, Pareto, dcbm, sample_graph, sbm
from theory import embed, outliers, visibility

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, dense_resolvent, model_of


@pytest.mark.parametrize(("name", "law"), CASES)
def test_outliers_solve_the_dense_equations(name, law):
    model = model_of(name)
    p, v = dense(model, law)
    lam, u = np.linalg.eigh(p)
    kept = np.argsort(-np.abs(lam))[: np.linalg.matrix_rank(np.asarray(model.affinity))]
    lam, u = lam[kept], u[:, kept]
    found = outliers(model, law)
    assert found.n_visible >= 1
    g = np.stack([dense_resolvent(v, z).real for z in found.eigenvalues], axis=1)
    np.testing.assert_allclose(found.resolvent(), g, rtol=1e-7)
    for k in range(found.n_visible):
        core = np.eye(len(lam)) - (u.T * g[:, k]) @ u * lam
        assert np.linalg.svd(core)[1][-1] < 1e-7
        a = np.linalg.svd(core)[2][-1]
        b = u @ (lam * a)
        y = np.linalg.solve(np.eye(len(v)) - g[:, k, None] ** 2 * v, (g[:, k] * b) ** 2)
        assert found.overlaps[k] == pytest.approx(a @ a / y.sum(), rel=1e-6)
        np.testing.assert_allclose(found.moments()[:, k, k], y / y.sum(), rtol=1e-6)
        np.testing.assert_allclose(
            np.abs(found.means()[:, k]), np.abs(g[:, k] * b) / np.sqrt(y.sum()), atol=1e-8
        )
    if found.n_visible > 1:
        weight = g[:, 0] * g[:, 1]
        means = found.means()
        source = means[:, 0] * means[:, 1]
        crossed = np.linalg.solve(np.eye(len(v)) - weight[:, None] * v, source)
        np.testing.assert_allclose(found.moments()[:, 0, 1], crossed, atol=1e-8)


def test_a_detached_hub_opens_a_gap_where_a_community_still_shows():
    # one hub of degree about 1,000 in a sea of 40 moves the edge from 13 to 35 and hides an eigenvalue at 15
    n = 5000
    theta = np.ones(n)
    theta[0] = 25.0
    model = BlockModel(theta, np.arange(n) % 2, np.array([[1.3, 0.7], [0.7, 1.3]]) * 40 / n)
    assert visibility(model, "poisson")[1] < 1
    found = outliers(model, "poisson")
    assert found.eigenvalues[-1] == pytest.approx(15.14, abs=0.01)
    assert found.hubs_above.tolist() == [0, 1, 1, 1] and found.places.tolist() == [0, 1, 2, 3]
    assert found.n_visible == 2 and found.n_directions == 2
    graph = sample_graph(model, np.random.default_rng(0), law="poisson", loops=True, dtype=np.float64)
    sampled = embed(graph, 4)
    _, basis = model.spectrum()
    np.testing.assert_allclose(sampled.eigenvalues, found.eigenvalues, rtol=0.06)
    assert sampled.eigenvalues[-1] == pytest.approx(found.eigenvalues[-1], rel=0.02)
    overlap = np.square(basis.T @ sampled.basis[:, -1]).sum()
    assert overlap == pytest.approx(found.overlaps[-1], abs=0.06)


def test_a_hub_adds_an_outlier_and_no_direction():
    model = sbm(1500, 2, mean_degree=15, mixing=0.95, rng=np.random.default_rng(0))
    theta = model.propensities.copy()
    theta[0] = 400 / 15
    loud = outliers(BlockModel(theta, model.labels, model.affinity), "poisson")
    assert len(loud.eigenvalues) > 1 and loud.n_visible == 1
    assert outliers(model, "poisson").n_visible == 1


def test_heavy_tails_at_the_limit_of_bernoulli_edges_are_predicted():
    for seed in range(3, 6):
        rng = np.random.default_rng(seed)
        model = dcbm(1500, 2, heterogeneity=Pareto(2.2, maximum=60.0), mean_degree=10, rng=rng)
        scale = 0.99 / model.largest_probability().probability
        model = BlockModel(model.propensities, model.labels, model.affinity * min(scale, 1.0))
        found = outliers(model, "bernoulli")
        assert np.isfinite(found.eigenvalues).all() and np.isfinite(found.moments()).all()


def test_a_model_without_edges_has_no_outliers_and_an_empty_resolvent():
    found = outliers(BlockModel(np.ones(4), [0, 0, 1, 1], np.zeros((2, 2))))
    assert found.n_visible == 0 and found.resolvent().shape == (4, 0)


def test_probabilities_next_to_one_are_refused_in_words():
    """Where the noise is rounding, a search may end at once or only on the way; both are refused alike."""
    for n in (400, 500, 600):
        for p in (1 - 1e-5, 1.0):
            with pytest.raises(ValueError, match="noise of the model must be resolved"):
                outliers(BlockModel(np.ones(n), np.zeros(n, int), [[p]]), "bernoulli")
