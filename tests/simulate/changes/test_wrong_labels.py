"""Label noise: exactly the nodes that it names."""

import numpy as np
import pytest
from scipy import stats

from simulate import BlockModel, label_noise, sbm


def test_label_noise_changes_exactly_the_nodes_it_names():
    model = sbm(300, 3, mean_degree=5, rng=np.random.default_rng(0))
    noisy, flipped = label_noise(model, 0.2, np.random.default_rng(1))
    assert flipped.sum() == 60
    assert np.array_equal(noisy.labels != model.labels, flipped)


def test_a_model_of_one_block_has_no_other_label():
    one = sbm(30, 1, mean_degree=5, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="at least two blocks"):
        label_noise(one, 0.2, np.random.default_rng(0))


def test_the_other_label_is_any_of_the_other_blocks_equally_often():
    """3,000 nodes of each of four blocks: chi-square over the twelve ways to be wrong, one alarm in a million."""
    model = BlockModel(np.ones(12_000), np.arange(12_000) % 4, np.eye(4))
    noisy, _ = label_noise(model, 1.0, np.random.default_rng(0))
    ways = np.bincount(4 * model.labels + noisy.labels, minlength=16).reshape(4, 4)
    assert not np.diag(ways).any()
    off = ways[~np.eye(4, dtype=bool)].reshape(4, 3)
    # each block gives three counts that sum to 3,000
    assert stats.chi2.sf(((off - 1000) ** 2 / 1000).sum(), 8) > 1e-6
