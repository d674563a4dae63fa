"""Directed block models against the dense matrix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import Constant, DirectedBlockModel, Gamma, LogNormal, directed_dcbm


def dense(model):
    """a_i b_j B_{y_i z_j}, written out."""
    a, b = model.outgoing, model.incoming
    return np.outer(a.propensities, b.propensities) * model.affinity[np.ix_(a.labels, b.labels)]


@st.composite
def models(draw):
    """Other blocks as sender than as receiver, empty blocks, silent nodes, P on both sides of 1."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, rows, columns = draw(st.integers(0, 25)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    alive = rng.random((2, n)) > draw(st.sampled_from([0.0, 0.3]))
    a, b = rng.lognormal(0, 1, (2, n)) * alive
    affinity = rng.random((rows, columns)) * (rng.random((rows, columns)) > 0.3)
    return DirectedBlockModel(a, rng.integers(0, rows, n), b, rng.integers(0, columns, n), affinity)


@settings(deadline=None, max_examples=100)
@given(models())
def test_population_quantities_are_those_of_the_dense_matrix(model):
    p = dense(model)
    off = p - np.diag(np.diag(p))
    for loops, matrix in ((False, off), (True, p)):
        assert np.allclose(model.expected_out_degrees(loops=loops), matrix.sum(1), atol=1e-10)
        assert np.allclose(model.expected_in_degrees(loops=loops), matrix.sum(0), atol=1e-10)
        assert np.isclose(model.expected_edges(loops=loops), matrix.sum(), atol=1e-10)
        assert np.isclose(model.clipped_mass(loops=loops), np.maximum(matrix - 1, 0).sum(), atol=1e-9)
        worst = model.largest_probability(loops=loops)
        assert np.isclose(worst.probability, matrix.max(initial=0.0))
        if worst.probability > 0:
            assert np.isclose(matrix[worst.i, worst.j], worst.probability)
    values, left, right = model.spectrum()
    assert np.allclose((left * values) @ right.T, p, atol=1e-9 * max(1.0, p.max(initial=0)))


def test_the_recipe_reaches_its_degree_and_agreement():
    rng = np.random.default_rng(0)
    model = directed_dcbm(4000, 4, heterogeneity=LogNormal(0.5), mean_degree=7.0, agreement=0.5, rng=rng)
    assert model.expected_out_degrees().mean() == pytest.approx(7.0)
    assert model.density == pytest.approx(7.0 / 3999)
    y, z = model.outgoing.labels, model.incoming.labels
    assert np.array_equal(np.bincount(y), np.bincount(z))
    # of the half that exchange their blocks a quarter meets its own again: sd of the share below 0.007
    assert abs((y == z).mean() - 0.625) < 5 * 0.007
    assert abs(np.corrcoef(model.outgoing.propensities, model.incoming.propensities)[0, 1]) < 5 / np.sqrt(
        4000
    )
    default = directed_dcbm(90, 3, heterogeneity=Constant(), mean_degree=5.0, rng=rng)
    assert np.array_equal(default.outgoing.labels, default.incoming.labels)


def test_an_affinity_need_not_be_symmetric():
    flow = [[1.0, 4.0], [0.0, 1.0]]
    model = directed_dcbm(
        40, 2, heterogeneity=Gamma(0.5), mean_degree=3.0, affinity=flow, rng=np.random.default_rng(0)
    )
    assert np.allclose(model.affinity / model.affinity[0, 0], flow)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0], [0], [1.0, 1.0], [0, 0], [[0.1]]), "of the same nodes; got 1 and 2"),
        (([1.0, -1.0], [0, 0], [1.0, 1.0], [0, 0], [[0.1]]), "out_propensities must be at least 0"),
        (([1.0, 1.0], [0, 0], [1.0, 1.0], [0, 1], [[0.1]]), "in_labels must be integers from 0 to 0"),
        (([1.0, 1.0], [0, 0], [1.0, 1.0], [0], [[0.1]]), "in_propensities and in_labels must be vectors"),
        (([1.0], [0], [1.0], [0], [[-0.1]]), "affinity must be at least 0"),
        (
            ([1.0], [0], [1.0], [0], [0.1]),
            r"affinity must be a matrix, out blocks x in blocks; got shape \(1,\)",
        ),
    ],
)
def test_bad_models_are_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        DirectedBlockModel(*arguments)


@pytest.mark.parametrize(
    ("affinity", "words"),
    [([[1.0]], r"affinity must be 2 x 2.*\(1, 1\)"), (np.zeros((2, 2)), "no pair of nodes to connect")],
)
def test_bad_recipes_are_refused(affinity, words):
    with pytest.raises(ValueError, match=words):
        directed_dcbm(
            9, 2, heterogeneity=Constant(), mean_degree=1.0, affinity=affinity, rng=np.random.default_rng(0)
        )
