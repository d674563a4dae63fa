"""How strongly directions stand out of the noise, against dense linear algebra and the models that are known."""

import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import LogNormal, dcbm
from theory import PredictedSample, outliers, visibility

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import CASES, dense, dense_resolvent, model_of


@pytest.mark.parametrize(("name", "law"), CASES)
def test_visibility_is_that_of_the_dense_matrices_at_the_edge(name, law):
    model = model_of(name)
    p, v = dense(model, law)
    g = dense_resolvent(v, PredictedSample(model, law).edge * (1 + 1e-7)).real
    # G^(1/2) Lambda G^(1/2) has the nonzero eigenvalues of g^(1/2) P g^(1/2)
    values = np.sort(np.abs(np.linalg.eigvalsh(np.sqrt(g)[:, None] * p * np.sqrt(g))))[::-1]
    ours = visibility(model, law)
    # plain iteration has not converged at the edge itself: it is good to a few parts in a thousand
    np.testing.assert_allclose(ours, values[: len(ours)], rtol=5e-3)


def test_chung_lu_has_one_direction_and_the_theory_says_so():
    rng = np.random.default_rng(0)
    model = dcbm(2000, 1, heterogeneity=LogNormal(0.6), mean_degree=30, rng=rng)
    assert outliers(model, "poisson").n_visible == 1
