"""The vector equation against plain iteration on n numbers."""

import sys
from pathlib import Path

import numpy as np
import pytest

from theory import PredictedSample
from theory.prediction.resolvent import resolvent_diagonal, solve, solve_complex

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, dense_resolvent, model_of, with_an_impossible_loop


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
    np.testing.assert_allclose(profile.apply(x), v @ x, rtol=1e-10, atol=1e-12)
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
