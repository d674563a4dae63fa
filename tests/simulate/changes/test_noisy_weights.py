"""Weights and additive noise: their laws, and their effect on the spectrum."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulate import additive_gaussian, weighted

sys.path.append(str(Path(__file__).resolve().parents[1]))
from example_graphs import ALARM, Z, graph, pairs_of


@pytest.mark.parametrize(("law", "cv"), [("lognormal", 0.5), ("gaussian", 0.2), ("poisson", 1.0)])
def test_weights_keep_the_mean_and_have_their_variance(law, cv):
    a = graph(1500, degree=40)
    heavy = weighted(a, np.random.default_rng(2), law=law, cv=cv)
    m = len(pairs_of(a))
    assert (heavy != heavy.T).nnz == 0
    assert abs(heavy.sum() / 2 / m - 1) < Z * cv / np.sqrt(m)


def test_weights_follow_the_law_that_was_asked_for():
    a = graph(1000)
    factor = weighted(a, np.random.default_rng(0), law="lognormal", cv=2.0)
    logs = np.log(factor.data)  # positive, all of them
    sigma2 = np.log1p(4.0)
    assert abs(logs.mean() + sigma2 / 2) < Z * np.sqrt(2 * sigma2 / logs.size)
    assert abs(logs.var() - sigma2) < Z * sigma2 * np.sqrt(4 / logs.size)
    normal = weighted(a, np.random.default_rng(0), law="gaussian", cv=2.0)
    assert (normal.data < 0).any()
    default = weighted(a, np.random.default_rng(0))
    assert (default != weighted(a, np.random.default_rng(0), law="lognormal", cv=0.5)).nnz == 0


def test_gaussian_noise_has_its_spectral_edge():
    noise = additive_gaussian(np.zeros((1000, 1000)), 0.3, np.random.default_rng(0))
    edge = 2 * 0.3 * np.sqrt(1000)
    # Tracy-Widom fluctuations are of relative order n^(-2/3) = 1 %
    assert np.linalg.eigvalsh(noise)[-1] == pytest.approx(edge, rel=0.04)


def test_poisson_weights_have_a_spread_of_one_and_can_lose_an_edge():
    a = graph(600)
    counts = weighted(a, np.random.default_rng(0), law="poisson")
    edges, kept = len(pairs_of(a)), len(pairs_of(counts))
    assert abs(kept - edges * (1 - np.exp(-1))) < Z * np.sqrt(edges * np.exp(-1) * (1 - np.exp(-1)))
    assert (counts.data == np.round(counts.data)).all()
    assert (counts != weighted(a, np.random.default_rng(0), law="poisson", cv=1.0)).nnz == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: weighted(graph(30), r, law="cauchy"), "law must be one of"),
        (lambda r: weighted(graph(30), r, cv=-0.5), "cv must be a number at least 0; got -0.5"),
        (
            lambda r: weighted(graph(30), r, law="poisson", cv=0.5),
            "cv must be 1 for Poisson weights; got 0.5",
        ),
        (lambda r: additive_gaussian(np.eye(3), -1.0, r), "sigma"),
        (lambda r: additive_gaussian(np.ones((2, 3)), 1.0, r), "matrix must be a symmetric square"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))


def test_every_pair_and_every_node_has_noise_of_the_same_size():
    """Squares of 1,000 normal entries of the diagonal, and of 499,500 above it, are chi-square: one alarm in a million."""
    noise = additive_gaussian(np.zeros((1000, 1000)), 0.3, np.random.default_rng(1))
    for entries in (np.diag(noise), noise[np.triu_indices(1000, 1)]):
        square = (entries**2).sum() / 0.09
        assert min(stats.chi2.cdf(square, entries.size), stats.chi2.sf(square, entries.size)) > ALARM / 4


def test_a_single_node_has_noise_too():
    assert additive_gaussian(np.zeros((1, 1)), 2.0, np.random.default_rng(0)).shape == (1, 1)
    with pytest.raises(ValueError, match="the size of matrix"):
        additive_gaussian(np.zeros((0, 0)), 2.0, np.random.default_rng(0))
