"""Predicted errors of degrees and biases of norms against dense Monte Carlo (fixed seeds)."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import (
    Embedding,
    degree_error,
    estimate_degrees,
    low_degree_norm_bias,
    row_covariance,
)

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, model_of


def _model(degree, affinity, n=300, seed=2, spread=0.5):
    rng = np.random.default_rng(seed)
    z = np.sort(rng.choice(2, n, p=[0.4, 0.6]))
    m = BlockModel(rng.lognormal(0, spread, n), z, affinity)
    return BlockModel(m.propensities, z, m.affinity * degree / m.expected_degrees(loops=True).mean())


def _dense(m):
    return np.outer(m.propensities, m.propensities) * m.affinity[np.ix_(m.labels, m.labels)]


def _samples(m, law, rank, reps, rng):
    p = _dense(m)
    for _ in range(reps):
        draw = rng.poisson(p) if law == "poisson" else rng.random(p.shape) < p
        a = np.triu(draw) + np.triu(draw, 1).T.astype(float)
        lam, u = np.linalg.eigh(a)
        top = np.argsort(-np.abs(lam))[:rank]
        yield a.sum(axis=1), Embedding(lam[top], u[:, top])


@pytest.mark.parametrize("affinity", ([[1, 0.2], [0.2, 0.6]], [[0.1, 1], [1, 0.3]]))
def test_variance_ratio_and_squared_norms_of_poisson_graphs(affinity):
    m = _model(60, affinity)
    error, d = degree_error(m, law="poisson"), m.expected_degrees(loops=True)
    runs = list(_samples(m, "poisson", 2, 60, np.random.default_rng(3)))
    hats = np.array([estimate_degrees(e) for _, e in runs])
    observed = np.array([o for o, _ in runs])
    ratio = hats.var(axis=0, ddof=1).sum() / observed.var(axis=0, ddof=1).sum()
    assert ratio == pytest.approx(error.variance.sum() / error.variance_observed.sum(), rel=0.05)
    assert ((hats - d) ** 2).mean() == pytest.approx(error.mse.mean(), rel=0.08)
    assert ((hats - observed) ** 2).mean() == pytest.approx(error.mse_observed.mean(), rel=0.08)
    lam, u = m.spectrum()
    low = d < np.quantile(d, 0.25)
    truth = ((u * lam) ** 2).sum(axis=1)
    squares = np.mean([(e.vectors() ** 2).sum(axis=1) for _, e in runs], axis=0)
    assert squares[low].mean() == pytest.approx(
        (truth + low_degree_norm_bias(m, law="poisson"))[low].mean(), rel=0.08
    )


def test_on_a_dense_bernoulli_graph_the_estimate_beats_counting():
    theta = np.where(np.arange(300) % 2, 0.25, 0.99)
    m = BlockModel(theta, np.zeros(300, int), [[1.0]])
    error, d = degree_error(m, law="bernoulli"), m.expected_degrees(loops=True)
    runs = list(_samples(m, "bernoulli", 1, 60, np.random.default_rng(4)))
    mine = np.mean([(estimate_degrees(e) - d) ** 2 for _, e in runs])
    counting = np.mean([(o - d) ** 2 for o, _ in runs])
    assert mine / counting == pytest.approx(error.mse.sum() / error.variance_observed.sum(), rel=0.05)
    assert mine < counting


def test_a_hidden_block_breaks_the_prediction():
    # a weak detached block lies below the edge of the strong one: its degrees are lost, counting keeps them
    m = _model(15, [[1.0, 0.0], [0.0, 0.1]], spread=0.3)
    runs = list(_samples(m, "poisson", 2, 10, np.random.default_rng(5)))
    d, weak = m.expected_degrees(loops=True), m.labels == 1
    mine = np.mean([(estimate_degrees(e) - d)[weak] ** 2 for _, e in runs])
    counting = np.mean([(o - d)[weak] ** 2 for o, _ in runs])
    assert mine > 1.5 * degree_error(m, law="poisson").mse[weak].mean()
    assert mine > 1.5 * counting


def test_a_quiet_block_that_drowns_breaks_the_prediction_and_one_with_the_same_degrees_does_not():
    """Drowned with degrees of its own, a block is missed by far more than the variance; with the others' degrees it is not."""
    for affinity, degree, broken in (
        ([[1.0, 0.05], [0.05, 0.12]], 40, True),
        ([[1.0, 0.95], [0.95, 1.0]], 15, False),
    ):
        m = _model(degree, affinity, spread=0.3)
        quiet = m.labels == 1
        runs = list(_samples(m, "poisson", 2, 10, np.random.default_rng(5)))
        d = m.expected_degrees(loops=True)
        mine = np.mean([(estimate_degrees(e) - d)[quiet] ** 2 for _, e in runs])
        assert (mine > 1.25 * degree_error(m, law="poisson").mse[quiet].mean()) == broken


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="propensities"):
        degree_error(BlockModel([1.0, 0.0], [0, 0], [[1.0]]), law="poisson")
    with pytest.raises(ValueError, match="zero row"):
        degree_error(BlockModel([1.0, 1.0], [0, 1], [[1.0, 0.0], [0.0, 0.0]]), law="poisson")


