"""Twins: blocks found, popularity kept, the same pipeline for the real matrix and its samples."""

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm

from experiments.matrices.real_matrix import RealMatrix
from experiments.real import twins
from experiments.real.twins import (
    find_item_blocks,
    find_node_blocks,
    fit_twin,
    majority_blocks,
    sample_twin,
    twin_of,
)
from simulate import LogNormal, dcbm, sample_graph


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
    rng = np.random.default_rng(1)
    drawn = [twin.sample(rng) for _ in range(40)]
    for sampled in drawn:
        assert sampled.shape == x.shape and set(sampled.data) == {1.0}
    n = twin.n_contexts
    theta, labels = twin.model.propensities, twin.model.labels
    p = np.minimum(1, theta[:n, None] * theta[None, n:] * twin.model.affinity[labels[:n]][:, labels[n:]])
    mean, variance = p.sum(axis=0), (p * (1 - p)).sum(axis=0)
    z = (np.mean([t.sum(axis=0) for t in drawn], axis=0) - mean) / np.sqrt(variance / len(drawn))
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
        ("spikes", None, "no two of its 3 items occur together"),
    ],
)
def test_bad_blocks(by, labels, message):
    with pytest.raises(ValueError, match=message):
        find_item_blocks(np.eye(3), by, labels=labels, rng=np.random.default_rng(0))


def test_items_without_a_positive_ppmi_form_the_last_block():
    x, _, s = planted(inside=12.0, outside=0.1)
    alone = sparse.csr_array(np.eye(x.shape[0], 1))
    found = find_item_blocks(sparse.hstack([x, alone]), "spikes", rank=4, rng=np.random.default_rng(0))
    assert agrees(found[:-1], s) and found[-1] == 4


def test_nodes_of_a_graph_fall_into_its_blocks_and_its_twins_keep_its_degrees():
    model = dcbm(
        400, 4, heterogeneity=LogNormal(0.3), mean_degree=60, mixing=0.05, rng=np.random.default_rng(0)
    )
    graph = sample_graph(model, np.random.default_rng(1), law="poisson", dtype=np.float64)
    found = find_node_blocks(graph, "spikes", rank=4, rng=np.random.default_rng(0))
    assert agrees(found, model.labels)
    real = RealMatrix("toy", graph=graph)
    rng = np.random.default_rng(2)
    degrees = np.mean([sample_twin(real, "spikes", 4, rng).sum(axis=1) for _ in range(20)], axis=0)
    expected = graph.sum(axis=1)
    # a twin's degree is a sum of units whose dispersion lies near 1 here (at most 1.1); 400 nodes, two sides, false alarms in all
    # below 1e-7
    z = (degrees - expected) / np.sqrt(1.1 * expected / 20)
    assert np.abs(z).max() < norm.isf(1e-7 / 800)


def test_twins_of_one_matrix_share_its_fit_and_twins_of_another_do_not(monkeypatch):
    """The fit is kept for the same matrix, rank, labels and way of finding blocks, and for nothing else."""
    x, _, s = planted()
    fits, find = [], twins._fit

    def counting(*arguments):
        fits.append(arguments[1])
        return find(*arguments)

    monkeypatch.setattr(twins, "_fit", counting)
    monkeypatch.setattr(twins, "_LAST_FIT", {})
    other = x.copy()
    other.data[0], other.indices[0] = 1.0, (other.indices[0] + 1) % 240
    real, changed = (
        RealMatrix("toy", interactions=m, labels=s.copy(), label_names=np.arange(4)) for m in (x, other)
    )

    def drawn(matrix, by, rank):
        return sample_twin(matrix, by, rank, np.random.default_rng(0))

    first, again = drawn(real, "spikes", 4), drawn(real, "spikes", 4)
    assert fits == ["spikes"] and (first != again).nnz == 0
    drawn(real, "spikes", 3)
    drawn(changed, "spikes", 3)
    drawn(changed, "labels", 3)
    changed.labels[:] = (changed.labels + 1) % 3
    drawn(changed, "labels", 3)
    drawn(changed, "leiden", 3)
    drawn(changed, "leiden", 3)
    assert fits == ["spikes"] * 3 + ["labels"] * 2 + ["leiden"] * 2


def test_a_twin_of_a_twin_is_fitted_to_the_twin_and_not_to_the_matrix():
    x, _, s = planted()
    real = RealMatrix("toy", interactions=x, labels=s)
    first = sample_twin(real, "labels", 4, np.random.default_rng(0))
    rng = np.random.default_rng(1)
    counts = np.mean(
        [twin_of(first, real, "labels", 4, rng, found=None).sum(axis=0) for _ in range(100)], axis=0
    )
    observed = first.sum(axis=0)
    # of 240 items and 100 twins; pairs are Bernoulli, so their counts vary by less; false alarms in all below 1e-6
    assert (np.abs(counts - observed) < 6 * np.sqrt(observed / 100)).all()
    assert (np.abs(counts - x.sum(axis=0)) > 6 * np.sqrt(observed / 100)).any()
