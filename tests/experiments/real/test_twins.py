"""Twins: blocks found, popularity kept, the same pipeline for the real matrix and its samples."""

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm

from experiments.real.twins import (
    TwinComparison,
    compare_with_twins,
    find_item_blocks,
    fit_twin,
    majority_blocks,
    sample_twins,
    spikiness_by_rank,
)


def planted(seed=0, n_contexts=1500, n_items=240, blocks=4, inside=8.0, outside=0.4):
    """Contexts and items in equal blocks, item popularity spread over a factor of four."""
    rng = np.random.default_rng(seed)
    r, s = np.arange(n_contexts) % blocks, np.arange(n_items) % blocks
    popularity = np.exp(rng.uniform(-0.7, 0.7, n_items))
    rate = np.where(r[:, None] == s[None, :], inside, outside) * blocks / n_items * popularity
    return sparse.csr_array((rng.random(rate.shape) < np.minimum(rate, 0.9)).astype(float)), r, s


def agrees(found, truth):
    """Return whether two labellings are the same partition."""
    return len({*zip(found.tolist(), truth.tolist())}) == len(set(truth.tolist())) == len(set(found.tolist()))


def test_popularity_and_lengths_are_those_observed():
    x, _, s = planted()
    twin = fit_twin(x, s)
    assert twin.popularity == pytest.approx(x.sum(axis=0), rel=1e-10)
    assert twin.lengths == pytest.approx(x.sum(axis=1), rel=1e-10, abs=1e-10)
    assert twin.pairs == pytest.approx(x.nnz, rel=1e-12)
    assert 0 <= twin.lost < 0.01 * twin.pairs


def test_sampled_popularity_has_the_mean_and_variance_of_bernoulli_pairs():
    x, r, s = planted()
    twin = fit_twin(x, s, r)
    twins = list(sample_twins(twin, 40, np.random.default_rng(1)))
    for sampled in twins:
        assert sampled.shape == x.shape and set(sampled.data) == {1.0}
    n = twin.n_contexts
    theta, labels = twin.model.propensities, twin.model.labels
    p = np.minimum(1, theta[:n, None] * theta[None, n:] * twin.model.affinity[labels[:n]][:, labels[n:]])
    mean, variance = p.sum(axis=0), (p * (1 - p)).sum(axis=0)
    z = (np.mean([t.sum(axis=0) for t in twins], axis=0) - mean) / np.sqrt(variance / len(twins))
    # 240 items, two sides, false alarms in all below 1e-7
    assert np.abs(z).max() < norm.isf(1e-7 / 480)


def test_majority_blocks():
    x = np.array([[1, 1, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0], [1, 0, 1, 0]])
    assert majority_blocks(x, [0, 1, 2, 1]).tolist() == [1, 0, 2, 0]


def test_majority_blocks_find_planted_contexts():
    x, r, s = planted()
    assert (majority_blocks(x, s) == r)[x.sum(axis=1) >= 5].mean() > 0.98


def test_spikes_find_planted_blocks():
    x, _, s = planted(inside=12.0, outside=0.1)
    found = find_item_blocks(x, "spikes", rank=4, rng=np.random.default_rng(0))
    assert agrees(found, s)


@pytest.mark.slow
def test_leiden_finds_planted_blocks():
    x, _, s = planted(inside=12.0, outside=0.1)
    assert agrees(find_item_blocks(x, "leiden", rng=np.random.default_rng(0)), s)


def test_blocks_by_label_put_the_unknown_last():
    x = np.ones((3, 5))
    found = find_item_blocks(x, "labels", labels=[7, -1, 3, 7, -1], rng=np.random.default_rng(0))
    assert found.tolist() == [1, 2, 0, 1, 2]


@pytest.mark.parametrize(
    ("by", "labels", "message"),
    [
        ("spike", None, "did you mean 'spikes'"),
        ("labels", None, "labels must be 3 integers"),
        ("labels", [0, 1], "labels must be 3 integers"),
        ("labels", [0.0, 1.0, 2.0], "labels must be 3 integers"),
        ("spikes", None, "at least 3 items; got 0"),
    ],
)
def test_bad_blocks(by, labels, message):
    with pytest.raises(ValueError, match=message):
        find_item_blocks(np.eye(3), by, labels=labels, rng=np.random.default_rng(0))


def test_a_twin_does_not_depend_on_how_many_are_drawn():
    x, _, s = planted(n_contexts=200)
    twin = fit_twin(x, s)
    one = next(sample_twins(twin, 1, np.random.default_rng(5)))
    many = next(sample_twins(twin, 3, np.random.default_rng(5)))
    assert (one != many).nnz == 0


def test_a_matrix_of_the_model_is_among_its_twins_and_far_from_those_without_its_blocks():
    x, _, s = planted(n_contexts=3000, n_items=400, blocks=8)
    same = compare_with_twins(x, fit_twin(x, s), count=5, ranks=(8, 24), rng=np.random.default_rng(2))
    assert same.twins.shape == (5, 2)
    # one peak a block is what half of the vectors need, in the matrix and in its twins
    assert same.real * 400 == pytest.approx([5, 5], abs=1)
    assert np.abs(same.twins - same.real).max() * 400 <= 1.001
    blind = compare_with_twins(x, fit_twin(x, 0 * s), count=5, ranks=(24,), rng=np.random.default_rng(2))
    # noise fills 24 dimensions: measured 0.44, against 0.0125
    assert blind.twins.min() > 10 * blind.real[0]
    assert blind.p_values[0] == pytest.approx(2 / 6)


def test_p_values_by_hand():
    compared = TwinComparison(
        (1, 2, 3), np.array([1.0, 5.0, np.nan]), np.array([[2.0, 5, 1], [3, 4, 1], [4, 6, 1]])
    )
    assert compared.p_values[:2].tolist() == [0.5, 1.0] and np.isnan(compared.p_values[2])


def test_ranks_that_a_matrix_does_not_have_are_nan():
    x, _, _ = planted(n_contexts=300, n_items=20)
    values = spikiness_by_rank(x, (4, 64))
    assert values[0] > 0 and np.isnan(values[1])
