"""What noise adds to squared norms against dense matrices; samples are in test_degree_error.py."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import BlockModel
from theory import low_degree_norm_bias

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, model_of


@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
@pytest.mark.parametrize(("name", "law"), CASES)
def test_the_bias_is_the_trace_of_the_covariance_of_each_row(name, law, scaling):
    """Row i moves by sum_j W_ij m_j, m = U |Lambda|^p Lambda^-1: its mean square is sum_j V_ij |m_j|^2."""
    model = model_of(name, n=60)
    p, v = dense(model, law)
    lam, u = np.linalg.eigh(p)
    kept = np.argsort(-np.abs(lam))[: np.linalg.matrix_rank(model.affinity)]
    m = u[:, kept] * np.abs(lam[kept]) ** {"unit": 0, "half": 0.5, "full": 1}[scaling] / lam[kept]
    found = low_degree_norm_bias(model, law=law, scaling=scaling)
    np.testing.assert_allclose(found, v @ (m**2).sum(axis=1), rtol=1e-9)


def test_an_unknown_law_is_named():
    model = BlockModel(np.ones(4), [0, 0, 1, 1], [[0.4, 0.1], [0.1, 0.4]])
    with pytest.raises(ValueError, match="law must be"):
        low_degree_norm_bias(model, law="binomial")
