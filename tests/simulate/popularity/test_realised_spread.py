"""The spread of given propensities against its definitions."""

import numpy as np
import pytest

from simulate import BlockModel, realised


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


def test_propensities_that_are_all_zero_have_no_spread():
    with pytest.raises(ValueError, match="propensities must not all be 0"):
        realised(np.zeros(3))
