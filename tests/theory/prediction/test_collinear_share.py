"""The share of rows in the cone of their ray: the laws of rows, and where the prediction is trusted."""

import numpy as np
import pytest

from simulate import BlockModel, sbm
from theory import PredictedSample
from theory.prediction.collinear_share import gaussian_rows, local_rows


@pytest.mark.parametrize("law_of_rows", [gaussian_rows, local_rows])
@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
def test_rows_by_either_law_are_the_population_on_average(scaling, law_of_rows):
    model = BlockModel(np.ones(60), np.repeat([0, 1], 30), [[0.6, 0.1], [0.1, 0.5]])
    sample = PredictedSample(model, "bernoulli")
    lam, u = model.spectrum()
    rng = np.random.default_rng(0)
    drawn = np.mean([law_of_rows(sample, rng, scaling, 2) for _ in range(400)], axis=0)
    expected = u * np.abs(lam) ** {"unit": 0.0, "half": 0.5, "full": 1.0}[scaling]
    # a row strays by about 1 / sqrt(degree) = 0.2 of its length; 400 draws and the largest of 120 entries leave 0.05
    assert np.abs(drawn - expected).max() < 0.15 * np.abs(expected).max()


def test_where_nothing_stands_out_the_share_is_zero_and_not_trusted():
    rng = np.random.default_rng(0)
    share = PredictedSample(sbm(300, 2, mean_degree=0.5, rng=rng), "poisson").collinear_fraction(rng)
    assert (share.value, share.trusted) == (0.0, False) and "no direction" in share.caveat


def test_a_hub_among_the_communities_is_said():
    model = sbm(1500, 2, mean_degree=15, mixing=0.3, rng=np.random.default_rng(0))
    theta = model.propensities.copy()
    theta[0] = 400 / 15
    sample = PredictedSample(BlockModel(theta, model.labels, model.affinity), "poisson")
    share = sample.collinear_fraction(np.random.default_rng(1), rank=2)
    assert not share.trusted and "detached hubs" in share.caveat
