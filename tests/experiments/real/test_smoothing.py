"""The estimate of items that were measured a few times: the weight of an item's own mean, groups, and intervals that cover."""

import numpy as np
import pytest

from experiments.real.smoothing import smoothed


def drawn(rng, draws, between, n=2000, k=20):
    """Items whose true share is a line in x plus a part of their own; `draws` binomial observations, and one more."""
    x = rng.random(n)
    true = np.clip(0.3 + 0.4 * x + between * rng.standard_normal(n), 0.01, 0.99)
    return x[:, None], true, rng.binomial(k, true, (draws + 1, n)) / k


@pytest.mark.parametrize("between", [0.0, 0.15])
def test_the_estimate_is_nearer_the_truth_than_the_mean_of_the_draws_and_than_the_line(between):
    features, true, seen = drawn(np.random.default_rng(0), 3, between)
    fit = smoothed(features, np.arange(2000), seen[:-1], np.zeros(2000, dtype=int), 0.9)
    error = ((fit.value - true) ** 2).mean()
    assert error < 0.85 * ((seen[:-1].mean(axis=0) - true) ** 2).mean()
    if between:
        # w = t / (t + c / draws); here the variance between is 0.0225 and that of a mean of draws about 0.0038
        assert 0.75 < fit.weight < 0.95
    else:
        assert fit.weight < 0.1


def test_nine_of_ten_further_observations_lie_in_the_interval():
    features, _, seen = drawn(np.random.default_rng(1), 4, 0.1)
    fit = smoothed(features, np.arange(2000), seen[:-1], np.zeros(2000, dtype=int), 0.9)
    inside = (fit.low <= seen[-1]) & (seen[-1] <= fit.high)
    # of 2,000 the share has a standard deviation of 0.007; observations in steps of 1 / 20 push it up
    assert 0.86 < inside.mean() < 0.96
    assert (fit.low <= fit.value).all() and (fit.value <= fit.high).all()


def test_items_that_were_not_measured_get_the_line_and_a_wider_interval():
    features, _, seen = drawn(np.random.default_rng(2), 4, 0.1)
    known = np.arange(0, 2000, 2)
    fit = smoothed(features, known, seen[:-1, known], np.zeros(2000, dtype=int), 0.9)
    others = np.arange(1, 2000, 2)
    assert np.abs(fit.value[others] - (0.3 + 0.4 * features[others, 0])).max() < 0.05
    width = fit.high - fit.low
    assert width[others].mean() > width[known].mean()
    inside = (fit.low <= seen[-1]) & (seen[-1] <= fit.high)
    assert inside[others].mean() > 0.85


def test_groups_that_differ_are_told_apart():
    rng = np.random.default_rng(3)
    group = np.arange(400) % 4
    seen = rng.binomial(20, 0.2 + 0.2 * group, (2, 400)) / 20
    fit = smoothed(np.zeros((400, 1)), np.arange(400), seen, group, 0.9)
    means = [fit.value[group == g].mean() for g in range(4)]
    assert np.allclose(means, [0.2, 0.4, 0.6, 0.8], atol=0.03)
    assert fit.value.std() < 0.25  # not the noise of single items


def test_constant_observations_are_certain():
    fit = smoothed(np.zeros((30, 1)), np.arange(30), np.ones((2, 30)), np.zeros(30, dtype=int), 0.9)
    assert np.allclose(fit.value, 1) and np.allclose(fit.low, 1) and np.allclose(fit.high, 1)
