"""Generalised random dot product graphs against the dense matrix, and the models that have this form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import BlockModel, DotProductModel, LogNormal, as_dot_product, dcbm, mixed_membership, pabm


@settings(deadline=None, max_examples=80)
@given(st.integers(2, 20), st.integers(1, 5), st.integers(0, 2**31))
def test_population_quantities_are_those_of_the_dense_matrix(n, d, seed):
    rng = np.random.default_rng(seed)
    model = DotProductModel(rng.standard_normal((n, d)), rng.choice([-1, 1], d))
    p = (model.positions * model.signature) @ model.positions.T
    off = p - np.diag(np.diag(p))
    assert np.allclose(model.expected_degrees(), off.sum(1), atol=1e-10)
    assert np.allclose(model.expected_degrees(loops=True), p.sum(1), atol=1e-10)
    assert np.isclose(model.expected_edges(), off.sum() / 2, atol=1e-10)
    assert np.isclose(model.density, off.sum() / (n * (n - 1)), atol=1e-10)
    assert np.isclose(model.probability(0, 1), p[0, 1])
    values, vectors = model.spectrum()
    assert np.allclose((vectors * values) @ vectors.T, p, atol=1e-10)
    assert (np.diff(np.abs(values)) <= 1e-10).all()
    assert np.allclose(model.operator() @ np.eye(n), p, atol=1e-12)


def test_block_factor_and_popularity_adjusted_models_have_this_form():
    rng = np.random.default_rng(0)
    blocks = dcbm(
        30, 2, heterogeneity=LogNormal(0.5), mean_degree=4, affinity=[[0.1, 1.0], [1.0, 0.1]], rng=rng
    )
    mixed, _ = mixed_membership(blocks, 0.7, rng)
    adjusted = pabm(30, 2, heterogeneity=LogNormal(0.5), mean_degree=4, rng=rng)
    for model, plus in ((blocks, 1), (mixed, 1), (adjusted, 3)):
        found = as_dot_product(model)
        assert (found.signature > 0).sum() == plus
        assert np.allclose(found.expected_degrees(), model.expected_degrees())
        assert found.probability(3, 8) == pytest.approx(model.probability(3, 8))
        assert np.allclose(found.spectrum()[0], model.spectrum()[0])


def test_the_signature_is_all_one_unless_given():
    assert DotProductModel(np.ones((3, 2))).signature.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0, 2.0],), r"positions must be a matrix, nodes x dimensions.*\(2,\)"),
        (([[np.nan]],), "positions must hold finite"),
        (([[1.0, 2.0]], [1.0]), "signature must be 1 or -1 for each of 2 dimensions"),
        (([[1.0, 2.0]], [1.0, 0.5]), "signature must be 1 or -1"),
        ((np.ones((2, 0)),), "at least one"),
    ],
)
def test_bad_models_are_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        DotProductModel(*arguments)


def test_a_model_without_edges_has_no_positions():
    with pytest.raises(ValueError, match="model must have an edge probability above 0"):
        as_dot_product(BlockModel(np.zeros(3), [0, 0, 0], [[1.0]]))
    with pytest.raises(
        TypeError, match="model must be a BlockModel, FactorModel or PopularityAdjustedModel; got int"
    ):
        as_dot_product(3)
