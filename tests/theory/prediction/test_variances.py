"""Variances of edges: sums over blocks, their derivative, cells of many nodes."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import PredictedSample
from theory.prediction.edge import edge_of
from theory.prediction.variances import FINE

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, model_of


def test_cells_stand_for_many_nodes():
    rng = np.random.default_rng(1)
    n = FINE + 1000
    theta = np.minimum(rng.pareto(2.5, n) + 1, 60.0)
    model = BlockModel(theta, rng.integers(0, 3, n), np.array([[3, 1, 1], [1, 3, 1], [1, 1, 3]]) * 6 / n)
    profile = PredictedSample(model, "bernoulli").profile
    cells = profile.condensed()
    assert len(cells.counts) < 4000 and cells.counts.sum() == n
    assert edge_of(cells) == pytest.approx(edge_of(profile), rel=1e-4)


@pytest.mark.parametrize(("name", "law"), CASES)
def test_the_profile_times_a_vector_is_the_matrix_times_it(name, law):
    model = model_of(name)
    x = np.random.default_rng(0).standard_normal(model.n_nodes)
    profile = PredictedSample(model, law).profile
    np.testing.assert_allclose(
        profile.spread(profile.sums(x)), dense(model, law)[1] @ x, rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize("own", [1.001, 1.5, 2.9])
def test_a_node_whose_loop_is_impossible_has_no_variance_towards_itself_alone(own):
    theta = np.r_[np.sqrt(own), np.full(39, 0.3)]
    model = BlockModel(theta, np.arange(40) % 2, [[1.0, 0.4], [0.4, 1.0]])
    p = dense(model, "poisson")[0]
    v = p * (1 - p)
    v[0, 0] = 0.0
    profile, x = PredictedSample(model, "bernoulli").profile, np.random.default_rng(0).standard_normal(40)
    np.testing.assert_allclose(profile.spread(profile.sums(x)), v @ x, rtol=1e-10, atol=1e-12)
