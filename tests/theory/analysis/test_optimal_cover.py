"""The optimum against brute force, and the order optimum <= max-coverage <= its bound; optimum <= greedy by norm."""

from itertools import combinations
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import max_coverage_greedy, optimal_cover, spikiness
from theory.analysis.optimal_cover import _cones


def cloud(seed, n, f=3):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, f)) * rng.lognormal(0, 1, n)[:, None]


def brute_force(v, cosine, coverage):
    u = v / np.linalg.norm(v, axis=1)[:, None]
    cones = (u @ u.T > cosine) | np.eye(len(v), dtype=bool)
    need = min(floor(coverage * len(v)) + 1, len(v))
    for size in range(1, len(v) + 1):
        for chosen in combinations(range(len(v)), size):
            if cones[list(chosen)].any(axis=0).sum() >= need:
                return size
    raise AssertionError


@given(st.integers(0, 10**6), st.sampled_from([0.6, 0.8, 0.9]), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
@settings(max_examples=40, deadline=None)
def test_optimum_is_that_of_brute_force(seed, cosine, coverage):
    v = cloud(seed, 11)
    cover = optimal_cover(v, cosine=cosine, coverage=coverage)
    assert cover.optimal
    assert cover.n_peaks == brute_force(v, cosine, coverage)


@given(st.integers(0, 10**6), st.sampled_from([0.5, 0.8]))
@settings(max_examples=20, deadline=None)
def test_optimum_below_both_greedy_rules(seed, coverage):
    v = cloud(seed, 60, 4)
    best = optimal_cover(v, coverage=coverage).n_peaks
    greedy = max_coverage_greedy(v, coverage=coverage).n_peaks
    assert best <= spikiness(v, coverage=coverage).n_peaks
    harmonic = sum(1 / k for k in range(1, floor(coverage * 60) + 2))
    assert best <= greedy <= ceil(harmonic * best)


def test_loud_outliers_fool_the_order_by_norm():
    n = 40
    v = np.zeros((n, n))
    loud = n // 2 - 1
    v[:loud, :loud] = 10 * np.eye(loud)
    v[loud:, -1] = 1
    assert (spikiness(v).n_peaks, optimal_cover(v).n_peaks, max_coverage_greedy(v).n_peaks) == (n // 2, 1, 1)


def test_zero_rows_are_left_out_and_peaks_are_the_callers_rows():
    v = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.1], [0.0, 0.0], [0.0, 1.0]])
    assert set(optimal_cover(v).peaks) <= {1, 2}
    assert optimal_cover(v, coverage=1.0).n_peaks == 2


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="all norms are 0"):
        optimal_cover(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="5000"):
        optimal_cover(np.ones((5001, 2)))
    with pytest.raises(ValueError, match="cosine"):
        max_coverage_greedy(np.eye(2), cosine=1.0)


def test_a_row_exactly_at_the_cosine_is_outside_the_cone():
    rows = [[1.0, 0.0], [0.6, 0.8]]
    assert optimal_cover(rows, cosine=0.6, coverage=0.9).n_peaks == 2
    assert optimal_cover(rows, cosine=np.nextafter(0.6, 0), coverage=0.9).n_peaks == 1


def test_a_product_that_rounding_puts_on_the_other_side_is_decided_by_the_formula_of_spk():
    rows = np.random.default_rng(0).standard_normal((60, 24)) + 0.5
    u = rows / np.sqrt((rows * rows).sum(1))[:, None]
    exact = np.array([[(one * other).sum() for other in u] for one in u])
    i, j = np.nonzero(np.triu(u @ u.T > exact, 1) & (exact > 0))
    assert i.size >= 5  # products by blocks of a matrix and sums round differently
    for cosine in exact[i[:5], j[:5]]:
        assert np.array_equal(_cones(rows, float(cosine))[0], (exact > cosine) | np.eye(60, dtype=bool))
