"""Models of logs: their closed forms against each other."""

import numpy as np
import pytest

from simulate import InteractionModel, LogNormal


def model(n=24, **options):
    rng = np.random.default_rng(0)
    theta = LogNormal(0.5).sample(n, rng)
    labels = rng.permutation(np.arange(n) % 3)
    return InteractionModel(
        theta, labels, **({"mean_length": 0.8, "concentration": 0.7, "length_cv": 0.3} | options)
    )


def test_pmi_is_constant_on_blocks_and_equals_the_ratio_of_probabilities():
    m = model()
    p = m.item_probability()
    for i, j in [(0, 1), (2, 9), (5, 17)]:
        expected = np.log(m.pair_probability(i, j) / (p[i] * p[j]))
        assert m.pmi()[m.labels[i], m.labels[j]] == pytest.approx(expected, rel=1e-12)
    heavier = InteractionModel(m.propensities**3, m.labels, mean_length=0.2, concentration=0.7, length_cv=0.3)
    within = heavier.pmi() + np.log(np.outer(heavier.shares, heavier.shares) / heavier.mixture_moments())
    assert np.allclose(within, np.log(1.09), atol=1e-12)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: InteractionModel([1.0], [0, 1], mean_length=1.0), "one length"),
        (lambda: InteractionModel([1.0, 0.0], [0, 0], mean_length=1.0), "above 0; the least seen is 0"),
        (lambda: InteractionModel([1.0, 1.0], [0, 2], mean_length=1.0), r"every block present; got \[0, 2\]"),
        (
            lambda: InteractionModel([1.0, 1.0], [0, 0], mean_length=0.0),
            "mean_length must be a number above 0",
        ),
    ],
)
def test_bad_input_is_refused_by_name(build, words):
    with pytest.raises(ValueError, match=words):
        build()
