"""Bad input; the biases of norms are compared with samples in test_degree_error.py, on the same samples."""

import numpy as np
import pytest

from simulate import BlockModel
from theory import low_degree_norm_bias


def test_an_unknown_law_is_named():
    model = BlockModel(np.ones(4), [0, 0, 1, 1], [[0.4, 0.1], [0.1, 0.4]])
    with pytest.raises(ValueError, match="law must be"):
        low_degree_norm_bias(model, law="binomial")
