"""Population quantities of block models against dense linear algebra, networkx and brute force."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import BlockModel, sbm


@st.composite
def models(draw, least=1):
    """Any block model: shuffled labels, empty blocks, zero propensities, indefinite and rank-deficient affinities."""
    n, k = draw(st.integers(least, 30)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    theta = rng.lognormal(0, 1, n) * (rng.random(n) > draw(st.sampled_from([0.0, 0.2])))
    b = rng.random((k, k)) * (rng.random((k, k)) > draw(st.sampled_from([0.0, 0.5])))
    return BlockModel(theta, rng.integers(0, k, n), b + b.T)


def dense(model):
    return (
        model.propensities[:, None] * model.propensities * model.affinity[np.ix_(model.labels, model.labels)]
    )


@settings(deadline=None, max_examples=150)
@given(models())
def test_spectrum_is_that_of_the_dense_matrix(model):
    p = dense(model)
    eigenvalues, eigenvectors = model.spectrum()
    scale = max(np.abs(p).max() * model.n_nodes, 1e-300)
    # rounding of a dense eigensolver, times a safety factor of 1e4
    assert np.abs((eigenvectors * eigenvalues) @ eigenvectors.T - p).max() <= 1e-11 * scale
    assert np.allclose(eigenvectors.T @ eigenvectors, np.eye(len(eigenvalues)), atol=1e-10)
    assert (np.diff(np.abs(eigenvalues)) <= 1e-12 * scale).all()
    assert len(eigenvalues) <= np.linalg.matrix_rank(p, tol=1e-14 * scale) or not p.any()


@settings(deadline=None, max_examples=150)
@given(models())
def test_degrees_edges_and_probabilities_are_sums_over_the_dense_matrix(model):
    p = dense(model)
    off = p - np.diag(np.diag(p))
    assert np.allclose(model.expected_degrees(loops=True), p.sum(1), rtol=1e-12)
    assert np.allclose(
        model.expected_degrees(), off.sum(1), rtol=1e-10, atol=1e-12 * max(p.max(initial=0), 1)
    )
    assert np.isclose(model.expected_edges(), off.sum() / 2, rtol=1e-10, atol=1e-12)
    assert np.isclose(model.clipped_mass(), np.maximum(off - 1, 0).sum() / 2, rtol=1e-9, atol=1e-9)
    worst = model.largest_probability()
    assert np.isclose(worst.probability, off.max(initial=0.0), rtol=1e-12)
    if worst.probability > 0:
        assert worst.i != worst.j
        assert np.isclose(off[worst.i, worst.j], worst.probability)


@settings(deadline=None, max_examples=100)
@given(models(), st.integers(0, 2**32 - 1))
def test_permuting_nodes_permutes_everything(model, seed):
    order = np.random.default_rng(seed).permutation(model.n_nodes)
    moved = BlockModel(model.propensities[order], model.labels[order], model.affinity)
    assert np.allclose(moved.expected_degrees(), model.expected_degrees()[order], rtol=1e-12)
    (lam, u), (lam_moved, u_moved) = model.spectrum(), moved.spectrum()
    assert np.allclose(np.sort(lam), np.sort(lam_moved), atol=1e-12)
    assert np.allclose(
        (u * lam) @ u.T, ((u_moved * lam_moved) @ u_moved.T)[np.ix_(np.argsort(order), np.argsort(order))]
    )


@settings(deadline=None, max_examples=100)
@given(models(), st.floats(0.01, 100))
def test_scaling_theta_and_affinity_against_each_other_is_the_same_model(model, c):
    other = BlockModel(model.propensities * c, model.labels, model.affinity / c**2)
    assert np.allclose(dense(other), dense(model), rtol=1e-12)
    assert np.allclose(other.expected_degrees(), model.expected_degrees(), rtol=1e-9, atol=1e-12)


def test_density_and_degrees_tie_to_networkx():
    model = sbm(60, 2, mean_degree=12.0, mixing=0.3, rng=np.random.default_rng(0))
    sizes = np.bincount(model.labels).tolist()
    graph = nx.stochastic_block_model(sizes, model.affinity.tolist(), seed=1)
    pairs = 60 * 59 / 2
    assert model.density == pytest.approx(model.expected_edges() / pairs)
    # a single graph: its edge count has standard deviation below 19, five of them are 5e-7
    assert abs(graph.number_of_edges() - model.expected_edges()) < 5.1 * np.sqrt(model.expected_edges())
    assert abs(nx.density(graph) - model.density) < 5.1 * np.sqrt(model.expected_edges()) / pairs


def test_the_caller_cannot_change_a_model_through_its_arrays_and_the_model_never_reorders():
    theta = np.array([3.0, 1.0, 2.0])
    model = BlockModel(theta, [1, 0, 1], [[0.1, 0.2], [0.2, 0.1]])
    theta[0] = 99.0
    assert model.propensities.tolist() == [3.0, 1.0, 2.0]
    assert model.labels.tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match="read-only"):
        model.propensities[0] = 1.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0, 2.0], [0], [[0.1]]), r"\(2,\) and \(1,\)"),
        (([1.0, -2.0], [0, 0], [[0.1]]), "propensities must be at least 0.*-2"),
        (([1.0, np.nan], [0, 0], [[0.1]]), r"propensities must hold finite.*\(1\) is nan"),
        (
            ([1.0, 1.0], [0, 1], [[0.1]]),
            "labels must be integers from 0 to 0, the blocks of affinity; got 0 to 1",
        ),
        (([1.0, 1.0], ["a", "b"], [[0.1]]), "labels must be integers from 0 to 0, .*; got dtype <U1"),
        (([1.0, 1.0], [0, -1], [[0.1]]), "labels must be integers from 0 to 0"),
        (([1.0, 1.0], [0.0, 0.5], [[0.1]]), "labels must be integers"),
        (([1.0, 1.0], [0, 0], [[0.1, 0.2]]), r"affinity must be a square matrix; got shape \(1, 2\)"),
        (([1.0, 1.0], [0, 0], [[0.1, 0.2], [0.3, 0.1]]), "affinity must be symmetric.*0.1"),
        (([1.0, 1.0], [0, 0], [[-0.1]]), "affinity must be at least 0"),
    ],
)
def test_bad_models_are_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        BlockModel(*arguments)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_of_a_pair_of_equal_magnitudes_the_positive_comes_first_whatever_the_rounding(scale):
    rng = np.random.default_rng(0)
    for _ in range(20):
        half = rng.random((3, 3))
        affinity = scale * np.block([[np.zeros((3, 3)), half], [half.T, np.zeros((3, 3))]])
        values = BlockModel(np.ones(6), np.arange(6), affinity).block_spectrum()[0]
        assert (values[::2] > 0).all() and np.allclose(values[1::2], -values[::2])


def test_asymmetry_is_seen_at_any_scale():
    with pytest.raises(ValueError, match="affinity must be symmetric"):
        BlockModel(np.ones(2), [0, 1], [[1e-13, 2e-13], [1e-13, 1e-13]])


def test_normalised_propensities_sum_to_the_size_of_their_block_whatever_their_scale():
    """An empty block and one of theta = 0 have no scale, and stay as they are."""
    theta = np.array([0.01, 0.03, 50.0, 70.0, 0.0])
    model = BlockModel(theta, [0, 0, 1, 1, 2], np.full((4, 4), 1e-4) + 1e-4 * np.eye(4))
    found = model.normalised()
    assert found.block_sums() == pytest.approx([2, 2, 0, 0])
    assert dense(found) == pytest.approx(dense(model), rel=1e-12)
    assert found.affinity[3, 3] == model.affinity[3, 3]
