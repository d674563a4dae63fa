"""Logs of given lengths: distinct items, and the inclusion probabilities of successive sampling."""

import numpy as np
import pytest
from scipy import stats

from simulate import InteractionModel, LogNormal, inclusion_probabilities, sample_fixed_lengths

ALARM = 1e-6


def model(n=24, **options):
    rng = np.random.default_rng(0)
    theta = LogNormal(0.5).sample(n, rng)
    labels = rng.permutation(np.arange(n) % 3)
    return InteractionModel(
        theta, labels, **({"mean_length": 0.8, "concentration": 0.7, "length_cv": 0.3} | options)
    )


def test_successive_sampling_fills_each_context_with_distinct_items():
    m = model(300)
    lengths = np.random.default_rng(0).geometric(1 / 10, 400)
    log, _ = sample_fixed_lengths(m, lengths, np.random.default_rng(4))
    assert np.diff(log.indptr).tolist() == lengths.tolist()
    assert all(len(set(log.indices[a:b])) == b - a for a, b in zip(log.indptr, log.indptr[1:]))
    whole, _ = sample_fixed_lengths(m, [300], np.random.default_rng(4))
    assert whole.indices.tolist() == list(range(300))


def test_the_second_law_has_its_own_inclusion_probabilities():
    """One block, so that the weights are the propensities; Rosen's limit is within 0.01 at length 20 of 60 items."""
    theta = LogNormal(0.8).sample(60, np.random.default_rng(0))
    m = InteractionModel(theta, np.zeros(60, int), mean_length=1.0)
    contexts = 20_000
    log, _ = sample_fixed_lengths(m, np.full(contexts, 20), np.random.default_rng(5))
    seen = np.asarray(log.sum(axis=0)).ravel() / contexts
    predicted = inclusion_probabilities(theta, 20)
    error = stats.norm.isf(ALARM / 120) * np.sqrt(0.25 / contexts)
    assert np.abs(seen - predicted).max() < 0.01 + error
    reference = 20 * theta / theta.sum()
    assert np.abs(seen - reference).max() > 0.1  # and they are not the reference law's


def test_the_first_item_of_successive_sampling_is_in_proportion():
    theta = np.array([5.0, 3.0, 1.0, 1.0])
    m = InteractionModel(theta, [0, 0, 0, 0], mean_length=1.0)
    log, _ = sample_fixed_lengths(m, np.ones(40_000, int), np.random.default_rng(6))
    assert stats.chisquare(np.asarray(log.sum(axis=0)).ravel(), 4000 * theta).pvalue > ALARM


def test_a_context_that_must_hold_nearly_all_items_ends_and_keeps_its_law():
    """Items left over come by exponential times: the same inclusion probabilities as by drawing again and again."""
    few = model_of_two(0.01)
    log, contexts = sample_fixed_lengths(few, np.full(3000, 8), np.random.default_rng(0))
    assert (log.sum(axis=1) == 8).all()
    # where one block has nearly all of the mixture, its five items are there
    sure = contexts.mixtures.max(axis=1) > 1 - 1e-9
    favoured = contexts.mixtures.argmax(axis=1)
    inside = log.toarray()[np.arange(3000)[:, None], (np.arange(5) * 2)[None, :] + favoured[:, None]]
    assert sure.sum() > 1000 and (inside[sure].sum(axis=1) == 5).all()
    # and each of the others as often as any: 3 of 5, within 4.9 standard deviations
    others = log.toarray()[sure][
        np.arange(sure.sum())[:, None], (np.arange(5) * 2)[None, :] + 1 - favoured[sure][:, None]
    ]
    assert np.abs(others.mean(axis=0) - 0.6).max() < 4.9 * np.sqrt(0.24 / sure.sum())


def model_of_two(concentration):
    return InteractionModel(np.ones(10), np.arange(10) % 2, mean_length=3.0, concentration=concentration)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: sample_fixed_lengths(model(), [25], np.random.default_rng(0)),
            "at most the number of items, 24; got 25",
        ),
        (
            lambda: sample_fixed_lengths(model(), [-1], np.random.default_rng(0)),
            r"integers of at least 0; got \[-1\]",
        ),
        (lambda: inclusion_probabilities([1.0, 1.0], 3), "length must be an integer from 0 to 2; got 3"),
    ],
)
def test_bad_input_is_refused_by_name(build, words):
    with pytest.raises(ValueError, match=words):
        build()
