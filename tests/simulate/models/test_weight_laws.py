"""Laws of weights: what they mean for a model, and what they refuse."""

import numpy as np
import pytest

from simulate import (
    BlockModel,
    Constant,
    DirectedBlockModel,
    GaussianWeights,
    NegativeBinomialWeights,
    directed_dcbm,
    mean_model,
    sbm,
)


def test_the_mean_model_is_the_model_for_counts_and_scaled_for_gaussian_weights():
    rng = np.random.default_rng(0)
    blocks = sbm(30, 2, mean_degree=4, rng=rng)
    directed = directed_dcbm(30, 2, heterogeneity=Constant(), mean_degree=4, rng=rng)
    means = np.array([[2.0, 0.5], [0.5, 3.0]])
    for model in (blocks, directed):
        same = mean_model(model, NegativeBinomialWeights(4.0))
        assert type(same) is type(model) and np.array_equal(same.affinity, model.affinity)
        scaled = mean_model(model, GaussianWeights(means, 1.0))
        assert np.allclose(scaled.affinity, model.affinity * means)
    z, p = blocks.labels, blocks.affinity[np.ix_(blocks.labels, blocks.labels)]
    strengths = (p * means[np.ix_(z, z)] * (1 - np.eye(30))).sum(1)
    assert np.allclose(mean_model(blocks, GaussianWeights(means, 1.0)).expected_degrees(), strengths)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: NegativeBinomialWeights(0.5), "dispersion must be a number at least 1; got 0.5"),
        (lambda: GaussianWeights([1.0], 1.0), r"means must be a number or a matrix.*\(1,\)"),
        (
            lambda: GaussianWeights(np.ones((2, 2)), np.ones((1, 2))),
            r"deviations must be a number or of the shape",
        ),
        (lambda: GaussianWeights(1.0, -1.0), "deviations must be at least 0; the least seen is -1"),
        (lambda: GaussianWeights(np.nan, 1.0), "means must hold finite"),
        (
            lambda: mean_model(BlockModel([1.0], [0], [[0.1]]), GaussianWeights(np.ones((2, 2)), 1.0)),
            r"means must have the shape \(1, 1\) of the model's affinity; got \(2, 2\)",
        ),
        (
            lambda: mean_model(
                BlockModel([1.0, 1.0], [0, 1], np.eye(2)), GaussianWeights(1.0, [[0.1, 0.2], [0.3, 0.1]])
            ),
            "deviations must be symmetric for an undirected model",
        ),
        (
            lambda: mean_model(BlockModel([1.0], [0], [[0.1]]), GaussianWeights(-1.0, 1.0)),
            "weights must have means of at least 0",
        ),
    ],
)
def test_bad_weights_are_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_other_models_and_weights_are_refused():
    with pytest.raises(TypeError, match="model must be a BlockModel or a DirectedBlockModel; got int"):
        mean_model(3, NegativeBinomialWeights(2.0))
    model = DirectedBlockModel([1.0], [0], [1.0], [0], [[0.1]])
    with pytest.raises(
        TypeError, match="weights must be NegativeBinomialWeights or GaussianWeights; got str"
    ):
        mean_model(model, "gaussian")
