"""Vectors without a fault: their spectrum, their rays, and what is refused."""

import numpy as np
import pytest

from simulate.sound_vectors import sound_vectors


def test_the_spectrum_falls_as_it_is_said():
    """Standard deviations of 40,000 rows, to six standard errors of 0.35 % (false alarms below 1e-6)."""
    rows = sound_vectors("falling spectrum", 40_000, 4, np.random.default_rng(0), norm_sigma=0.0)
    assert rows.std(axis=0) == pytest.approx(np.arange(1, 5) ** -0.5, rel=6 * 0.0036)


def test_rows_lie_on_so_many_rays_with_norms_that_vary():
    rows = sound_vectors("on rays", 500, 9, np.random.default_rng(0), rays=3, width=0.0)
    norms = np.linalg.norm(rows, axis=1)
    assert len(np.unique((rows / norms[:, None]).round(9), axis=0)) == 3 and norms.std() > 0.3
    isotropic = sound_vectors("isotropic", 500, 9, np.random.default_rng(0), norm_sigma=0.0)
    assert np.linalg.matrix_rank(isotropic) == 9


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shape": "round"}, "shape must be"),
        ({"n": 0}, "n must be"),
        ({"f": 0}, "f must be"),
        ({"rays": 0}, "rays must be"),
        ({"width": -1.0}, "width must be"),
        ({"norm_sigma": -1.0}, "norm_sigma must be"),
        ({"rng": 3}, "rng must be"),
    ],
)
def test_what_is_out_of_range_is_refused(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        sound_vectors(**{"shape": "on rays", "n": 5, "f": 2, "rng": np.random.default_rng(0), **wrong})
