"""Label noise: exactly the nodes that it names."""

import numpy as np
import pytest

from simulate import label_noise, sbm


def test_label_noise_changes_exactly_the_nodes_it_names():
    model = sbm(300, 3, mean_degree=5, rng=np.random.default_rng(0))
    noisy, flipped = label_noise(model, 0.2, np.random.default_rng(1))
    assert flipped.sum() == 60
    assert np.array_equal(noisy.labels != model.labels, flipped)


def test_a_model_of_one_block_has_no_other_label():
    one = sbm(30, 1, mean_degree=5, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="at least two blocks"):
        label_noise(one, 0.2, np.random.default_rng(0))
