"""Logs: the closed forms against long samples, at a false-alarm rate of 1e-6 with fixed seeds."""

import numpy as np
import pytest
from scipy import stats

from simulate import (
    InteractionModel,
    LogNormal,
    inclusion_probabilities,
    sample_fixed_lengths,
    sample_interactions,
)
from simulate.sampling.logs import draw_contexts

ALARM = 1e-6


def model(n=24, **options):
    rng = np.random.default_rng(0)
    theta = LogNormal(0.5).sample(n, rng)
    labels = rng.permutation(np.arange(n) % 3)
    return InteractionModel(
        theta, labels, **({"mean_length": 0.8, "concentration": 0.7, "length_cv": 0.3} | options)
    )


def test_items_and_pairs_have_their_closed_form_probabilities():
    m, contexts = model(), 60_000
    log, _ = sample_interactions(m, contexts, np.random.default_rng(1))
    log = log.astype(np.float64)
    seen = np.asarray(log.sum(axis=0)).ravel()
    p = m.item_probability()
    # a context is one draw: counts are binomial over contexts
    tails = np.minimum(stats.binom.cdf(seen, contexts, p), stats.binom.sf(seen - 1, contexts, p))
    both = (log.T @ log).toarray()
    i, j = np.triu_indices(m.n_items, 1)
    q = np.array([m.pair_probability(a, b) for a, b in zip(i, j)])
    pair_tails = np.minimum(
        stats.binom.cdf(both[i, j], contexts, q), stats.binom.sf(both[i, j] - 1, contexts, q)
    )
    assert min(tails.min(), pair_tails.min()) > ALARM / (2 * (len(p) + len(q)))


def test_pmi_is_constant_on_blocks_and_equals_the_ratio_of_probabilities():
    m = model()
    p = m.item_probability()
    for i, j in [(0, 1), (2, 9), (5, 17)]:
        expected = np.log(m.pair_probability(i, j) / (p[i] * p[j]))
        assert m.pmi()[m.labels[i], m.labels[j]] == pytest.approx(expected, rel=1e-12)
    heavier = InteractionModel(m.propensities**3, m.labels, mean_length=0.2, concentration=0.7, length_cv=0.3)
    within = heavier.pmi() + np.log(np.outer(heavier.shares, heavier.shares) / heavier.mixture_moments())
    assert np.allclose(within, np.log(1.09), atol=1e-12)


def test_a_log_is_binary_without_repeats_and_its_truth_is_returned():
    log, contexts = sample_interactions(model(200, mean_length=6.0), 500, np.random.default_rng(2))
    assert log.shape == (500, 200) and set(np.unique(log.data)) == {1.0}
    assert log.has_canonical_format
    assert np.allclose(contexts.mixtures.sum(axis=1), 1)
    lengths = np.diff(log.indptr)
    assert abs(lengths.mean() - 6.0) < 5.1 * lengths.std() / np.sqrt(500)
    assert np.corrcoef(lengths, contexts.sizes)[0, 1] > 0.4


def test_the_same_seed_gives_the_same_log():
    one, two = (sample_interactions(model(), 300, np.random.default_rng(3))[0] for _ in range(2))
    assert (one != two).nnz == 0


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


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: InteractionModel([1.0], [0, 1], mean_length=1.0), "one length"),
        (lambda: InteractionModel([1.0, 0.0], [0, 0], mean_length=1.0), "above 0; the least seen is 0"),
        (lambda: InteractionModel([1.0, 1.0], [0, 2], mean_length=1.0), "every block present"),
        (
            lambda: InteractionModel([1.0, 1.0], [0, 0], mean_length=0.0),
            "mean_length must be a number above 0",
        ),
        (
            lambda: sample_interactions(model(mean_length=50.0), 50, np.random.default_rng(0)),
            "must be at most 1",
        ),
        (
            lambda: sample_fixed_lengths(model(), [25], np.random.default_rng(0)),
            "at most the number of items, 24; got 25",
        ),
        (lambda: sample_fixed_lengths(model(), [-1], np.random.default_rng(0)), "integers of at least 0"),
        (lambda: inclusion_probabilities([1.0, 1.0], 3), "length must be an integer from 0 to 2; got 3"),
    ],
)
def test_bad_input_is_refused_by_name(build, words):
    with pytest.raises(ValueError, match=words):
        build()


def test_contexts_are_drawn_by_a_generator_only():
    model = InteractionModel(np.ones(4), [0, 0, 1, 1], mean_length=2.0)
    with pytest.raises(TypeError, match="rng must be"):
        draw_contexts(model, 3, np.random.RandomState(0))


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