@pytest.mark.parametrize("predict", [degree_error, low_degree_norm_bias, row_covariance])
def test_bernoulli_edges_with_p_above_one_are_refused(predict):
    model = BlockModel(np.full(20, 2.0), np.zeros(20, int), [[0.5]])
    with pytest.raises(ValueError, match="P must be at most 1 to predict Bernoulli edges; it is 2"):
        predict(model, law="bernoulli")


def test_nothing_is_drawn_on_a_diagonal_above_one():
    theta = np.r_[3.0, np.full(60, 0.3)]
    model = BlockModel(theta, np.zeros(61, int), [[1.0]])
    p = np.outer(theta, theta)
    variance = p * (1 - p)
    variance[0, 0] = 0.0  # P is 9 there
    found = degree_error(model, law="bernoulli")
    np.testing.assert_allclose(found.variance_observed, variance.sum(axis=1), rtol=1e-12)


@pytest.mark.parametrize(("name", "law"), CASES)
def test_the_errors_are_their_formulas_on_dense_matrices(name, law):
    """Second order: (W y)_i + (W^2 q)_i has the variance V y^2 + 2 q (V3 y) + V V q^2; docs/theory.md, section 3.2."""
    model = model_of(name, n=80)
    p, v = dense(model, law)
    third = p if law == "poisson" else p * (1 - p) * (1 - 2 * p)
    lam, u = np.linalg.eigh(p)
    kept = np.argsort(-np.abs(lam))[: np.linalg.matrix_rank(model.affinity)]
    projector = u[:, kept] @ u[:, kept].T
    inverse = (u[:, kept] / lam[kept]) @ u[:, kept].T
    one = np.ones(80)
    y, q = projector @ one, inverse @ one
    twice = v @ v @ q**2
    # the mean of the terms of second order; what is left of W^2 q after projection, and W (1 - y) met again
    bias = (np.eye(80) - projector) @ ((v @ one) * q) + inverse @ ((v @ one) * (1 - y))
    found = degree_error(model, law=law)
    np.testing.assert_allclose(found.variance_first, v @ y**2, rtol=1e-9)
    np.testing.assert_allclose(found.variance, v @ y**2 + 2 * q * (third @ y) + twice, rtol=1e-9)
    np.testing.assert_allclose(found.variance_observed, v @ one, rtol=1e-9)
    np.testing.assert_allclose(found.bias, bias, atol=1e-9 * np.abs(bias).max())
    np.testing.assert_allclose(found.mse, found.variance + bias**2, rtol=1e-9)
    # against the row sum of the same sample: W (y - 1) + W^2 q
    difference = v @ (1 - y) ** 2 - 2 * q * (third @ (1 - y)) + twice
    np.testing.assert_allclose(found.mse_observed, difference + bias**2, rtol=1e-8)
