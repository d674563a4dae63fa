"""Samples of bipartite models against their exact laws.

Tolerances are z-scores: |z| < 6 has a false-alarm rate of 2e-9 per comparison, below 1e-6 for a test of 400 of them.
"""

import numba
import numpy as np
import pytest
from scipy import stats

from simulate import BipartiteModel, sample_bipartite


def small(seed=0, m=30, n=20):
    rng = np.random.default_rng(seed)
    return BipartiteModel(
        rng.lognormal(0, 0.5, m),
        rng.integers(0, 2, m),
        rng.lognormal(0, 0.8, n),
        rng.integers(0, 3, n),
        rng.uniform(0, 0.05, (2, 3)),
    )


def dense(model):
    a, b = model.contexts, model.items
    return np.outer(a.propensities, b.propensities) * model.affinity[np.ix_(a.labels, b.labels)]


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_entries_have_their_law(law):
    model, draws = small(3), 4000
    p = dense(model)
    rng = np.random.default_rng(0)
    total, square = np.zeros_like(p), np.zeros_like(p)
    for _ in range(draws):
        x = sample_bipartite(model, rng, law=law).toarray().astype(float)
        total += x
        square += x * x
    variance = p * (1 - p) if law == "bernoulli" else p
    z = (total - draws * p) / np.sqrt(draws * variance + 1e-12)
    # counts of rare pairs are skewed: exact binomial and Poisson tails instead of a normal one
    tail = stats.binom(draws, p) if law == "bernoulli" else stats.poisson(draws * p)
    assert (np.minimum(tail.cdf(total), tail.sf(total - 1)) > 1e-9).all()
    assert abs((z**2).sum() - p.size) < 6 * np.sqrt(p.size * (2 + 1 / (draws * p).min()))
    if law == "bernoulli":
        assert (total == square).all()


def test_variance_of_the_number_of_interactions():
    model, draws = small(4), 4000
    p = dense(model)
    rng = np.random.default_rng(1)
    counts = np.array([sample_bipartite(model, rng).nnz for _ in range(draws)])
    variance = (p * (1 - p)).sum()
    assert abs(counts.var() / variance - 1) < 6 * np.sqrt(2 / draws)
    assert abs(counts.mean() - p.sum()) < 6 * np.sqrt(variance / draws)


def test_same_matrix_for_one_and_two_threads_and_beyond_int32_pairs():
    n = 100_000  # 1e10 pairs
    rng = np.random.default_rng(0)
    model = BipartiteModel(
        rng.pareto(2.5, n) + 1, rng.integers(0, 4, n), np.ones(n), rng.integers(0, 4, n), np.eye(4) * 2e-5
    )
    found = []
    threads = numba.get_num_threads()
    for count in {1, threads}:
        numba.set_num_threads(count)
        found.append(sample_bipartite(model, np.random.default_rng(5)))
    numba.set_num_threads(threads)
    assert (found[0] != found[-1]).nnz == 0
    sd = np.sqrt(model.expected_edges())
    assert abs(found[0].nnz - model.expected_edges()) < 6 * sd
    assert found[0].has_canonical_format
    # edges reach the far corner, so no linear index wrapped
    assert found[0].indices.max() > 0.999 * n
    assert np.diff(found[0].indptr)[-100:].sum() > 0


def test_probabilities_above_one_are_refused_by_name_or_clipped_with_a_warning():
    model = BipartiteModel([1.0, 4.0], [0, 0], [1.0, 2.0], [0, 0], [[0.5]])
    with pytest.raises(ValueError, match="context 1 and item 1 have P = 4"):
        sample_bipartite(model, np.random.default_rng(0))
    with pytest.warns(UserWarning, match="4 expected interactions are lost"):
        x = sample_bipartite(model, np.random.default_rng(0), clip=True)
    assert x[1, 1] == x[1, 0] == x[0, 1] == 1


def test_counts_that_a_dtype_cannot_hold_are_refused():
    model = BipartiteModel([20.0], [0], [20.0], [0], [[1.0]])
    with pytest.raises(ValueError, match="dtype must hold counts of mean 400; uint8 ends at 255"):
        sample_bipartite(model, np.random.default_rng(0), law="poisson", dtype=np.uint8)


def test_no_interactions_and_silent_nodes():
    model = BipartiteModel([0.0, 1.0], [0, 0], [1.0, 0.0], [0, 0], [[1.0]])
    x = sample_bipartite(model, np.random.default_rng(0))
    assert x.toarray().tolist() == [[0, 0], [1, 0]]
    assert (
        sample_bipartite(BipartiteModel([1.0], [0], [1.0], [0], [[0.0]]), np.random.default_rng(0)).nnz == 0
    )
