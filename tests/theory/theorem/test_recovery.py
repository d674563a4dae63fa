"""The block model of rows on spikes rebuilds the matrix, and rows off their ray are measured."""

import numpy as np
import pytest

from simulate import BlockModel
from theory import block_model_from_spikes


@pytest.mark.parametrize(
    "affinity",
    [
        [[0.9, 0.1, 0.2], [0.1, 0.5, 0.1], [0.2, 0.1, 0.7]],
        [[0.1, 0.8, 0.6], [0.8, 0.2, 0.7], [0.6, 0.7, 0.05]],
    ],
)
def test_at_every_rank_it_rebuilds_the_truncated_matrix(affinity):
    rng = np.random.default_rng(5)
    z = np.repeat([0, 1, 2], [7, 20, 33])
    model = BlockModel(rng.lognormal(0, 0.7, 60), z, affinity)
    lam, u = model.spectrum()
    for f in range(1, 4):
        back = block_model_from_spikes(u[:, :f], lam[:f], z)
        rebuilt = np.outer(back.propensities, back.propensities) * back.affinity[np.ix_(z, z)]
        dense = (u[:, :f] * lam[:f]) @ u[:, :f].T
        # rounding of an eigenvector of the Gram matrix: machine epsilon over its relative gap, here 1
        np.testing.assert_allclose(rebuilt, dense, atol=1e-12 * np.abs(lam).max())
        assert back.departure < 1e-12
        assert (back.propensities > 0).all()


def test_rows_off_the_spikes_have_no_propensity():
    u = np.array([[1.0, 0.0], [2.0, 0.0], [0.6, 0.6], [0.0, 1.0]])
    found = block_model_from_spikes(u, [2.0, -1.0], [0, 0, -1, 1])
    assert found.propensities.tolist() == [1.0, 2.0, 0.0, 1.0] and found.labels.tolist() == [0, 0, -1, 1]
    assert found.affinity.tolist() == [[2.0, 0.0], [0.0, -1.0]]


def test_the_departure_is_the_largest_sine_and_two_for_a_row_that_points_away():
    u = np.array([[100.0, 0.0], [4.0, 3.0], [0.0, 1.0]])
    assert block_model_from_spikes(u, [2.0, 1.0], [0, 0, 1]).departure == pytest.approx(0.6, rel=0.01)
    u[1] *= -1
    assert block_model_from_spikes(u, [2.0, 1.0], [0, 0, 1]).departure == 2.0


def test_a_zero_row_on_a_spike_departs_from_nothing():
    u = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    found = block_model_from_spikes(u, [2.0, 1.0], [0, 0, 1])
    assert found.departure == 0.0 and found.propensities.tolist() == [1.0, 0.0, 1.0]


def test_a_spike_number_without_rows_has_an_affinity_of_zero():
    found = block_model_from_spikes(np.eye(2), [2.0, 1.0], [0, 2])
    assert found.affinity.shape == (3, 3) and not found.affinity[1].any()


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="labels must put at least one row on a spike"):
        block_model_from_spikes(np.eye(2), [1.0, 1.0], [-1, -1])
    with pytest.raises(ValueError, match="must match; got shapes"):
        block_model_from_spikes(np.eye(2), [1.0], [0, 0])
