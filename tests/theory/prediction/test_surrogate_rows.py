"""Rows drawn from the resummed law."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from simulate import BlockModel, sbm
from theory import PredictedSample
from theory.prediction.surrogate_rows import covariance_of_neighbours, rows_on

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, model_of


def test_the_resummed_covariance_has_the_bernoulli_term_under_bernoulli_only():
    model = BlockModel(np.ones(80), np.repeat([0, 1], 40), [[0.8, 0.1], [0.1, 0.7]])
    bernoulli, poisson = (
        covariance_of_neighbours(PredictedSample(model, law).outliers) for law in ("bernoulli", "poisson")
    )
    assert bernoulli.second.any() and not poisson.second.any()
    assert np.trace(bernoulli.first[0] - bernoulli.second[0]) < np.trace(bernoulli.first[0])


def test_where_nothing_stands_out_nothing_is_drawn():
    rng = np.random.default_rng(0)
    sample = PredictedSample(sbm(300, 2, mean_degree=0.5, rng=rng), "poisson")
    assert sample.outliers.moments().shape == (300, 0, 0)
    assert sample.surrogate(rng).shape == (300, 0)
    assert sample.spikiness([2], rng).n_visible == 0


class Nothing(np.random.Generator):
    """Normal variates that are all 0: what is drawn is its mean."""

    def __init__(self):
        super().__init__(np.random.PCG64(0))

    def standard_normal(self, size):
        return np.zeros(size)


@pytest.mark.parametrize(("name", "law"), CASES)
@pytest.mark.parametrize(("scaling", "power"), [("unit", 0), ("half", 0.5), ("full", 1)])
def test_rows_on_the_mean_graph_without_noise_are_the_mean_rows(name, law, scaling, power):
    """P g U b = U Lambda (U' g U b) = U b at an outlier, so that the law gives g U b back, which is the mean it began with."""
    sample = PredictedSample(model_of(name), law)
    found, (p, _) = sample.outliers, dense(sample.model, law)
    drawn = rows_on(sparse.csr_array(p), found, Nothing(), scaling)
    expected = found.means() * np.abs(found.eigenvalues) ** power
    np.testing.assert_allclose(drawn, expected, atol=1e-7 * np.abs(expected).max())


@pytest.mark.parametrize(("name", "law"), CASES)
def test_mean_and_covariance_of_a_neighbour_make_up_its_second_moments(name, law):
    found = PredictedSample(model_of(name), law).outliers
    covariance, g, means = covariance_of_neighbours(found), found.resolvent(), found.means()
    moments = found.moments()
    for i in (0, 17, 239):
        expected = np.outer(g[i], g[i]) * covariance.of(i) + np.outer(means[i], means[i])
        np.testing.assert_allclose(moments[i], expected, rtol=1e-9, atol=1e-12)
