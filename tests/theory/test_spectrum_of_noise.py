"""The quadratic vector equation, outliers and covariances against dense linear algebra that shares no code with them."""

import numpy as np
import pytest

from simulate import BlockModel, Pareto, dcbm, sample_graph, sbm
from theory import (
    embed,
    outliers,
    predicted_spikiness,
    row_covariance,
    spectral_edge,
    surrogate,
    visibility,
)
from theory.kernels.resolvent_sums import NONZERO, POSITIVE, UPPER
from theory.prediction.collinear_share import _gaussian, _local, _partners
from theory.prediction.edge import (
    GAP_POINTS,
    gaps,
    noise_levels,
    resolvent_diagonal,
    solve,
    solve_complex,
    solve_near,
)
from theory.prediction.variances import FINE, variance_profile

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
@pytest.mark.parametrize("z", [40.0, complex(3.0, 0.5)])
def test_one_pass_gives_the_sums_and_their_derivative(name, law, z):
    """The derivative of the sums in h, by central differences of the sums themselves."""
    profile, rng = variance_profile(model_of(name), law), np.random.default_rng(4)
    h = rng.uniform(0, 0.1, profile.n_unknowns) * (1 if isinstance(z, float) else -1j)
    sums, jacobian = profile.newton(h, z, POSITIVE if isinstance(z, float) else UPPER)
    np.testing.assert_allclose(sums, profile.sums(1 / (z - profile.spread(h))), rtol=1e-12)
    for k, direction in enumerate(1e-4 * np.eye(len(h))):
        ends = [profile.sums(1 / (z - profile.spread(h + side * direction))) for side in (1, -1)]
        np.testing.assert_allclose(
            jacobian[:, k], (ends[0] - ends[1]) / 2e-4, rtol=1e-5, atol=1e-6 * np.abs(jacobian).max()
        )


@pytest.mark.parametrize(
    ("z", "h", "side", "exists"),
    [
        (2.0, 1.0, POSITIVE, True),
        (1.0, 1.0, POSITIVE, False),
        (0.5, 1.0, POSITIVE, False),
        (0.5, 1.0, NONZERO, True),
        (1.0, 1.0, NONZERO, False),
        (1j, -1j, UPPER, True),
        (1j, 1j, UPPER, False),
        (1j, 2j, UPPER, False),
    ],
)
def test_a_pass_ends_where_the_resolvent_leaves_its_side(z, h, side, exists):
    profile = variance_profile(BlockModel([1.0], [0], [[1.0]]), "poisson")
    assert (profile.newton(np.array([h]), z, side) is not None) == exists


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
    assert found.hubs_above.tolist() == [0, 1, 1, 1] and found.places.tolist() == [0, 1, 2, 3]
    assert found.n_visible == 2 and found.n_directions == 2
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


def test_a_model_without_edges_has_no_outliers_and_an_empty_resolvent():
    found = outliers(BlockModel(np.ones(4), [0, 0, 1, 1], np.zeros((2, 2))))
    assert found.n_visible == 0 and found.resolvent().shape == (4, 0)


def with_a_loud_loop(n=240):
    """All pairs have P <= 1 and one node has P_ii = 2.9."""
    theta = np.r_[1.7, np.full(n - 1, 0.3)]
    return BlockModel(theta, np.arange(n) % 2, [[1.0, 0.4], [0.4, 1.0]])


def test_a_diagonal_above_one_counts_as_no_edge():
    model = with_a_loud_loop()
    _, v = dense(model, "bernoulli")
    v[0, 0] = 0.0
    profile, edge = variance_profile(model, "bernoulli"), spectral_edge(model, "bernoulli")
    x = np.random.default_rng(0).standard_normal(len(v))
    np.testing.assert_allclose(profile.apply(x), v @ x, rtol=1e-10, atol=1e-12)
    outside = solve(profile, 1.2 * edge)
    np.testing.assert_allclose(
        resolvent_diagonal(profile, outside), dense_resolvent(v, 1.2 * edge).real, rtol=1e-9
    )
    z = complex(0.6 * edge, 0.05 * edge)
    inside = 1.0 / (z - profile.spread(solve_complex(profile, z)))
    np.testing.assert_allclose(inside, dense_resolvent(v, z), rtol=1e-7)
    found = outliers(model, "bernoulli")
    moments = found.moments()
    g, b = found.resolvent(), found.means() / found.resolvent()
    for k in range(len(found.eigenvalues)):
        weight = g[:, k] ** 2
        direct = np.linalg.solve(np.eye(len(v)) - weight[:, None] * v, weight * b[:, k] ** 2)
        np.testing.assert_allclose(moments[:, k, k], direct, rtol=1e-8)
        assert direct.sum() == pytest.approx(1.0)


