"""Communities that look like one spike, where the formula for equal blocks says so."""

import numpy as np
import pytest

from simulate import BlockModel, LogNormal, dcbm
from theory import Embedding, merged_communities, spikiness


@pytest.mark.parametrize(("k", "r", "spikes"), [(2, 0.7, 1), (10, 0.5, 1), (20, 0.3, 20)])
def test_communities_merge_where_the_formula_says(k, r, spikes):
    model = BlockModel(np.ones(5 * k), np.repeat(np.arange(k), 5), (1 - r) * np.eye(k) + r)
    assert merged_communities(model).max() + 1 == spikes
    assert merged_communities(model, scaling="unit").max() + 1 == k


@pytest.mark.parametrize(("mixing", "scaling"), [(0.1, "full"), (0.5, "full"), (0.5, "half"), (0.5, "unit")])
def test_the_spikes_of_the_population_rows_are_the_merged_communities(mixing, scaling):
    model = dcbm(
        600, 10, heterogeneity=LogNormal(0.7), mean_degree=40, mixing=mixing, rng=np.random.default_rng(0)
    )
    rows = Embedding(*model.spectrum()).vectors(scaling)
    spikes = spikiness(rows, coverage=1.0).membership
    assert np.array_equal(merged_communities(model, scaling=scaling)[model.labels], spikes)
