"""Degrees of the population from its embedding are exact."""

import numpy as np
import pytest

from simulate import BlockModel
from theory import Embedding, estimate_degrees, estimate_degrees_within_spikes


def population(affinity):
    """A model of 300 nodes, its dense P with the diagonal, and its embedding."""
    rng = np.random.default_rng(2)
    model = BlockModel(rng.lognormal(0, 0.5, 300), np.sort(rng.choice(2, 300, p=[0.4, 0.6])), affinity)
    dense = (
        np.outer(model.propensities, model.propensities) * model.affinity[np.ix_(model.labels, model.labels)]
    )
    return model, dense, Embedding(*model.spectrum())


@pytest.mark.parametrize("affinity", ([[1, 0.2], [0.2, 0.6]], [[0.1, 1], [1, 0.3]]))
@pytest.mark.parametrize("scaling", ("unit", "half", "full"))
def test_the_population_degrees_are_exact(affinity, scaling):
    model, dense, embedding = population(affinity)
    np.testing.assert_allclose(estimate_degrees(embedding), dense.sum(axis=1), rtol=1e-10)
    within = estimate_degrees_within_spikes(embedding, model.labels, scaling=scaling)
    np.testing.assert_allclose(within, dense.sum(axis=1), rtol=1e-10)


def test_rows_off_the_spikes_have_no_degree():
    model, _, embedding = population([[1, 0.2], [0.2, 0.6]])
    labels = np.where(np.arange(300) < 5, -1, model.labels)
    found = estimate_degrees_within_spikes(embedding, labels)
    assert np.isnan(found[:5]).all() and np.isfinite(found[5:]).all()


def test_labels_must_be_one_a_row():
    with pytest.raises(ValueError, match="labels must be one integer for each of 2 rows"):
        estimate_degrees_within_spikes(Embedding(np.ones(2), np.eye(2)), [0])
