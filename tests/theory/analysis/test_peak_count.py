"""A count of peaks is that of the whole search, or a bound that it meets."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import theory.analysis.peak_count
from theory import count_peaks, spikiness
from theory.analysis.peak_count import ERROR, _surely


def gaussian(n: int, f: int, power: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, f)) * np.arange(1, f + 1.0) ** -power


@pytest.mark.parametrize(("f", "power"), [(4, 0.0), (8, 0.0), (12, 0.5), (24, 0.5), (24, 1.0)])
@pytest.mark.parametrize("most", [10, 300, 2000])
def test_exact_or_a_bound_that_the_exact_number_meets(f: int, power: float, most: int) -> None:
    """No case is near the limit, so that no bound can be wrong."""
    rows = gaussian(9000, f, power, f)
    exact = spikiness(rows)
    found = count_peaks(rows, most, np.random.default_rng(0))
    assert found.at_least == (exact.n_peaks > most)
    if found.at_least:
        assert found.n_peaks == most and found.spikes is None
    else:
        assert found.n_peaks == exact.n_peaks and found.spikes is not None
        assert found.spikes.membership.tolist() == exact.membership.tolist()
    assert found.value == found.n_peaks / 9000


def test_a_small_matrix_is_searched_to_the_end() -> None:
    rows = gaussian(800, 16, 0.0, 0)
    exact = spikiness(rows).n_peaks
    assert count_peaks(rows, 10, np.random.default_rng(0)).at_least
    assert count_peaks(rows, exact, np.random.default_rng(0)).n_peaks == exact
    assert count_peaks(rows, exact - 1, np.random.default_rng(0)).at_least


def test_an_undecided_sample_leaves_the_number_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows decide nothing at an error of 1e-6."""
    monkeypatch.setattr(theory.analysis.peak_count, "SAMPLE", 10)
    rows = gaussian(5000, 8, 0.5, 0)
    exact = spikiness(rows).n_peaks
    found = count_peaks(rows, exact + 1, np.random.default_rng(0))
    assert not found.at_least and found.n_peaks == exact


def test_small_chunks_find_the_same_peaks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = gaussian(6000, 6, 0.0, 1)
    exact = spikiness(rows).n_peaks
    monkeypatch.setattr(theory.analysis.peak_count, "CHUNK", 100)
    below = count_peaks(rows, exact // 2, np.random.default_rng(0))
    assert below.at_least and below.n_peaks == exact // 2
    assert count_peaks(rows, 2 * exact, np.random.default_rng(0)).n_peaks == exact


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.0])
def test_the_sample_decides_as_the_binomial_law_does(share: float) -> None:
    law = stats.binom(1000, share)
    for covered in range(0, 1001, 50):
        assert _surely(covered, 1000, share, more=True) == (law.sf(covered - 1) <= ERROR)
        assert _surely(covered, 1000, share, more=False) == (law.cdf(covered) <= ERROR)


def test_words() -> None:
    rows = gaussian(6000, 32, 0.0, 2)
    assert str(count_peaks(rows, 1200, np.random.default_rng(0))) == "at least 1,200"
    assert str(count_peaks(np.eye(3), 9, np.random.default_rng(0))) == "2"
