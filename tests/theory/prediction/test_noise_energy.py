"""The noise beyond the communities, against dense samples of it."""

import numpy as np

from simulate import BlockModel, sample_graph
from theory import PredictedSample
from theory.prediction.noise_energy import noise_levels


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
