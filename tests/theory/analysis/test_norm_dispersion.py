"""Dispersion of norms within spikes against plain loops, and at any scale."""

import numpy as np
import pytest

from theory import norm_dispersion, spikiness


def rows_of(seed, n=80, f=5):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, f)) * rng.lognormal(0, 1, n)[:, None]


def test_dispersion_is_the_coefficient_of_variation_within_each_spike():
    v = rows_of(4)
    labels = np.random.default_rng(0).integers(-1, 5, len(v))
    labels[labels == 3] = 2
    labels[0] = 3
    found = norm_dispersion(v, labels)
    norms = np.linalg.norm(v, axis=1)
    for k in range(5):
        part = norms[labels == k]
        assert (np.isnan(found[k]) and part.size < 2) or found[k] == pytest.approx(part.std() / part.mean())
    assert np.isnan(found[3])


@pytest.mark.parametrize("scale", [1e-160, 1e-24, 1e24, 1e160])
def test_dispersion_does_not_depend_on_the_scale(scale):
    rows = np.random.default_rng(0).standard_normal((40, 3))
    spikes = spikiness(rows)
    one, two = (norm_dispersion(v, spikes.membership) for v in (rows, rows * scale))
    np.testing.assert_allclose(one, two, rtol=1e-9)


def test_membership_must_be_one_a_row():
    with pytest.raises(ValueError, match="membership must be one integer for each of 2 rows"):
        norm_dispersion(np.eye(2), [0])
