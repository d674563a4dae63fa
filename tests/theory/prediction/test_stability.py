"""Predicted stability: the boundary formula, the surrogate of thinning, and sampled graphs."""

import numpy as np
import pytest

from simulate import BlockModel, LogNormal, dcbm, sample_graph, sbm, thin_graph
from theory import (
    RowCovariance,
    embed,
    predicted_overlap,
    predicted_stability,
    row_covariance,
    stability,
    thinned_snapshots,
)


def test_boundary_formula_by_monte_carlo():
    # exponential scores have hazard 1 everywhere; m = 200,000: standard error of the mean overlap below .003
    rng = np.random.default_rng(2)
    mu = rng.exponential(size=200_000)
    s, k = 0.1, 20_000
    one, two = (set(np.argsort(-(mu + s * rng.standard_normal(mu.size)))[:k]) for _ in range(2))
    assert len(one & two) / k == pytest.approx(predicted_overlap(1.0, s * np.sqrt(2)), abs=0.02)


def test_surrogate_has_the_covariances_of_thinning():
    # each second moment has standard error <= .0064 (2 * 2^2 / n); .05 is over 7 of them: false alarm < 1e-10
    n, c = 200_000, np.array([[2.0, 0.6], [0.6, 1.0]])
    noise = RowCovariance(c[None], np.zeros((1, 2, 2)), np.ones(n), np.zeros(n, dtype=np.int64))
    one, two = thinned_snapshots(np.zeros((n, 2)), noise, 0.3, np.random.default_rng(3))
    assert np.abs(one.T @ one / n - 0.3 * c).max() < 0.05
    assert np.abs(one.T @ two / n - 0.3 * c).max() < 0.05
    assert np.abs(two.T @ two / n - c).max() < 0.05


def snapshots(model, keep, rng):
    """Embeddings (reference, later) of a sampled graph, the reference with every edge kept with probability `keep`."""
    later = sample_graph(model, rng=rng, law="poisson")
    return [embed(graph, model.n_blocks).vectors() for graph in (thin_graph(later, keep, rng), later)]


@pytest.mark.parametrize(
    ("degree", "keep", "trusted"), [(100, 0.8, True), (100, 0.5, True), (30, 0.5, False)]
)
def test_the_prediction_says_where_it_holds_for_the_top_quintile(degree, keep, trusted):
    # deterministic at its seeds; population rows and covariances share no code with sampling
    rng = np.random.default_rng(0)
    model = dcbm(3000, 6, mean_degree=degree, heterogeneity=LogNormal.from_cv(0.8), rng=rng)
    options = {"n_queries": 200, "within_part": True}
    one = stability(*snapshots(model, keep, rng), 30, rng=np.random.default_rng(1), **options).overlap
    predicted = predicted_stability(model, keep, 30, rng=np.random.default_rng(1), law="poisson", **options)
    assert predicted.trusted == trusted
    assert one[4] > one[:4].max() + 0.05
    if trusted:
        assert one[4] == pytest.approx(predicted.stability.overlap[4], abs=0.05)
    else:
        assert "edges away" in predicted.caveat


def test_thinning_has_the_noise_of_edges_that_are_there_whatever_their_law():
    """Variance keep (1 - keep) P, not of P - P^2: where P is near 1, later snapshots hardly vary and thinned ones do."""
    rng = np.random.default_rng(3)
    model = BlockModel(rng.uniform(0.7, 0.95, 40), np.arange(40) % 2, [[1.0, 0.6], [0.6, 1.0]])
    eigenvalues, basis = model.spectrum()
    covariance = row_covariance(model, scaling="full", law="bernoulli")
    draws = []
    for _ in range(2000):
        reference, later = thinned_snapshots(basis * eigenvalues, covariance, 0.8, rng)
        draws.append(reference - 0.8 * later)
    measured = np.var(draws, axis=0).sum(axis=1)
    expected = 0.16 * row_covariance(model, scaling="full", law="poisson").traces()
    # a variance of 2,000 Gaussians is good to sqrt(2 / 2000); 5.5 of that over 40 rows is one alarm in a million
    np.testing.assert_allclose(measured, expected, rtol=5.5 * np.sqrt(2 / 2000))
    assert (measured > 1.3 * 0.16 * covariance.traces()).all()


def test_errors():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="keep"):
        predicted_stability(sbm(50, 2, mean_degree=10, rng=rng), 0.0, 5, rng=rng)
    noise = row_covariance(sbm(50, 2, mean_degree=10, rng=rng), law="poisson")
    with pytest.raises(ValueError, match="vectors must match"):
        thinned_snapshots(np.eye(2), noise, 0.5, rng)
