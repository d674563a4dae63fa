"""Peaks of random directions of a given spectrum against samples, and the shares of cones against Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest

from theory import cap_probability, chance_peaks, chance_peaks_of_spectrum, spikiness
from theory.prediction.chance_of_spectrum import cone_shares, direction_variances


def directions(n: int, variances: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    g = rng.standard_normal((n, variances.size)) * np.sqrt(variances)
    return np.asarray(g / np.linalg.norm(g, axis=1)[:, None])


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("f", "n"), [(6, 3000), (10, 3000)])
def test_peaks_of_samples(f: int, n: int, power: float) -> None:
    """The mean of four samples varies by about 2.5 % of the peaks (sd); it was within 6 %, and 20 % is 5.6 sd beyond that."""
    squares = np.arange(1, f + 1.0) ** -power
    variances = direction_variances(squares / squares.sum())
    rng = np.random.default_rng([f, n])
    found = [
        spikiness(directions(n, variances, rng) * rng.lognormal(0, 1, n)[:, None]).n_peaks for _ in range(4)
    ]
    predicted = chance_peaks_of_spectrum(n, squares, np.random.default_rng(0)).peaks
    assert 0.8 < np.mean(found) / predicted < 1.2


def test_variances_give_the_squares_asked_for() -> None:
    shares = np.array([0.6, 0.3, 0.1])
    u = directions(400_000, direction_variances(shares), np.random.default_rng(0))
    # a square lies in (0, 1), so that the standard error is below .5 / sqrt(n): 5.5 of them, false alarm 4e-8 each
    np.testing.assert_allclose((u**2).mean(axis=0), shares, atol=5.5 * 0.5 / np.sqrt(len(u)))


def test_cone_shares() -> None:
    """The saddle point was within 15 % of Monte Carlo, whose standard error is below 2 % here."""
    rng = np.random.default_rng(1)
    variances = np.array([0.6, 0.3, 0.1])
    u = directions(300_000, variances, rng)
    counted = (u @ u[:8].T > 0.9).mean(axis=0)
    assert counted.min() > 0.01
    np.testing.assert_allclose(cone_shares(u[:8], variances, 0.9), counted, rtol=0.25)


@pytest.mark.parametrize("f", [2, 3, 8, 64])
def test_equal_squares_are_the_isotropic_case(f: int) -> None:
    share = cone_shares(np.eye(f)[:1], np.full(f, 1 / f), 0.9)[0]
    assert share == pytest.approx(cap_probability(f), rel=0.15)
    equal = chance_peaks_of_spectrum(5000, np.full(f, 3.0), np.random.default_rng(0)).peaks
    assert equal == pytest.approx(chance_peaks(5000, f).peaks, rel=0.15)


def test_the_value_is_peaks_over_directions_and_the_cap_the_mean_share_of_a_cone() -> None:
    found = chance_peaks_of_spectrum(2000, np.ones(3), np.random.default_rng(0))
    assert found.value == pytest.approx(found.peaks / 2000, rel=1e-12)
    assert found.cap == pytest.approx(
        0.05, rel=0.15
    )  # (1 - c) / 2 of the ordinary sphere, by the saddle point


def test_full_coverage_needs_more() -> None:
    half, whole = (
        chance_peaks_of_spectrum(2000, [3.0, 2.0, 1.0], np.random.default_rng(0), coverage=rho).peaks
        for rho in (0.5, 1.0)
    )
    assert whole > 3 * half


@pytest.mark.parametrize("bad", [[1.0], [1.0, 0.0], [1.0, -1.0, 2.0], [[1.0, 2.0]]])
def test_refuses_squares_that_are_no_spectrum(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="squares"):
        chance_peaks_of_spectrum(10, bad, np.random.default_rng(0))
