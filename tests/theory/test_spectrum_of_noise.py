"""The quadratic vector equation, outliers and covariances against dense linear algebra that shares no code with them."""

import numpy as np
import pytest

from simulate import BlockModel, sample_graph
from theory import embed, outliers, row_covariance, spectral_edge, visibility
from theory.quadratic_vector_equation import noise_levels, resolvent_diagonal, solve, solve_complex
from theory.variance_profile import FINE, variance_profile

AFFINITIES = {
    "assortative": [[0.9, 0.1, 0.2], [0.1, 0.5, 0.1], [0.2, 0.1, 0.7]],
    "indefinite": [[0.1, 0.8, 0.6], [0.8, 0.2, 0.7], [0.6, 0.7, 0.05]],
    "rank two": np.outer([0.3, 0.5, 0.8], [0.3, 0.5, 0.8]) + 0.2 * np.outer([1, 0, 1], [1, 0, 1]),
}
CASES = [(name, law) for name in AFFINITIES for law in ("poisson", "bernoulli")]


def model_of(name, n=240, seed=3):
    rng = np.random.default_rng(seed)
    theta = np.minimum(rng.lognormal(-0.5, 0.4, n), 1.0)
    return BlockModel(theta, rng.integers(0, 3, n), AFFINITIES[name])


def dense(model, law):
    """P and the variances of its entries, both n x n."""
    theta, z = model.propensities, model.labels
    p = np.outer(theta, theta) * np.asarray(model.affinity)[np.ix_(z, z)]
    return p, p if law == "poisson" else p * (1 - p)


def dense_resolvent(v, z):
    """g by plain iteration on n numbers."""
    g = np.full(len(v), 1.0 / z, dtype=complex)
    for _ in range(4000):
        g = 0.5 * g + 0.5 / (z - v @ g)
    return g


@pytest.mark.parametrize(("name", "law"), CASES)
def test_resolvents_on_and_off_the_real_line(name, law):
    model = model_of(name)
    profile, (_, v) = variance_profile(model, law), dense(model, law)
    edge = spectral_edge(model, law)
    outside = solve(profile, 1.3 * edge)
    np.testing.assert_allclose(
        resolvent_diagonal(profile, outside), dense_resolvent(v, 1.3 * edge).real, rtol=1e-9
    )
    z = complex(0.6 * edge, 0.05 * edge)
    inside = 1 / (z - profile.spread(solve_complex(profile, z)))
    np.testing.assert_allclose(inside, dense_resolvent(v, z), rtol=1e-7)
    # just inside the edge the density is positive, just outside it is not
    tiny = 1e-5 * edge
    levels = [-(dense_resolvent(v, complex(x, tiny)).imag.mean()) for x in (0.98 * edge, 1.02 * edge)]
    assert levels[0] > 20 * levels[1]


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
    np.testing.assert_allclose(found.damping(), found.eigenvalues - v @ g, rtol=1e-7)
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


@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
@pytest.mark.parametrize(("name", "law"), CASES)
def test_row_covariances_are_those_of_the_noise_times_the_eigenvectors(name, law, scaling):
    model = model_of(name, n=60)
    p, v = dense(model, law)
    lam, u = np.linalg.eigh(p)
    order = np.argsort(-np.abs(lam))[:2]
    lam, u = lam[order], u[:, order]
    m = u * np.abs(lam) ** {"unit": 0, "half": 0.5, "full": 1}[scaling] / lam
    ours = row_covariance(model, scaling=scaling, law=law, rank=2)
    for i in (0, 17, 59):
        theirs = (m.T * v[i]) @ m
        # eigenvectors are known up to sign
        np.testing.assert_allclose(np.abs(ours.of(i)), np.abs(theirs), atol=1e-10 * np.abs(theirs).max())
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


def test_a_detached_hub_opens_a_gap_where_a_community_still_shows():
    # one hub of degree about 1,000 in a sea of 40 moves the edge from 13 to 35 and hides an eigenvalue at 15
    n = 5000
    theta = np.ones(n)
    theta[0] = 25.0
    model = BlockModel(theta, np.arange(n) % 2, np.array([[1.3, 0.7], [0.7, 1.3]]) * 40 / n)
    assert visibility(model, "poisson")[1] < 1
    found = outliers(model, "poisson")
    assert found.eigenvalues[-1] == pytest.approx(15.14, abs=0.01)
    assert found.hubs_above.tolist() == [0, 1, 1, 1]
    graph = sample_graph(model, np.random.default_rng(0), law="poisson", loops=True, dtype=np.float64)
    sampled = embed(graph, 4)
    _, basis = model.spectrum()
    np.testing.assert_allclose(sampled.eigenvalues, found.eigenvalues, rtol=0.06)
    assert sampled.eigenvalues[-1] == pytest.approx(found.eigenvalues[-1], rel=0.02)
    overlap = np.square(basis.T @ sampled.basis[:, -1]).sum()
    assert overlap == pytest.approx(found.overlaps[-1], abs=0.06)


def test_noise_levels_are_the_quantiles_of_sampled_noise():
    rng = np.random.default_rng(0)
    model = BlockModel(np.ones(1500), np.zeros(1500, dtype=int), [[0.03]])
    profile = variance_profile(model, "poisson")
    levels = noise_levels(profile, spectral_edge(model, "poisson"), 200)
    graph = sample_graph(model, rng, law="poisson", loops=True).toarray()
    magnitudes = np.sort(np.abs(np.linalg.eigvalsh(graph - 0.03)))[::-1][:200]
    assert np.abs(levels[10:] / magnitudes[10:] - 1).max() < 0.03


def test_cells_stand_for_many_nodes():
    rng = np.random.default_rng(1)
    n = FINE + 1000
    theta = np.minimum(rng.pareto(2.5, n) + 1, 60.0)
    model = BlockModel(theta, rng.integers(0, 3, n), np.array([[3, 1, 1], [1, 3, 1], [1, 1, 3]]) * 6 / n)
    profile = variance_profile(model, "bernoulli")
    cells = profile.condensed()
    assert len(cells.counts) < 4000 and cells.counts.sum() == n
    whole = spectral_edge(model, "bernoulli", profile=profile)
    assert spectral_edge(model, "bernoulli", profile=cells) == pytest.approx(whole, rel=1e-4)


def test_p_above_one_is_refused():
    with pytest.raises(ValueError, match="P must be at most 1"):
        outliers(BlockModel(np.full(10, 2.0), np.zeros(10, dtype=int), [[0.5]]))
