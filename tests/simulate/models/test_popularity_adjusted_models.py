"""Popularity-adjusted models against the dense matrix, and the block model as their special case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import LogNormal, PopularityAdjustedModel, dcbm, pabm


def dense(model):
    """lambda_i(z_j) lambda_j(z_i), written out."""
    own, z = model.popularities, model.labels
    return own[:, z] * own[:, z].T


@st.composite
def models(draw):
    """Empty blocks, zero popularities, P on both sides of 1."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, k = draw(st.integers(0, 25)), draw(st.integers(1, 4))
    own = rng.lognormal(-0.5, 1, (n, k)) * (rng.random((n, k)) > draw(st.sampled_from([0.0, 0.3])))
    return PopularityAdjustedModel(own, rng.integers(0, k, n))


@settings(deadline=None, max_examples=100)
@given(models())
def test_population_quantities_are_those_of_the_dense_matrix(model):
    p = dense(model)
    off = p - np.diag(np.diag(p))
    assert np.allclose(model.expected_degrees(), off.sum(1), atol=1e-10)
    assert np.allclose(model.expected_degrees(loops=True), p.sum(1), atol=1e-10)
    assert np.isclose(model.expected_edges(), off.sum() / 2, atol=1e-10)
    assert np.isclose(model.clipped_mass(), np.maximum(off - 1, 0).sum() / 2, atol=1e-9)
    worst = model.largest_probability()
    assert np.isclose(worst.probability, off.max(initial=0.0))
    if worst.probability > 0:
        assert worst.i != worst.j and np.isclose(off[worst.i, worst.j], worst.probability)
    values, vectors = model.spectrum()
    assert np.allclose((vectors * values) @ vectors.T, p, atol=1e-9 * max(1.0, p.max(initial=0)))
    assert len(values) <= model.n_blocks**2


def test_equal_popularities_in_all_blocks_are_the_block_model():
    model = dcbm(30, 3, heterogeneity=LogNormal(0.6), mean_degree=4, rng=np.random.default_rng(0))
    own = model.propensities[:, None] * np.sqrt(model.affinity[model.labels])
    same = PopularityAdjustedModel(own, model.labels)
    assert np.allclose(same.expected_degrees(), model.expected_degrees())
    assert same.density == pytest.approx(model.density)
    values = same.spectrum()[0]
    assert np.allclose(np.sort(values)[::-1][:3], np.sort(model.spectrum()[0])[::-1])
    assert np.allclose(np.sort(np.abs(values))[:-3], 0, atol=1e-12)


def test_the_recipe_reaches_its_degree_and_mixing():
    rng = np.random.default_rng(0)
    model = pabm(3000, 3, heterogeneity=LogNormal(0.5), mean_degree=9.0, mixing=0.25, rng=rng)
    assert model.expected_degrees().mean() == pytest.approx(9.0)
    within = model.popularities[np.arange(3000), model.labels]
    between = np.delete(model.popularities.ravel(), np.arange(3000) * 3 + model.labels)
    # means of lognormal draws, sd 0.53 of their mean: five standard errors of the ratio 1/2
    assert abs(between.mean() / within.mean() - 0.5) < 5 * 0.5 * 0.54 * np.sqrt(1 / 3000 + 1 / 6000)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0, 2.0], [0, 0]), r"popularities must be a matrix, nodes x blocks.*\(2,\)"),
        (([[1.0], [-2.0]], [0, 0]), "popularities must be at least 0.*-2"),
        (([[1.0], [np.inf]], [0, 0]), "popularities must hold finite"),
        (
            ([[1.0], [1.0]], [0, 1]),
            "labels must be integers from 0 to 0, the blocks of popularities; got 0 to 1",
        ),
        (([[1.0], [1.0]], [0]), "labels must be one integer for each of 2 rows"),
        (([[1.0], [1.0]], [0.5, 0.0]), "labels must be one integer"),
        ((np.ones((2, 0)), [0, 0]), "at least one block"),
    ],
)
def test_bad_models_are_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        PopularityAdjustedModel(*arguments)


def test_a_recipe_without_a_pair_to_join_is_refused():
    with pytest.raises(ValueError, match="no pair of nodes"):
        pabm(2, 2, heterogeneity=LogNormal(0.1), mean_degree=1.0, mixing=0.0, rng=np.random.default_rng(0))