def test_heavy_tails_at_the_limit_of_bernoulli_edges_are_predicted():
    for seed in range(3, 6):
        rng = np.random.default_rng(seed)
        model = dcbm(1500, 2, heterogeneity=Pareto(2.2, maximum=60.0), mean_degree=10, rng=rng)
        scale = 0.99 / model.largest_probability().probability
        model = BlockModel(model.propensities, model.labels, model.affinity * min(scale, 1.0))
        found = outliers(model, "bernoulli")
        assert np.isfinite(found.eigenvalues).all() and np.isfinite(found.moments()).all()


def test_a_hub_adds_an_outlier_and_no_direction():
    model = sbm(1500, 2, mean_degree=15, mixing=0.95, rng=np.random.default_rng(0))
    theta = model.propensities.copy()
    theta[0] = 400 / 15
    loud = outliers(BlockModel(theta, model.labels, model.affinity), "poisson")
    assert len(loud.eigenvalues) > 1 and loud.n_visible == 1
    assert outliers(model, "poisson").n_visible == 1


def test_where_nothing_stands_out_nothing_is_drawn():
    rng = np.random.default_rng(0)
    model = sbm(300, 2, mean_degree=0.5, rng=rng)
    assert outliers(model, "poisson").moments().shape == (300, 0, 0)
    assert surrogate(model, rng, law="poisson").shape == (300, 0)
    assert predicted_spikiness(model, [2], rng, law="poisson").n_visible == 0


def test_probabilities_next_to_one_are_refused_in_words():
    for p in (1 - 1e-5, 1.0):
        with pytest.raises(ValueError, match="noise of the model must be resolved"):
            outliers(BlockModel(np.ones(500), np.zeros(500, int), [[p]]), "bernoulli")


def test_the_resolvents_of_a_gap_are_no_farther_apart_than_the_search():
    theta = np.r_[np.ones(400), 12.0]
    model = BlockModel(theta, np.zeros(401, int), [[0.05]])
    profile = variance_profile(model, "poisson").condensed()
    edge = spectral_edge(model, "poisson")
    for gap in gaps(profile, edge):
        z = np.array([one.z for one in gap])
        assert (np.diff(z) >= 0).all() and np.diff(z).max() <= 1.01 * 0.9 * edge / (GAP_POINTS - 1)
        assert solve_near(profile, float(z.mean()), gap[:1]).stable


def test_the_resummed_covariance_has_the_bernoulli_term_under_bernoulli_only():
    model = BlockModel(np.ones(80), np.repeat([0, 1], 40), [[0.8, 0.1], [0.1, 0.7]])
    bernoulli, poisson = (_partners(outliers(model, law)) for law in ("bernoulli", "poisson"))
    assert bernoulli.second.any() and not poisson.second.any()
    assert np.trace(bernoulli.first[0] - bernoulli.second[0]) < np.trace(bernoulli.first[0])


def test_a_surrogate_finds_its_outliers_itself_or_takes_those_it_is_given():
    model = BlockModel(np.ones(120), np.repeat([0, 1], 60), [[0.4, 0.1], [0.1, 0.4]])
    found = outliers(model)
    own = surrogate(model, np.random.default_rng(0))
    assert np.array_equal(own, surrogate(model, np.random.default_rng(0), found=found))


@pytest.mark.parametrize("law_of_rows", [_gaussian, _local])
@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
def test_rows_by_either_law_are_the_population_on_average(scaling, law_of_rows):
    model = BlockModel(np.ones(60), np.repeat([0, 1], 30), [[0.6, 0.1], [0.1, 0.5]])
    lam, u = model.spectrum()
    rng = np.random.default_rng(0)
    drawn = np.mean([law_of_rows(model, rng, "bernoulli", scaling, 2) for _ in range(400)], axis=0)
    expected = u * np.abs(lam) ** {"unit": 0.0, "half": 0.5, "full": 1.0}[scaling]
    # a row strays by about 1 / sqrt(degree) = 0.2 of its length; 400 draws and the largest of 120 entries leave 0.05
    assert np.abs(drawn - expected).max() < 0.15 * np.abs(expected).max()


def test_a_gap_that_reaches_zero_ends_there_and_not_beyond():
    """A sea of 600 and 20 nodes joined across only: singular values of a 20 x 600 matrix, sqrt(v) (sqrt(600) -+ sqrt(20))."""
    model = BlockModel(np.ones(620), np.repeat([0, 1], [20, 600]), [[0, 0.5], [0.5, 0]])
    edge = spectral_edge(model, "poisson")
    assert edge == pytest.approx(np.sqrt(0.5) * (np.sqrt(600) + np.sqrt(20)), rel=0.01)
    (gap,) = gaps(variance_profile(model, "poisson").condensed(), edge)
    assert 0 < gap[0].z < 0.02 * edge
    assert gap[-1].z == pytest.approx(np.sqrt(0.5) * (np.sqrt(600) - np.sqrt(20)), rel=0.01)
