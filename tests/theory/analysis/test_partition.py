"""One partition of all rows: exact on rays, near the truth on samples, and honest where there are no spikes."""

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

import theory.analysis.partition
from simulate import LogNormal, dcbm, sample_graph
from theory import embed, partition_by_spikes, spikiness


def sampled(seed):
    """Rows (800, 8) of a sampled graph of eight communities, mean degree 40, and the truth."""
    rng = np.random.default_rng(seed)
    law = LogNormal(0.8, maximum=4.0)
    model = dcbm(800, 8, heterogeneity=law, mean_degree=40, mixing=0.05, rng=rng)
    return embed(sample_graph(model, rng, law="poisson"), 8).vectors(), model.labels


def test_on_rays_it_is_the_truth():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 5, 400)
    rows = np.linalg.qr(rng.standard_normal((8, 8)))[0][truth] * rng.lognormal(0, 1, 400)[:, None]
    found = partition_by_spikes(rows)
    assert normalized_mutual_info_score(truth, found.labels) == pytest.approx(1.0)
    assert found.n_parts == 5 and found.inside.all() and found.resolved
    assert np.array_equal(found.sizes, np.bincount(found.labels))
    norms = np.linalg.norm(rows, axis=1)
    for part, peak in enumerate(found.peaks):
        assert norms[peak] == norms[found.labels == part].max()
    assert (np.diff(norms[found.peaks]) <= 0).all()


@pytest.mark.parametrize("seed", range(4))  # fixed seeds: no false alarm to state
def test_on_a_sample_it_finds_communities_of_which_the_rows_of_spk_give_a_part(seed):
    rows, truth = sampled(seed)
    found = partition_by_spikes(rows)
    assert found.n_parts == 8
    assert normalized_mutual_info_score(truth, found.labels) >= 0.95
    half = spikiness(rows).membership
    assert len(np.unique(half[half >= 0])) < 8  # the spikes of half the rows miss communities altogether
    assert normalized_mutual_info_score(truth, half) < 0.9


def test_rows_off_the_spikes_join_the_nearest_peak():
    rows, _ = sampled(0)
    found = partition_by_spikes(rows)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = unit @ unit[found.peaks].T
    others = ~found.inside
    assert others.sum() > 20
    assert np.array_equal(found.labels[others], cosines[others].argmax(axis=1))
    assert (cosines[found.inside, found.labels[found.inside]] > 0.9).all()


def test_small_spikes_are_no_parts():
    rows = np.vstack([np.outer(np.linspace(9, 1, 12), [1.0, 0.0]), np.outer([20.0, 5.0, 4.0], [0.1, 1.0])])
    found = partition_by_spikes(rows)
    assert found.peaks.tolist() == [0] and found.labels.tolist() == [0] * 15
    assert found.resolved and found.inside.sum() == 12
    assert partition_by_spikes(rows, least=3).sizes.tolist() == [3, 12]


def test_without_a_spike_of_enough_rows_there_is_one_part_that_says_so():
    rows = np.vstack([np.diag([1.0, 3.0, 2.0]), np.zeros((2, 3))])
    found = partition_by_spikes(rows)
    assert found.labels.tolist() == [0, 0, 0, -1, -1]
    assert not found.resolved and not found.inside.any()
    assert found.peaks.tolist() == [1] and found.sizes.tolist() == [3]


@pytest.mark.parametrize("scale", [2.0**-330, 2.0**330])
def test_the_unit_of_the_rows_does_not_matter(scale):
    rows, _ = sampled(1)
    one, two = partition_by_spikes(rows), partition_by_spikes(rows * scale)
    assert np.array_equal(one.labels, two.labels) and np.array_equal(one.peaks, two.peaks)


def test_few_cosines_at_once_change_nothing(monkeypatch):
    rows, _ = sampled(2)
    whole = partition_by_spikes(rows).labels
    monkeypatch.setattr(theory.analysis.partition, "SCORES", 100)
    assert np.array_equal(partition_by_spikes(rows).labels, whole)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="least must be an integer of at least 1; got 0"):
        partition_by_spikes(np.eye(3), least=0)
    with pytest.raises(ValueError, match="row of non-zero norm"):
        partition_by_spikes(np.zeros((3, 2)))
