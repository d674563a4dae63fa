"""Peaks of a matrix beside those of its null: what is a number, what is a bound, and what is said of both."""

import math

import numpy as np
import pytest

import theory
from experiments.real import peaks_beside_nulls
from experiments.real.peaks_beside_nulls import Beside, Counting, conclusion


def count(n_peaks, at_least=False, n_rows=20_000):
    return theory.PeakCount(n_peaks, n_rows, at_least, None)


@pytest.fixture
def never_small(monkeypatch):
    monkeypatch.setattr(peaks_beside_nulls, "ALWAYS_EXACT", 100)


def flat(n=6000, f=32):
    return np.random.default_rng(0).standard_normal((n, f))


def test_a_matrix_without_spikes_ends_at_a_tenth_and_goes_on_when_asked(never_small):
    rng = np.random.default_rng(1)
    found = Counting().of_matrix(flat(), rng)
    assert found.at_least and found.n_peaks == 600
    exact = Counting(exact=True).of_matrix(flat(), rng)
    assert not exact.at_least and exact.n_peaks == theory.spikiness(flat()).n_peaks


def test_a_small_matrix_is_always_exact():
    assert not Counting().of_matrix(flat(800), np.random.default_rng(1)).at_least


@pytest.mark.parametrize(
    ("real", "limit"), [(count(20), 200), (count(500), 1000), (count(100), 600), (count(700, True), 600)]
)
def test_a_null_ends_far_from_the_matrix(real, limit, never_small):
    """At ten times its peaks; at a tenth of the 6,000 rows, if that is twice its peaks; at a tenth if it has no spikes."""
    found = Counting().of_null(flat(), real, np.random.default_rng(2))
    assert found.at_least and found.n_peaks == limit


def test_a_null_that_needs_few_peaks_is_exact(never_small):
    rows = flat(f=4)
    found = Counting().of_null(rows, count(20), np.random.default_rng(2))
    assert not found.at_least and found.n_peaks == theory.spikiness(rows).n_peaks


def test_bounds_stay_bounds_in_every_number():
    mixed = Beside(count(30), (count(300, True), count(200)))
    assert mixed.some_at_least and not mixed.all_at_least
    assert (mixed.null_low, mixed.null_mean, mixed.null_high) == (0.01, 0.0125, 0.015)
    assert mixed.p_value == pytest.approx(2 / 3)
    assert Beside(count(30), (count(300, True),)).all_at_least
    alone = Beside(count(30))
    assert math.isnan(alone.null_mean) and alone.p_value is None and not alone.all_at_least
    # the number of peaks of the matrix itself is asked for
    assert Beside(count(2000, True), (count(2000, True),)).p_value is None


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (Beside(count(30)), ""),
        (
            Beside(count(30), (count(300, True),) * 3),
            "at least 10 times as many peaks (3 draws are too few for a p-value; --null 39 gives one)",
        ),
        (Beside(count(30), (count(60), count(90))), "needs 2 to 3 times as many"),
        (
            Beside(count(30), (count(30),)),
            "At f = 8 the null needs as many peaks (one draw can give no p-value below 1).",
        ),
        (Beside(count(30), (count(60),)), "needs 2 times as many peaks (one draw can give no"),
        # within its nulls, whatever the mean of these: their number is set beside theirs, no mean
        (
            Beside(count(30), (count(29), count(90))),
            "(2 draws are too few for a p-value; --null 39 gives one)",
        ),
        (Beside(count(30), (count(60), count(300, True))), "2 to 10 or more times as many"),
        (Beside(count(2000, True)), "At f = 8 Spk is above 10%: no spikes."),
        (Beside(count(2000, True), (count(2000, True),)), "The same holds for the null."),
        (Beside(count(2000, True), (count(900), count(2000, True))), "1 of 2 draws of the null needed fewer"),
    ],
)
def test_conclusions(beside, said):
    text = conclusion(beside, 0.5, 8)
    assert said in text and bool(text) == bool(said)
