"""Moments of edges against dense matrices of them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from theory.prediction.entry_moments import moment_times

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import dense, model_of, with_an_impossible_loop


@pytest.mark.parametrize("model", [model_of("assortative"), with_an_impossible_loop()])
def test_moments_are_those_of_the_edges(model):
    """E (A - p)^2 = p (1 - p) and E (A - p)^3 = p (1 - p) (1 - 2 p) for a Bernoulli edge, both p for a Poisson edge."""
    p = dense(model, "poisson")[0]
    x = np.random.default_rng(0).standard_normal(model.n_nodes)
    drawn = np.where(p <= 1, p, 0.0)  # a loop with P > 1 is not drawn under Bernoulli edges
    for law, order, moments in (
        ("poisson", 2, p),
        ("poisson", 3, p),
        ("bernoulli", 2, drawn * (1 - drawn)),
        ("bernoulli", 3, drawn * (1 - drawn) * (1 - 2 * drawn)),
    ):
        np.testing.assert_allclose(moment_times(model, law, order, x), moments @ x, rtol=1e-9, atol=1e-12)
