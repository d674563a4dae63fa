"""Norms without their noise; their biases against samples are in test_degree_error.py, on the same samples."""

import numpy as np
import pytest

from simulate import BlockModel
from theory import Embedding, bias_corrected_norms, low_degree_norm_bias


def test_an_unknown_law_is_named():
    model = BlockModel(np.ones(4), [0, 0, 1, 1], [[0.4, 0.1], [0.1, 0.4]])
    with pytest.raises(ValueError, match="law must be"):
        low_degree_norm_bias(model, law="binomial")


def test_a_dimension_of_eigenvalue_zero_leaves_norms_alone():
    found = np.linalg.eigh(np.ones((10, 10)))
    order = np.argsort(-np.abs(found[0]))[:2]
    rank_one = Embedding(found[0][order[:1]], found[1][:, order[:1]])
    expected = bias_corrected_norms(rank_one, scaling="full")
    both = Embedding(np.array([found[0][order[0]], 0.0]), found[1][:, order])
    np.testing.assert_allclose(bias_corrected_norms(both, scaling="full"), expected)
