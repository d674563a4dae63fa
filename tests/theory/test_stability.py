import numpy as np
import pytest
from scipy import sparse

from simulate import BlockModel, LogNormal, dcbm, sample_graph, sbm
from theory import RowCovariance, embed, row_covariance
from theory.analysis.stability import (
    align,
    predicted_overlap,
    predicted_stability,
    stability,
    thinned_snapshots,
)


def test_overlap_and_jaccard_against_sets():
    rng = np.random.default_rng(0)
    a = rng.standard_normal((60, 3))
    b = a + 0.3 * rng.standard_normal((60, 3))
    got = stability(a, b, 7, rng=rng, n_quantiles=3, n_queries=60)
    order = np.argsort((a**2).sum(1), kind="stable")
    for number, part in enumerate(np.array_split(order, 3)):
        o = []
        for i in part:
            s, t = (set([j for j in np.argsort(-(x @ x[i]), kind="stable") if j != i][:7]) for x in (a, b))
            o.append((len(s & t) / 7, len(s & t) / len(s | t)))
        assert got.overlap[number] == pytest.approx(np.mean(o, axis=0)[0])
        assert got.jaccard[number] == pytest.approx(np.mean(o, axis=0)[1])


def test_authors_measure_counts_the_query_itself():
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 50, 4))
    got = stability(a, b, 1, rng=rng, similarity="cosine", within_part=True, include_query=True)
    assert got.overlap.tolist() == [1.0] * 5  # at k = 1 the only neighbour is the query, whatever the data


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


def test_errors():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="share items"):
        align(["a"], ["b"])
    with pytest.raises(ValueError, match="unique"):
        align(["a", "a"], ["a"])
    with pytest.raises(ValueError, match="k must be"):
        stability(np.eye(10), np.eye(10), 2, rng=rng, within_part=True)
    with pytest.raises(ValueError, match="same items"):
        stability(np.eye(10), np.eye(9), 2, rng=rng)
    with pytest.raises(ValueError, match="keep"):
        predicted_stability(sbm(50, 2, mean_degree=10, rng=rng), 0.0, 5, rng=rng)
    noise = row_covariance(sbm(50, 2, mean_degree=10, rng=rng), law="poisson")
    with pytest.raises(ValueError, match="vectors must match"):
        thinned_snapshots(np.eye(2), noise, 0.5, rng)


def snapshots(model, keep, rng):
    """Embeddings (reference, later) of a sampled graph, the reference with every edge kept with probability `keep`."""
    later = sparse.triu(sample_graph(model, rng=rng, law="poisson"), 1).tocoo()
    kept = rng.binomial(later.data.astype(int), keep).astype(float)
    shape = (model.n_nodes, model.n_nodes)
    graphs = [
        sparse.csr_array((w, (later.row, later.col)), shape=shape) for w in (kept, later.data.astype(float))
    ]
    return [embed(g + g.T, model.n_blocks).vectors() for g in graphs]


@pytest.mark.parametrize(
    ("degree", "keep", "trusted"), [(100, 0.8, True), (100, 0.5, True), (30, 0.5, False)]
)
def test_the_prediction_says_where_it_holds_for_the_top_quintile(degree, keep, trusted):
    # deterministic at its seeds; population rows and covariances share no code with sampling
    rng = np.random.default_rng(0)
    model = dcbm(3000, 6, mean_degree=degree, heterogeneity=LogNormal.from_cv(0.8), rng=rng)
    options = {"n_queries": 200, "within_part": True}
    one = stability(*snapshots(model, keep, rng), 30, rng=np.random.default_rng(1), **options).overlap
    predicted = predicted_stability(model, keep, 30, rng=np.random.default_rng(1), **options)
    assert predicted.trusted == trusted
    assert one[4] > one[:4].max() + 0.05
    if trusted:
        assert one[4] == pytest.approx(predicted.stability.overlap[4], abs=0.05)
    else:
        assert "edges away" in predicted.caveat


@pytest.mark.parametrize("similarity", ["dot", "cosine"])
def test_rows_without_a_direction_in_either_snapshot_are_left_out(similarity):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 60, 3))
    options = {"similarity": similarity, "n_quantiles": 2, "n_queries": 60}
    plain = stability(x, y, 4, rng=np.random.default_rng(1), **options)
    some = np.zeros((3, 3))
    padded = np.vstack([x, some, y[:2]]), np.vstack([y, x[:3], np.zeros((2, 3))])
    found = stability(*padded, 4, rng=np.random.default_rng(1), **options)
    assert found.n_zero == 5 and plain.n_zero == 0
    np.testing.assert_array_equal(found.overlap, plain.overlap)
    with pytest.raises(ValueError, match="k must be an integer from 1 to 59"):
        stability(*padded, 60, rng=rng, similarity=similarity, n_quantiles=1)


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
