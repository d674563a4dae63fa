"""Factor models against dense linear algebra."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulate import BlockModel, FactorModel, mixed_membership, overlapping_membership, sbm


def dense(model):
    return model.factors @ model.affinity @ model.factors.T


@settings(deadline=None, max_examples=80)
@given(st.integers(2, 20), st.integers(1, 4), st.integers(0, 2**31))
def test_spectrum_operator_and_degrees_are_those_of_the_dense_matrix(n, r, seed):
    rng = np.random.default_rng(seed)
    s = rng.random((r, r))
    model = FactorModel(rng.random((n, r)) * (rng.random((n, r)) < 0.8), s + s.T)
    p = dense(model)
    values, vectors = model.spectrum()
    assert np.allclose((vectors * values) @ vectors.T, p, atol=1e-11)
    assert np.allclose(model.operator() @ np.eye(n), p, atol=1e-12)
    assert np.allclose(model.expected_degrees(), p.sum(1) - np.diag(p), atol=1e-11)
    assert np.allclose(model.expected_degrees(loops=True), p.sum(1), atol=1e-11)


def test_overlap_puts_the_stated_share_into_a_second_block():
    base = sbm(100, 4, mean_degree=8, rng=np.random.default_rng(0))
    _, member = overlapping_membership(base, 0.3, np.random.default_rng(1))
    assert (member.sum(axis=1) == 2).sum() == 30 and member[np.arange(100), base.labels].all()


def test_the_default_concentration_of_mixed_membership_is_one():
    model = sbm(30, 3, mean_degree=5, rng=np.random.default_rng(0))
    default = mixed_membership(model, 0.5, np.random.default_rng(1))[1]
    assert np.array_equal(
        default, mixed_membership(model, 0.5, np.random.default_rng(1), concentration=1.0)[1]
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: FactorModel(np.ones((3, 2)), np.ones((3, 3))), "must match"),
        (lambda: FactorModel(-np.ones((3, 1)), [[1.0]]), "factors must be at least 0"),
        (lambda: FactorModel(np.ones((3, 2)), [[0.1, 0.2], [0.3, 0.1]]), "symmetric"),
        (lambda: FactorModel([[np.nan]], [[1.0]]), "finite"),
        (
            lambda: mixed_membership(
                sbm(5, 2, mean_degree=1, rng=np.random.default_rng(0)), 1.2, np.random.default_rng(0)
            ),
            "fraction",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_second_block_is_any_of_the_others_equally_often():
    """All of 6,000 nodes of three blocks: each of the six ways 1,000 times, chi-square with one alarm in a million."""
    base = BlockModel(np.ones(6000), np.arange(6000) % 3, np.eye(3))
    _, member = overlapping_membership(base, 1.0, np.random.default_rng(0))
    second = member & ~np.eye(3, dtype=bool)[base.labels]
    assert (second.sum(axis=1) == 1).all()
    ways = np.bincount(3 * base.labels + second.argmax(axis=1), minlength=9).reshape(3, 3)
    off = ways[~np.eye(3, dtype=bool)]
    assert stats.chi2.sf(((off - 1000) ** 2 / 1000).sum(), 3) > 1e-6


def test_memberships_are_mixed_by_the_fraction_with_uniform_draws():
    """Dirichlet(1, 1, 1) has mean 1/3 and variance 1/18 in each coordinate; 20,000 draws, five standard errors."""
    base = BlockModel(np.ones(20_000), np.arange(20_000) % 3, np.eye(3))
    _, memberships = mixed_membership(base, 0.4, np.random.default_rng(0))
    draws = (memberships - 0.6 * np.eye(3)[base.labels]) / 0.4
    assert np.allclose(draws.sum(axis=1), 1)
    assert np.abs(draws.mean(axis=0) - 1 / 3).max() < 5.1 * np.sqrt(1 / 18 / 20_000)
    # a square of a number in [0, 1] has a standard deviation below 1/2
    assert np.abs(draws.var(axis=0) - 1 / 18).max() < 5.1 * 0.5 / np.sqrt(20_000)


def test_the_caller_cannot_change_a_model_through_its_arrays():
    factors, affinity = np.ones((3, 1)), np.array([[0.5]])
    model = FactorModel(factors, affinity)
    factors[0], affinity[0] = 9.0, 9.0
    assert model.probability(0, 1) == 0.5
    for array in (model.factors, model.affinity):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2.0
