"""A grid of Spk against one search for each pair of thresholds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import spikiness, spikiness_grid


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


@pytest.mark.parametrize("options", [{"coverages": ()}, {"cosines": ()}])
def test_a_list_without_a_threshold_is_refused(options):
    with pytest.raises(ValueError, match="cosines and coverages must each hold at least one value"):
        spikiness_grid(np.eye(3), **options)


def test_a_threshold_out_of_range_is_named():
    with pytest.raises(ValueError, match="coverage must be a number above 0 and at most 1; got 1.5"):
        spikiness_grid(np.eye(3), coverages=[0.5, 1.5])
