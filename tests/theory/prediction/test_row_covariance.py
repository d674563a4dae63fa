"""Covariances of rows against dense products, and the rows drawn from them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from theory import expected_squared_sine, row_covariance

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, model_of


@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
@pytest.mark.parametrize(("name", "law"), CASES)
def test_row_covariances_are_those_of_the_noise_times_the_eigenvectors(name, law, scaling):
    model = model_of(name, n=60)
    p, v = dense(model, law)
    lam, u = np.linalg.eigh(p)
    order = np.argsort(-np.abs(lam))[:2]
    lam, u = lam[order], u[:, order]
    u *= np.sign((u * model.spectrum()[1][:, :2]).sum(axis=0))  # eigenvectors are known up to sign
    m = u * np.abs(lam) ** {"unit": 0, "half": 0.5, "full": 1}[scaling] / lam
    ours = row_covariance(model, scaling=scaling, law=law, rank=2)
    for i in (0, 17, 59):
        theirs = (m.T * v[i]) @ m
        np.testing.assert_allclose(ours.of(i), theirs, atol=1e-10 * np.abs(theirs).max())
    np.testing.assert_allclose(ours.traces(), [np.trace(ours.of(i)) for i in range(60)], rtol=1e-10)


@pytest.mark.parametrize("law", ["poisson", "bernoulli"])
def test_draws_have_their_covariance(law):
    # 40,000 draws of one row: each entry of the sample covariance has a standard error below .011 of the trace; 6 of them
    # are allowed, a false alarm of 2e-9 an entry, 8 entries
    model = model_of("indefinite", n=60)
    covariance = row_covariance(model, law=law, rank=2)
    many = type(covariance)(
        covariance.first, covariance.second, np.full(40_000, 0.9), np.ones(40_000, dtype=int)
    )
    drawn = many.draw(np.random.default_rng(0))
    expected = 0.9 * covariance.first[1] - 0.81 * covariance.second[1]
    assert np.abs(drawn.T @ drawn / 40_000 - expected).max() < 6 * 0.011 * np.trace(expected)


@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
@pytest.mark.parametrize(("name", "law"), CASES)
def test_the_expected_squared_sine_is_the_noise_across_the_ray_over_all_of_the_row(name, law, scaling):
    """T / (|x|^2 + tr C), T = tr C - d'Cd, with C_i the dense covariance of row i and d the direction of x_i."""
    model = model_of(name, n=60)
    p, v = dense(model, law)
    lam, u = np.linalg.eigh(p)
    order = np.argsort(-np.abs(lam))[:2]
    lam, u = lam[order], u[:, order]
    x = u * np.abs(lam) ** {"unit": 0, "half": 0.5, "full": 1}[scaling]
    m = x / lam
    expected = []
    for row, variances in zip(x, v):
        covariance, d = (m.T * variances) @ m, row / np.linalg.norm(row)
        expected.append((np.trace(covariance) - d @ covariance @ d) / (row @ row + np.trace(covariance)))
    found = expected_squared_sine(model, law=law, scaling=scaling, rank=2)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
