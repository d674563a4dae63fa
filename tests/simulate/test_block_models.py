"""Population quantities of block models against dense linear algebra, networkx and brute force."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import BlockModel, Constant, LogNormal, Pareto, dcbm, sbm


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


def test_dcbm_hits_its_mean_degree_with_shuffled_labels_and_sizes_as_equal_as_possible():
    model = dcbm(101, 4, heterogeneity=Pareto(2.5), mean_degree=7.0, mixing=0.2, rng=np.random.default_rng(0))
    assert model.expected_degrees().mean() == pytest.approx(7.0, rel=1e-12)
    assert np.bincount(model.labels).tolist() == [26, 25, 25, 25]
    assert (np.diff(model.labels) < 0).any()
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(0.2)


def test_sizes_are_taken_as_given_and_an_empty_block_stays():
    model = sbm(10, 3, mean_degree=2.0, sizes=[7, 0, 3], rng=np.random.default_rng(0))
    assert np.bincount(model.labels, minlength=3).tolist() == [7, 0, 3]
    assert model.n_blocks == 3
    assert len(model.spectrum()[0]) == 2


def test_density_and_degrees_tie_to_networkx():
    model = sbm(60, 2, mean_degree=12.0, mixing=0.3, rng=np.random.default_rng(0))
    sizes = np.bincount(model.labels).tolist()
    graph = nx.stochastic_block_model(sizes, model.affinity.tolist(), seed=1)
    pairs = 60 * 59 / 2
    assert model.density == pytest.approx(model.expected_edges() / pairs)
    # a single graph: its edge count has standard deviation below 19, five of them are 5e-7
    assert abs(graph.number_of_edges() - model.expected_edges()) < 5.1 * np.sqrt(model.expected_edges())
    assert abs(nx.density(graph) - model.density) < 5.1 * np.sqrt(model.expected_edges()) / pairs


def test_realised_heterogeneity_is_that_of_the_sample():
    theta = np.array([1.0, 1.0, 2.0, 4.0])
    model = BlockModel(theta, [0, 0, 0, 0], [[0.01]])
    assert model.heterogeneity.cv == pytest.approx(theta.std() / theta.mean())
    assert model.heterogeneity.ratio == pytest.approx(
        theta.mean() * (theta**3).mean() / (theta**2).mean() ** 2
    )
    # the Gini coefficient by its definition: mean absolute difference over twice the mean
    assert model.heterogeneity.gini == pytest.approx(
        np.abs(theta[:, None] - theta).mean() / (2 * theta.mean())
    )


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
        (([1.0, 1.0], [0, 1], [[0.1]]), "labels must be integers from 0 to 0; got 0 to 1"),
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


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator"),
        ({"sizes": [3, 3]}, ValueError, "sum to n = 10; got .3, 3."),
        ({"sizes": [12, -2]}, ValueError, "non-negative"),
        ({"mean_degree": 0.0}, ValueError, "mean_degree must be a number above 0; got 0"),
        ({"mean_degree": float("nan")}, ValueError, "mean_degree"),
        ({"mixing": -0.1}, ValueError, "mixing"),
        ({"n": 0}, ValueError, "n must be an integer of at least 1; got 0"),
        ({"n_blocks": 0}, ValueError, "n_blocks"),
        ({"n": 2.5}, TypeError, "n must be an integer"),
    ],
)
def test_bad_parameters_are_refused_by_name(change, error, words):
    arguments = {"n": 10, "n_blocks": 2, "mean_degree": 2.0, "rng": np.random.default_rng(0)} | change
    n, n_blocks = arguments.pop("n"), arguments.pop("n_blocks")
    with pytest.raises(error, match=words):
        dcbm(n, n_blocks, heterogeneity=Constant(), **arguments)


def test_laws_have_the_distribution_they_state():
    """Kolmogorov-Smirnov on 20,000 draws; D > 0.019 has probability 1e-6."""
    rng = np.random.default_rng(5)
    x = Pareto(2.5).sample(20_000, rng)
    assert _ks(x, lambda t: 1 - t**-2.5) < 0.019
    x = Pareto(2.5, maximum=5.0).sample(20_000, rng)
    assert x.max() <= 5.0
    assert _ks(x, lambda t: (1 - t**-2.5) / (1 - 5.0**-2.5)) < 0.019
    from scipy.stats import norm

    x = LogNormal(0.8, maximum=3.0).sample(20_000, rng)
    assert x.max() <= 3.0
    assert _ks(x, lambda t: norm.cdf(np.log(t) / 0.8) / norm.cdf(np.log(3.0) / 0.8)) < 0.019
    cv = LogNormal.from_cv(0.8).sample(200_000, rng)
    assert cv.std() / cv.mean() == pytest.approx(0.8, rel=0.05)


def _ks(x, cdf):
    x = np.sort(x)
    f = cdf(x)
    n = len(x)
    return max(np.abs(f - np.arange(n) / n).max(), np.abs(f - np.arange(1, n + 1) / n).max())


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_of_a_pair_of_equal_magnitudes_the_positive_comes_first_whatever_the_rounding(scale):
    rng = np.random.default_rng(0)
    for _ in range(20):
        half = rng.random((3, 3))
        affinity = scale * np.block([[np.zeros((3, 3)), half], [half.T, np.zeros((3, 3))]])
        values = BlockModel(np.ones(6), np.arange(6), affinity).block_spectrum()[0]
        assert (values[::2] > 0).all() and np.allclose(values[1::2], -values[::2])


def test_the_defaults_of_a_dcbm_are_a_tenth_of_mixing_and_blocks_as_equal_as_can_be():
    model = dcbm(11, 2, heterogeneity=Constant(), mean_degree=3, rng=np.random.default_rng(0))
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(0.1)
    assert np.bincount(model.labels).tolist() == [6, 5]
    one = dcbm(11, 1, heterogeneity=Constant(), mean_degree=3, rng=np.random.default_rng(0))
    assert one.affinity.shape == (1, 1)


def test_asymmetry_is_seen_at_any_scale():
    with pytest.raises(ValueError, match="affinity must be symmetric"):
        BlockModel(np.ones(2), [0, 1], [[1e-13, 2e-13], [1e-13, 1e-13]])
