"""Curves and grids of Spk against one search a point, nearest rays and dispersion against plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import (
    Embedding,
    nearest_spike,
    norm_dispersion,
    spikiness,
    spikiness_curve,
    spikiness_grid,
    spikiness_of_sample,
)


def rows_of(seed, n=80, f=5):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, f)) * rng.lognormal(0, 1, n)[:, None]


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_grid_is_one_search_a_cell(seed):
    v = rows_of(seed)
    grid = spikiness_grid(v, (0.5, 0.8, 0.95), (0.2, 0.5, 1.0))
    for i, cosine in enumerate(grid.cosines):
        for j, coverage in enumerate(grid.coverages):
            assert grid.n_peaks[i, j] == spikiness(v, cosine=cosine, coverage=coverage).n_peaks
    assert (np.diff(grid.n_peaks, axis=1) >= 0).all()  # monotone in the coverage
    assert grid.values == pytest.approx(grid.n_peaks / len(v))


@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
def test_a_curve_is_one_search_a_rank(scaling):
    rng = np.random.default_rng(1)
    basis = np.linalg.qr(rng.standard_normal((200, 10)))[0]
    embedding = Embedding(np.array([9, -8, 7, 6, -5, 4, 3, 2, -1, 0.5]), basis)
    curve = spikiness_curve(embedding, [2, 5, 10], scaling, cosine=0.8, coverage=0.7)
    for rank, peaks, value in zip(curve.ranks, curve.n_peaks, curve.values):
        alone = spikiness(embedding.vectors(scaling, int(rank)), cosine=0.8, coverage=0.7)
        assert (peaks, value) == (alone.n_peaks, alone.value)


def test_the_nearest_ray_leaves_no_row_out():
    v = rows_of(3)
    v[7] = 0
    spikes = spikiness(v, coverage=0.3)
    found = nearest_spike(v, spikes)
    for i, row in enumerate(v):
        cosines = [row @ v[p] / np.linalg.norm(v[p]) for p in spikes.peaks]
        assert found[i] == (-1 if i == 7 else int(np.argmax(cosines)))


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


def test_a_sample_needs_a_generator_and_keeps_its_rows():
    v = rows_of(5)
    spikes, rows = spikiness_of_sample(v, 30, np.random.default_rng(0))
    assert spikes.n_peaks == spikiness(v[rows]).n_peaks
    assert (np.diff(rows) > 0).all()
    with pytest.raises(TypeError, match="rng"):
        spikiness_of_sample(v, 30, 0)
    with pytest.raises(ValueError, match="size"):
        spikiness_of_sample(v, 81, np.random.default_rng(0))


def test_bad_thresholds_ranks_and_shapes_are_named():
    v = rows_of(6)
    embedding = Embedding(np.array([2.0, 1.0]), np.eye(2))
    with pytest.raises(ValueError, match="coverages"):
        spikiness_grid(v, (0.9,), ())
    with pytest.raises(ValueError, match="ranks"):
        spikiness_curve(embedding, [3])
    with pytest.raises(ValueError, match="ranks"):
        spikiness_curve(embedding, [])
    with pytest.raises(ValueError, match="80 rows"):
        nearest_spike(v[:-1], spikiness(v))
    with pytest.raises(ValueError, match="membership"):
        norm_dispersion(v, [0])


@pytest.mark.parametrize("scale", [1e-160, 1e-24, 1e24, 1e160])
def test_nearest_peaks_and_dispersion_do_not_depend_on_the_scale(scale):
    rows = np.random.default_rng(0).standard_normal((40, 3))
    spikes = spikiness(rows)
    np.testing.assert_array_equal(nearest_spike(rows * scale, spikes), nearest_spike(rows, spikes))
    one, two = (norm_dispersion(v, spikes.membership) for v in (rows, rows * scale))
    np.testing.assert_allclose(one, two, rtol=1e-9)
    if 1e-30 < scale < 1e30:
        narrow = (rows * scale).astype(np.float32)
        np.testing.assert_array_equal(nearest_spike(narrow, spikes), nearest_spike(rows, spikes))
