"""The edge of the noise and the gaps below it, against closed forms and the density of dense noise."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import PredictedSample
from theory.prediction.edge import GAP_POINTS, gaps
from theory.prediction.resolvent import solve_near

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, dense_resolvent, model_of


def test_the_resolvents_of_a_gap_are_no_farther_apart_than_the_search():
    theta = np.r_[np.ones(400), 12.0]
    model = BlockModel(theta, np.zeros(401, int), [[0.05]])
    sample = PredictedSample(model, "poisson")
    profile, edge = sample.cells, sample.edge
    for gap in gaps(profile, edge):
        z = np.array([one.z for one in gap])
        assert (np.diff(z) >= 0).all() and np.diff(z).max() <= 1.01 * 0.9 * edge / (GAP_POINTS - 1)
        assert solve_near(profile, float(z.mean()), gap[:1]).stable


def test_a_gap_that_reaches_zero_ends_there_and_not_beyond():
    """A sea of 600 and 20 nodes joined across only: singular values of a 20 x 600 matrix, sqrt(v) (sqrt(600) -+ sqrt(20))."""
    model = BlockModel(np.ones(620), np.repeat([0, 1], [20, 600]), [[0, 0.5], [0.5, 0]])
    sample = PredictedSample(model, "poisson")
    edge = sample.edge
    assert edge == pytest.approx(np.sqrt(0.5) * (np.sqrt(600) + np.sqrt(20)), rel=0.01)
    (gap,) = gaps(sample.cells, edge)
    assert 0 < gap[0].z < 0.02 * edge
    assert gap[-1].z == pytest.approx(np.sqrt(0.5) * (np.sqrt(600) - np.sqrt(20)), rel=0.01)


@pytest.mark.parametrize(("name", "law"), CASES)
def test_the_density_is_positive_inside_the_edge_and_not_outside(name, law):
    model = model_of(name)
    edge, v = PredictedSample(model, law).edge, dense(model, law)[1]
    tiny = 1e-5 * edge
    inside, outside = (
        -(dense_resolvent(v, complex(x, tiny)).imag.mean()) for x in (0.98 * edge, 1.02 * edge)
    )
    assert inside > 20 * outside
