"""Rows drawn from the resummed law."""

import numpy as np

from simulate import BlockModel, sbm
from theory import PredictedSample
from theory.prediction.surrogate_rows import covariance_of_neighbours


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
