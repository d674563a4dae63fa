"""Rays against dense eigendecompositions, indefinite and rank-deficient affinities included."""

import numpy as np
import pytest

from simulate import BlockModel
from theory.theorem.rays import block_model_from_spikes, hollow_rows, merged_communities, rays

AFFINITIES = (
    [[0.9, 0.1, 0.2], [0.1, 0.5, 0.1], [0.2, 0.1, 0.7]],
    [[0.1, 0.8, 0.6], [0.8, 0.2, 0.7], [0.6, 0.7, 0.05]],
    np.outer([1, 2, 3], [1, 2, 3]) + np.outer([1, 0, 1], [1, 0, 1]),
)


@pytest.mark.parametrize("affinity", AFFINITIES)
@pytest.mark.parametrize(("scaling", "power"), [("unit", 0), ("half", 0.5), ("full", 1)])
def test_norms_and_cosines_at_every_rank(affinity, scaling, power):
    rng = np.random.default_rng(5)
    z = np.repeat([0, 1, 2], [7, 20, 33])
    theta = rng.lognormal(0, 0.7, 60)
    model = BlockModel(theta, z, affinity)
    lam, u = np.linalg.eigh(np.outer(theta, theta) * np.asarray(affinity)[np.ix_(z, z)])
    order = np.argsort(-np.abs(lam))
    for f in range(1, np.linalg.matrix_rank(affinity) + 1):
        x = u[:, order[:f]] * np.abs(lam[order[:f]]) ** power
        r = rays(model, scaling=scaling, rank=f)
        scale = r.norms.max() ** 2
        np.testing.assert_allclose(r.norms, np.linalg.norm(x, axis=1), atol=1e-10 * np.sqrt(scale))
        gram = np.outer(r.norms, r.norms) * r.cosines[np.ix_(z, z)]
        np.testing.assert_allclose(gram, x @ x.T, atol=1e-10 * scale)
        back = block_model_from_spikes(u[:, order[:f]], lam[order[:f]], z)
        rebuilt = np.outer(back.propensities, back.propensities) * back.affinity[np.ix_(z, z)]
        dense = (u[:, order[:f]] * lam[order[:f]]) @ u[:, order[:f]].T
        np.testing.assert_allclose(rebuilt, dense, atol=1e-10 * np.abs(lam).max())
        assert back.departure < 1e-6


@pytest.mark.parametrize(("k", "r"), [(2, 0.7), (10, 0.5), (20, 0.3)])
def test_a_common_mode_merges_communities_under_u_sigma(k, r):
    model = BlockModel(np.ones(5 * k), np.repeat(np.arange(k), 5), (1 - r) * np.eye(k) + r)
    common = 2 * r * (1 - r) + r * r * k
    assert rays(model).cosines[0, 1] == pytest.approx(common / ((1 - r) ** 2 + common), abs=1e-10)
    assert rays(model, scaling="unit").cosines[0, 1] == pytest.approx(0, abs=1e-10)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="rank"):
        rays(BlockModel([1.0, 1.0], [0, 1], np.eye(2)), rank=3)
    with pytest.raises(ValueError, match="labels"):
        block_model_from_spikes(np.eye(2), [1.0, 1.0], [-1, -1])


@pytest.mark.parametrize("affinity", AFFINITIES)
def test_without_the_diagonal_rows_bend_as_predicted(affinity):
    rng = np.random.default_rng(5)
    z = np.repeat([0, 1, 2], [7, 20, 33])
    theta = rng.lognormal(0, 0.7, 60)
    model = BlockModel(theta, z, affinity)
    p = np.outer(theta, theta) * np.asarray(affinity)[np.ix_(z, z)]
    lam, u = np.linalg.eigh(p - np.diag(np.diag(p)))
    f = 2
    found = hollow_rows(model, rank=f)
    order = np.argsort(-np.abs(lam))[:f]
    np.testing.assert_allclose(found.eigenvalues, lam[order], rtol=1e-9)
    np.testing.assert_allclose(np.abs(found.basis), np.abs(u[:, order]), atol=1e-9)
    constant = found.basis * (found.eigenvalues + np.diag(p)[:, None]) / theta[:, None]
    for block in range(3):
        assert np.ptp(constant[z == block], axis=0).max() < 1e-9 * np.abs(constant).max()
    # the bend is of the order of D / lambda, and none where the diagonal is empty
    assert 0 < found.angles.max() < 2 * (np.diag(p).max() / np.abs(found.eigenvalues).min())
    hollow = BlockModel(theta, z, np.asarray(affinity) * (1 - np.eye(3)) + 0.0)
    assert hollow_rows(hollow, rank=1).angles.max() < 1e-6


@pytest.mark.parametrize(("k", "r", "spikes"), [(2, 0.7, 1), (10, 0.5, 1), (20, 0.3, 20)])
def test_communities_merge_where_the_formula_says(k, r, spikes):
    model = BlockModel(np.ones(5 * k), np.repeat(np.arange(k), 5), (1 - r) * np.eye(k) + r)
    assert merged_communities(model).max() + 1 == spikes
    assert merged_communities(model, scaling="unit").max() + 1 == k


def test_blocks_without_nodes_or_edges_have_no_ray_and_no_nan():
    model = BlockModel(
        [1.0, 2.0, 3.0, 1.0], [0, 0, 1, 3], [[0.3, 0.1, 0, 0], [0.1, 0.2, 0, 0], [0] * 4, [0] * 4]
    )
    found = rays(model)
    assert np.isfinite(found.directions).all() and np.isfinite(found.norms).all()
    assert not found.directions[2:].any() and found.norms[3] == 0 and (found.norms[:3] > 0).all()


def test_hollow_rows_go_up_to_the_last_dimension_but_one():
    model = BlockModel([1.0, 1.2, 0.9], [0, 1, 2], [[0.5, 0.1, 0.1], [0.1, 0.4, 0.1], [0.1, 0.1, 0.3]])
    assert hollow_rows(model, rank=2).basis.shape == (3, 2)
    with pytest.raises(ValueError, match="rank"):
        hollow_rows(model, rank=3)


def test_a_zero_row_on_a_spike_departs_from_nothing():
    u = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    found = block_model_from_spikes(u, [2.0, 1.0], [0, 0, 1])
    assert found.departure == 0.0 and found.propensities.tolist() == [1.0, 0.0, 1.0]
