"""The noise beyond the communities, against dense samples of it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, sparse

from simulate import BlockModel, sample_graph
from theory import PredictedSample
from theory.prediction.noise_energy import noise_levels, noise_rows_on

sys.path.append(str(Path(__file__).resolve().parent))
from dense_noise import dense, dense_resolvent, model_of

POWER = {"unit": 0.0, "half": 0.5, "full": 1.0}


def test_noise_levels_are_the_quantiles_of_sampled_noise():
    rng = np.random.default_rng(0)
    model = BlockModel(np.ones(1500), np.zeros(1500, dtype=int), [[0.03]])
    sample = PredictedSample(model, "poisson")
    levels = noise_levels(sample, 200)
    graph = sample_graph(model, rng, law="poisson", loops=True).toarray()
    magnitudes = np.sort(np.abs(np.linalg.eigvalsh(graph - 0.03)))[::-1][:200]
    assert np.abs(levels[10:] / magnitudes[10:] - 1).max() < 0.03


def test_every_noise_vector_has_its_length_and_nodes_without_edges_none_of_it():
    """The energies of 20 vectors add up to the squared lengths lambda_k^2; two propensities of 0 have no row."""
    theta = np.r_[np.linspace(0.5, 2, 298), 0.0, 0.0]
    sample = PredictedSample(BlockModel(theta, np.arange(300) % 2, [[0.2, 0.05], [0.05, 0.2]]))
    levels = noise_levels(sample, 20)
    for scaling, power in (("unit", 0), ("half", 1), ("full", 2)):
        energy = sample.noise_energy(20, scaling=scaling)
        # dimensions of one part share the shape of the row, not the level: the sum is exact
        np.testing.assert_allclose(energy.sum(), (levels**power).sum(), rtol=1e-12)
        assert not energy[-2:].any() and (energy[:-2] > 0).all()


def test_a_model_without_edges_has_no_noise():
    assert not PredictedSample(BlockModel(np.ones(4), [0, 0, 1, 1], np.zeros((2, 2)))).noise_energy(2).any()


class OneNode(np.random.Generator):
    """Draws 1 at one node and 0 at all others, so that sums of squares over the nodes are variances."""

    def __init__(self, node):
        super().__init__(np.random.PCG64(0))
        self.node = node

    def standard_normal(self, size):
        drawn = np.zeros(size)
        drawn[self.node] = 1.0
        return drawn


def six_dimensions(law, n=60):
    """A small model, its six largest noise levels, and the dense resolvent at each of them."""
    sample = PredictedSample(model_of("assortative", n=n), law)
    _, v = dense(sample.model, law)
    levels = noise_levels(sample, 6)
    # at six dimensions each level has a resolvent of its own, at a thousandth of the edge above the real line
    g = [dense_resolvent(v, complex(level, 1e-3 * sample.edge)) for level in levels]
    return sample, v, levels, g


@pytest.mark.parametrize("law", ["poisson", "bernoulli"])
def test_the_energy_of_a_row_follows_the_local_density_of_states(law):
    sample, _, levels, g = six_dimensions(law)
    for scaling, power in POWER.items():
        expected = sum(level ** (2 * power) * at.imag / at.imag.sum() for level, at in zip(levels, g))
        np.testing.assert_allclose(sample.noise_energy(6, scaling=scaling), expected, rtol=1e-6)


@pytest.mark.parametrize("law", ["poisson", "bernoulli"])
@pytest.mark.parametrize("scaling", POWER)
def test_noise_rows_on_a_graph_have_the_variance_that_their_neighbours_give_them(law, scaling):
    """|g_i|^2 sum_j A_ij^2 Im g_j / sum Im g; with A_ij^2 = V_ij that is the local density of states again, but for Im z."""
    sample, v, levels, g = six_dimensions(law)
    graph = sparse.csr_array(np.sqrt(v))
    squares = sum(noise_rows_on(graph, sample, 6, OneNode(node), scaling) ** 2 for node in range(len(v)))
    for column, (level, at) in enumerate(zip(levels, g)):
        weight = at.imag / at.imag.sum()
        expected = level ** (2 * POWER[scaling]) * np.abs(at) ** 2 * (v @ weight)
        np.testing.assert_allclose(squares[:, column], expected, rtol=1e-6)
        np.testing.assert_allclose(squares[:, column], level ** (2 * POWER[scaling]) * weight, rtol=0.15)


def test_noise_levels_of_a_constant_variance_are_the_quantiles_of_the_semicircle():
    """The k-th of n magnitudes is the (k + 1/2) / n quantile from above; one place off moves the first by 6 %."""
    n, variance = 30, 0.5
    sample = PredictedSample(BlockModel(np.ones(n), np.zeros(n, dtype=int), [[variance]]), "poisson")
    radius = 2 * np.sqrt(n * variance)

    def beyond(x):  # the share of |eigenvalues| above x radius
        return 1 - 2 / np.pi * (x * np.sqrt(1 - x**2) + np.arcsin(x))

    expected = [
        radius * optimize.brentq(lambda x, k=k: beyond(x) - (k + 0.5) / n, 0.0, 1.0) for k in range(5)
    ]
    # the density is known at 120 points, a thousandth of the edge above the real line
    np.testing.assert_allclose(noise_levels(sample, 5), expected, rtol=0.01)
