"""The vector equation against plain iteration on n numbers."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import PredictedSample
from theory.kernels.resolvent_sums import NONZERO, POSITIVE, UPPER
from theory.prediction.resolvent import newton_terms, resolvent_diagonal, solve, solve_complex

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, dense_resolvent, model_of, with_an_impossible_loop


@pytest.mark.parametrize(("name", "law"), CASES)
@pytest.mark.parametrize("z", [40.0, complex(3.0, 0.5)])
def test_one_pass_gives_the_sums_and_their_derivative(name, law, z):
    """The derivative of the sums in h, by central differences of the sums themselves."""
    profile, rng = PredictedSample(model_of(name), law).profile, np.random.default_rng(4)
    h = rng.uniform(0, 0.1, len(profile.couplings)) * (1 if isinstance(z, float) else -1j)
    sums, jacobian = newton_terms(profile, h, z, POSITIVE if isinstance(z, float) else UPPER)
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
    assert (newton_terms(profile, np.array([h]), z, side) is not None) == exists


@pytest.mark.parametrize(("name", "law"), CASES)
def test_resolvents_on_and_off_the_real_line(name, law):
    model = model_of(name)
    sample, (_, v) = PredictedSample(model, law), dense(model, law)
    profile, edge = sample.profile, sample.edge
    outside = solve(profile, 1.3 * edge)
    np.testing.assert_allclose(
        resolvent_diagonal(profile, outside), dense_resolvent(v, 1.3 * edge).real, rtol=1e-9
    )
    z = complex(0.6 * edge, 0.05 * edge)
    inside = 1 / (z - profile.spread(solve_complex(profile, z)))
    np.testing.assert_allclose(inside, dense_resolvent(v, z), rtol=1e-7)


def test_a_diagonal_above_one_counts_as_no_edge():
    model = with_an_impossible_loop()
    _, v = dense(model, "bernoulli")
    v[0, 0] = 0.0
    sample = PredictedSample(model, "bernoulli")
    profile, edge = sample.profile, sample.edge
    x = np.random.default_rng(0).standard_normal(len(v))
    np.testing.assert_allclose(profile.spread(profile.sums(x)), v @ x, rtol=1e-10, atol=1e-12)
    outside = solve(profile, 1.2 * edge)
    np.testing.assert_allclose(
        resolvent_diagonal(profile, outside), dense_resolvent(v, 1.2 * edge).real, rtol=1e-9
    )
    z = complex(0.6 * edge, 0.05 * edge)
    inside = 1.0 / (z - profile.spread(solve_complex(profile, z)))
    np.testing.assert_allclose(inside, dense_resolvent(v, z), rtol=1e-7)
    found = sample.outliers
    moments = found.moments()
    g, b = found.resolvent(), found.means() / found.resolvent()
    for k in range(len(found.eigenvalues)):
        weight = g[:, k] ** 2
        direct = np.linalg.solve(np.eye(len(v)) - weight[:, None] * v, weight * b[:, k] ** 2)
        np.testing.assert_allclose(moments[:, k, k], direct, rtol=1e-8)
        assert direct.sum() == pytest.approx(1.0)
