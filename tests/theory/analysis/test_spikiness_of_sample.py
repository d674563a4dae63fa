"""Spk of a sample of rows is that of these rows."""

import numpy as np
import pytest

from theory import spikiness, spikiness_of_sample


def rows_of(seed, n=80, f=5):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, f)) * rng.lognormal(0, 1, n)[:, None]


def test_a_sample_needs_a_generator_and_keeps_its_rows():
    v = rows_of(5)
    spikes, rows = spikiness_of_sample(v, 30, np.random.default_rng(0))
    assert spikes.n_peaks == spikiness(v[rows]).n_peaks
    assert (np.diff(rows) > 0).all()
    with pytest.raises(TypeError, match="rng"):
        spikiness_of_sample(v, 30, 0)
    with pytest.raises(ValueError, match="size"):
        spikiness_of_sample(v, 81, np.random.default_rng(0))
