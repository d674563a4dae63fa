"""The vector equation against plain iteration on n numbers."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import PredictedSample
from theory.kernels.resolvent_newton import _contracts, _one_less_jacobian, _solve, real_sums, upper_sums
from theory.prediction.resolvent import resolvent_diagonal, solve, solve_complex, solve_right

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, dense_resolvent, model_of, with_an_impossible_loop


def pass_over_nodes(profile, h, z, positive=True):
    """Whether the pass reached the last node, and the block sums (qK,) of theta^p g, p = 1, ..., 2q - 1 of theta^(p + 1) g^2."""
    q, k = profile.powers.shape[1], profile.n_blocks
    field = (profile.couplings @ h).reshape(q, k)
    sums, moments = np.zeros((q, k), field.dtype), np.zeros((2 * q - 1, k), field.dtype)
    if np.iscomplexobj(field):
        done = upper_sums(*profile.by_block, field, complex(z), sums, moments)
    else:
        done = real_sums(*profile.by_block, field, z, positive, sums, moments)
    return done, sums, moments


@pytest.mark.parametrize(("name", "law"), CASES)
@pytest.mark.parametrize("z", [40.0, complex(3.0, 0.5)])
def test_one_pass_gives_the_sums_and_their_derivative(name, law, z):
    """The derivative of the sums in h, by central differences of the sums themselves."""
    profile, rng = PredictedSample(model_of(name), law).profile, np.random.default_rng(4)
    h = rng.uniform(0, 0.1, len(profile.couplings)) * (1 if isinstance(z, float) else -1j)
    done, sums, moments = pass_over_nodes(profile, h, z)
    assert done
    np.testing.assert_allclose(sums.ravel(), profile.sums(1 / (z - profile.spread(h))), rtol=1e-12)
    jacobian = np.eye(len(h)) - _one_less_jacobian(moments, profile.couplings)
    for k, direction in enumerate(1e-4 * np.eye(len(h))):
        ends = [profile.sums(1 / (z - profile.spread(h + side * direction))) for side in (1, -1)]
        np.testing.assert_allclose(
            jacobian[:, k], (ends[0] - ends[1]) / 2e-4, rtol=1e-5, atol=1e-6 * np.abs(jacobian).max()
        )


@pytest.mark.parametrize(("name", "law"), CASES)
@pytest.mark.parametrize("share", [0.02, 0.06, 0.2, 0.6])
def test_stable_is_where_the_derivative_has_a_spectral_radius_below_one(name, law, share):
    profile = PredictedSample(model_of(name), law).profile
    h = np.random.default_rng(5).uniform(0, share, len(profile.couplings))
    _, _, moments = pass_over_nodes(profile, h, 4.0, positive=False)
    jacobian = np.eye(len(h)) - _one_less_jacobian(moments, profile.couplings)
    radius = np.abs(np.linalg.eigvals(jacobian)).max()
    assert _contracts(moments, profile.couplings) == (radius < 1)
    closer = moments / radius
    assert _contracts(0.999 * closer, profile.couplings)
    assert not _contracts(1.001 * closer, profile.couplings)


def test_small_systems_are_solved_as_lapack_solves_them():
    rng = np.random.default_rng(6)
    for n in (2, 7, 30):
        a, b = rng.standard_normal((n, n)), rng.standard_normal(n)
        a[0, 0] = 0.0  # needs a pivot
        found = b.copy()
        assert _solve(a.copy(), found)
        np.testing.assert_allclose(found, np.linalg.solve(a, b), rtol=1e-9)
    assert not _solve(np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones(2))


@pytest.mark.parametrize(
    ("z", "h", "positive", "exists"),
    [
        (2.0, 1.0, True, True),
        (1.0, 1.0, True, False),
        (0.5, 1.0, True, False),
        (0.5, 1.0, False, True),
        (1.0, 1.0, False, False),
        (1j, -1j, True, True),
        (1j, 1j, True, False),
        (1j, 2j, True, False),
    ],
)
def test_a_pass_ends_where_the_resolvent_leaves_its_side(z, h, positive, exists):
    profile = PredictedSample(BlockModel([1.0], [0], [[1.0]]), "poisson").profile
    assert pass_over_nodes(profile, np.array([h]), z, positive)[0] == exists


@pytest.mark.parametrize(("name", "law"), CASES)
def test_the_solution_is_the_same_from_a_larger_z_and_from_nothing(name, law):
    sample = PredictedSample(model_of(name), law)
    profile, edge = sample.profile, sample.edge
    farther = solve_right(profile, 2.0 * edge)
    for z in (1.5 * edge, 1.0001 * edge):
        cold, warm = solve_right(profile, z), solve_right(profile, z, farther)
        assert cold.stable and warm.stable
        np.testing.assert_allclose(warm.h, cold.h, rtol=1e-9)
    assert not solve_right(profile, 0.999 * edge, farther).stable


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
