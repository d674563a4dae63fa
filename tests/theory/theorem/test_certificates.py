"""Bounds of the approximate converse against dense matrices; tightness by construction; bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.analysis.embedding import Embedding
from theory.theorem.certificates import certify

CASES = (("unit", "M"), ("half", "M"), ("full", "M"), ("full", "M^2"))


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.floats(0, 2))
def test_no_entry_and_no_norm_breaks_its_bound(seed, f, noise):
    rng = np.random.default_rng(seed)
    n, k = 14, 3
    z = rng.integers(-1, k, n)
    z[0] = 0
    x = rng.standard_normal((k, f))[z] * rng.pareto(2, (n, 1)) + noise * rng.standard_normal((n, f))
    u, lam = np.linalg.qr(x)[0], rng.standard_normal(f) + 1e-3
    lam = lam[np.argsort(-np.abs(lam))]
    m = (u * lam) @ u.T
    for scaling, target in CASES:
        c = certify(Embedding(lam, u), z, scaling=scaling, certifies=target)
        dense = (m @ m if target == "M^2" else m)[np.ix_(c.rows, c.rows)]
        error = dense - np.outer(c.propensities, c.propensities) * c.affinity[np.ix_(c.labels, c.labels)]
        i, j = np.indices(error.shape)
        slack = 1e-9 * (1 + c.factor * c.norms.max() ** 2)
        assert (np.abs(error) <= c.entry_bound(i, j) + slack).all()
        assert np.linalg.norm(error) <= c.frobenius_bound + slack


def test_the_entry_bound_is_reached_within_one_percent():
    # one row against its ray, core diag(1, -1): the optimum aligns the core with the 2 x 2 remainder
    rng, best = np.random.default_rng(1), 0.0
    for _ in range(4000):
        p, q, t = rng.uniform(0, 0.4), rng.uniform(0, 0.4), rng.uniform(0, 2 * np.pi)
        s = rng.uniform(0, 2 * np.pi)
        x = np.array([[np.cos(t + p), np.sin(t + p)], [np.cos(s + q), np.sin(s + q)]])
        d = np.array([[np.cos(t), np.sin(t)], [np.cos(s), np.sin(s)]])
        c = certify(Embedding(np.array([1.0, -1.0]), x), [0, 1], scaling="half", certifies="M", directions=d)
        error = x[0] @ (np.array([1, -1]) * x[1]) - c.propensities[0] * c.propensities[1] * c.affinity[0, 1]
        best = max(best, abs(error) / float(c.entry_bound(0, 1)))
    assert 0.99 < best <= 1 + 1e-9


@pytest.mark.parametrize(
    ("labels", "options", "word"),
    [
        ([0], {}, "labels"),
        ([-1, -1], {}, "labels"),
        ([0, 1], {"scaling": "half"}, "certifies"),
        ([0, 1], {"directions": [[1.0, 0.0]]}, "directions"),
    ],
)
def test_bad_input_is_named(labels, options, word):
    with pytest.raises(ValueError, match=word):
        certify(Embedding(np.array([2.0, -1.0]), np.eye(2)), labels, **options)


def test_the_words_say_the_bound_as_a_share_of_the_scale():
    rows = np.array([[3.0, 0.0], [1.0, 0.1], [0.0, 2.0], [0.05, 1.0]])
    found = certify(Embedding(np.array([2.0, 1.0]), rows), [0, 0, 1, 1])
    scale = found.factor * float((found.norms**2).sum())
    assert (
        f"at most {found.frobenius_bound:.3g} ({found.frobenius_bound / scale:.1%} of the scale"
        in found.words()
    )


def test_the_bound_on_the_square_is_reached_by_some_pair_of_rows():
    rng = np.random.default_rng(0)
    rays = rng.uniform(0, 2 * np.pi, 200)
    at = rays + rng.uniform(0, 0.4, 200)
    rows, d = (np.stack([np.cos(angle), np.sin(angle)], axis=1) for angle in (at, rays))
    lam = np.array([2.0, 0.5])
    c = certify(Embedding(lam, rows / lam), np.arange(200), scaling="full", certifies="M^2", directions=d)
    error = np.abs(rows @ rows.T - np.outer(c.propensities, c.propensities) * c.affinity)
    i, j = np.triu_indices(200, 1)
    assert 0.99 < (error[i, j] / c.entry_bound(i, j)).max() <= 1 + 1e-9


@pytest.mark.parametrize(
    ("scaling", "certifies", "lam"), [("full", "M^2", 1.0), ("half", "M", 3.0), ("unit", "M", 3.0)]
)
def test_the_frobenius_bound_is_reached_by_a_row_across_its_ray(scaling, certifies, lam):
    """One row of length a at an angle near 90 degrees: the error is a^2 sin^2, the bound a (a + a cos) sin, times ||C||."""
    angle = np.deg2rad(89.5)
    row = np.array([[np.cos(angle), np.sin(angle)]])
    embedding = Embedding(np.array([lam, lam]), row)
    c = certify(embedding, [0], scaling=scaling, certifies=certifies, directions=[[1.0, 0.0]])
    m = (row * lam) @ row.T
    error = np.linalg.norm((m @ m if certifies == "M^2" else m) - c.propensities**2 * c.affinity)
    assert 0.98 < error / c.frobenius_bound <= 1


@pytest.mark.parametrize(("scaling", "certifies"), CASES)
def test_the_frobenius_bound_is_that_of_its_formula(scaling, certifies):
    """||C|| (||X|| + ||Y||) ||X - Y||_F in spectral norms, Y the rows moved to their rays, by dense linear algebra."""
    rng = np.random.default_rng(3)
    lam, z = np.array([3.0, -2.0, 0.5]), np.repeat([0, 1], [6, 4])
    u = np.linalg.qr(rng.standard_normal((10, 3)))[0]
    x = u * np.abs(lam) ** {"unit": 0, "half": 0.5, "full": 1}[scaling]
    y, factor = (
        np.empty_like(x),
        {("unit", "M"): 3.0, ("half", "M"): 1.0, ("full", "M"): 2.0, ("full", "M^2"): 1.0},
    )
    for block in (0, 1):
        axis = np.linalg.svd(x[z == block])[2][:1]
        y[z == block] = x[z == block] @ axis.T @ axis
    expected = (np.linalg.norm(x, 2) + np.linalg.norm(y, 2)) * np.linalg.norm(x - y)
    found = certify(Embedding(lam, u), z, scaling=scaling, certifies=certifies)
    assert found.frobenius_bound == pytest.approx(factor[scaling, certifies] * expected, rel=1e-9)


def test_beyond_a_right_angle_the_bound_is_that_of_the_line():
    """A row that points away from its ray lies on the line through it: only the angle to the line counts."""
    rows = np.array([[1.0, 0.1], [-1.0, 0.1]])
    c = certify(Embedding(np.ones(2), rows), [0, 0], scaling="full", directions=[[1.0, 0.0]])
    assert c.propensities[1] < 0 and float(c.entry_bound(0, 1)) == pytest.approx(float(c.entry_bound(0, 0)))


@pytest.mark.parametrize(
    ("directions", "shape"),
    [
        ([1.0, 0.0], r"\(2,\)"),
        ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], r"\(2, 3\)"),
        ([[1.0, 0.0]], r"\(1, 2\)"),
        ([[1.0, 0.0], [0.0, 0.0]], r"\(2, 2\)"),
    ],
)
def test_directions_are_one_for_each_spike_in_the_dimensions_of_the_rows(directions, shape):
    with pytest.raises(ValueError, match=rf"directions must be nonzero, \(2 or more, 2\); got shape {shape}"):
        certify(Embedding(np.array([2.0, -1.0]), np.eye(2)), [0, 1], directions=directions)


def test_within_a_spike_of_a_positive_matrix_the_error_is_of_second_order():
    """Theory, section 2.3: a_i a_j sin(phi_i) sin(phi_j) bounds it, and is reached; with a negative eigenvalue it is exceeded."""
    rng = np.random.default_rng(0)
    rows = np.array([3.0, 1.0]) + 0.2 * rng.standard_normal((30, 2))
    for lam, second_order in ((np.array([2.0, 0.5]), True), (np.array([2.0, -1.5]), False)):
        certificate = certify(
            Embedding(lam, rows / np.sqrt(np.abs(lam))), np.zeros(30, int), scaling="half", certifies="M"
        )
        matrix = (rows * np.sign(lam)) @ rows.T
        error = np.abs(
            matrix - np.outer(certificate.propensities, certificate.propensities) * certificate.affinity
        )
        across = certificate.norms * np.sin(certificate.angles)
        used = error / np.outer(across, across)
        assert (used.max() <= 1 + 1e-9) == second_order
        assert not second_order or used.max() > 1 - 1e-9  # in the plane all parts across are parallel
