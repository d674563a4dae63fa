"""Variances of edges: sums over blocks, their derivative, cells of many nodes."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import PredictedSample
from theory.kernels.resolvent_sums import NONZERO, POSITIVE, UPPER
from theory.prediction.edge import edge_of
from theory.prediction.variances import FINE

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, model_of


@pytest.mark.parametrize(("name", "law"), CASES)
@pytest.mark.parametrize("z", [40.0, complex(3.0, 0.5)])
def test_one_pass_gives_the_sums_and_their_derivative(name, law, z):
    """The derivative of the sums in h, by central differences of the sums themselves."""
    profile, rng = PredictedSample(model_of(name), law).profile, np.random.default_rng(4)
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
    profile = PredictedSample(BlockModel([1.0], [0], [[1.0]]), "poisson").profile
    assert (profile.newton(np.array([h]), z, side) is not None) == exists


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
    ours = PredictedSample(model, law).profile.apply(x)
    np.testing.assert_allclose(ours, dense(model, law)[1] @ x, rtol=1e-10, atol=1e-12)
