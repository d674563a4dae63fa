"""Predicted peaks beyond the visible blocks, against a sample; where the prediction is not trusted."""

import numpy as np
import pytest

from simulate import BlockModel, LogNormal, dcbm, sample_graph
from theory import PredictedSample, embed, spikiness


def test_spk_beyond_the_visible_blocks():
    rng = np.random.default_rng(0)
    model = dcbm(3000, 4, heterogeneity=LogNormal(0.5), mean_degree=30, mixing=0.1, rng=rng)
    ranks = [4, 8, 16, 32, 64]
    vectors = embed(sample_graph(model, rng, law="poisson"), 64)
    sampled = [spikiness(vectors.vectors("full", rank)).n_peaks for rank in ranks]
    predicted = PredictedSample(model, "poisson").spikiness(ranks, rng)
    assert predicted.trusted == (True, False, False, False, False)
    assert predicted.peaks[0] == pytest.approx(sampled[0], abs=1)
    for ours, theirs in list(zip(predicted.peaks, sampled))[1:]:
        assert 1 / 1.6 < ours / theirs < 1.6


def test_a_block_below_the_edge_is_said_to_be_untrusted():
    rng = np.random.default_rng(0)
    model = dcbm(3000, 4, heterogeneity=LogNormal(0.6), mean_degree=40, mixing=0.15, rng=rng)
    affinity = model.affinity.copy()
    affinity[-1, -1] = affinity[0, 1] * 1.05
    drowned = BlockModel(model.propensities, model.labels, affinity)
    sample = PredictedSample(drowned, "poisson")
    assert sample.n_visible == 3
    assert not sample.collinear_fraction(rng, rank=4).trusted
    assert sample.spikiness([3, 4], rng).trusted == (True, False)
