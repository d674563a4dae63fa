"""The share of rows in the cone of their ray: the laws of rows, and where the prediction is trusted."""

import numpy as np
import pytest

from simulate import BlockModel, sbm
from theory import PredictedSample
from theory.prediction.collinear_share import gaussian_rows, local_rows


@pytest.mark.parametrize("law_of_rows", [gaussian_rows, local_rows])
@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
@pytest.mark.parametrize("affinity", [[[0.6, 0.1], [0.1, 0.5]], [[0.1, 0.6], [0.6, 0.2]]])
def test_rows_by_either_law_are_the_population_on_average(scaling, law_of_rows, affinity):
    model = BlockModel(np.ones(60), np.repeat([0, 1], 30), affinity)
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


def test_the_ratio_is_the_weakest_eigenvalue_over_the_edge_of_the_noise():
    """Poisson edges of equal propensity: the edge is 2 sqrt(degree), the eigenvalues are degree and (1 - r) / (1 + r) of it."""
    model = BlockModel(np.ones(400), np.repeat([0, 1], 200), [[0.2, 0.1], [0.1, 0.2]])
    sample, edge = PredictedSample(model, "poisson"), 2 * np.sqrt(60)
    for rank, eigenvalue in ((1, 60.0), (2, 20.0)):
        share = sample.collinear_fraction(np.random.default_rng(0), rank=rank)
        assert share.ratio == pytest.approx(eigenvalue / edge, rel=1e-3) and share.trusted
