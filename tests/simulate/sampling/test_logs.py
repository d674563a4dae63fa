"""Logs: the closed forms against long samples, at a false-alarm rate of 1e-6 with fixed seeds."""

import numpy as np
import pytest
from scipy import stats

from simulate import InteractionModel, LogNormal, draw_contexts, sample_interactions

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


def test_a_log_is_binary_without_repeats_and_its_truth_is_returned():
    log, contexts = sample_interactions(model(200, mean_length=6.0), 500, np.random.default_rng(2))
    assert log.shape == (500, 200) and set(np.unique(log.data)) == {1.0}
    assert log.has_canonical_format
    assert np.allclose(contexts.mixtures.sum(axis=1), 1)
    lengths = np.diff(log.indptr)
    assert abs(lengths.mean() - 6.0) < 5.1 * lengths.std() / np.sqrt(500)
    assert np.corrcoef(lengths, contexts.sizes)[0, 1] > 0.4


@pytest.mark.parametrize("length_cv", [0.3, 1.5])
def test_sizes_are_gamma_and_mixtures_dirichlet(length_cv):
    """Kolmogorov-Smirnov on 20,000 contexts; a share of a Dirichlet law is beta distributed. Four tests, 1e-6 in all."""
    m = model(length_cv=length_cv)
    contexts = draw_contexts(m, 20_000, np.random.default_rng(4))
    sizes = stats.gamma(1 / length_cv**2, scale=0.8 * length_cv**2)
    assert stats.kstest(contexts.sizes, sizes.cdf).pvalue > ALARM / 4
    for block, share in enumerate(m.shares):
        law = stats.beta(0.7 * share, 0.7 * (1 - share))
        assert stats.kstest(contexts.mixtures[:, block], law.cdf).pvalue > ALARM / 4


def test_sizes_that_do_not_vary_are_all_the_mean_length():
    assert (draw_contexts(model(length_cv=0.0), 9, np.random.default_rng(0)).sizes == 0.8).all()


def test_the_same_seed_gives_the_same_log():
    one, two = (sample_interactions(model(), 300, np.random.default_rng(3))[0] for _ in range(2))
    assert (one != two).nnz == 0


def test_contexts_are_drawn_by_a_generator_only():
    model = InteractionModel(np.ones(4), [0, 0, 1, 1], mean_length=2.0)
    with pytest.raises(TypeError, match="rng must be"):
        draw_contexts(model, 3, np.random.RandomState(0))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: sample_interactions(model(mean_length=50.0), 50, np.random.default_rng(0)),
            "must be at most 1",
        ),
    ],
)
def test_bad_input_is_refused_by_name(build, words):
    with pytest.raises(ValueError, match=words):
        build()
