"""Rays against dense eigendecompositions, indefinite and rank-deficient affinities included."""

import numpy as np
import pytest

from simulate import BlockModel
from theory import rays

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


@pytest.mark.parametrize(("k", "r"), [(2, 0.7), (10, 0.5), (20, 0.3)])
def test_a_common_mode_merges_communities_under_u_sigma(k, r):
    model = BlockModel(np.ones(5 * k), np.repeat(np.arange(k), 5), (1 - r) * np.eye(k) + r)
    common = 2 * r * (1 - r) + r * r * k
    assert rays(model).cosines[0, 1] == pytest.approx(common / ((1 - r) ** 2 + common), abs=1e-10)
    assert rays(model, scaling="unit").cosines[0, 1] == pytest.approx(0, abs=1e-10)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="rank"):
        rays(BlockModel([1.0, 1.0], [0, 1], np.eye(2)), rank=3)


def test_blocks_without_nodes_or_edges_have_no_ray_and_no_nan():
    model = BlockModel(
        [1.0, 2.0, 3.0, 1.0], [0, 0, 1, 3], [[0.3, 0.1, 0, 0], [0.1, 0.2, 0, 0], [0] * 4, [0] * 4]
    )
    found = rays(model)
    assert np.isfinite(found.directions).all() and np.isfinite(found.norms).all()
    assert not found.directions[2:].any() and found.norms[3] == 0 and (found.norms[:3] > 0).all()


@pytest.mark.parametrize("affinity", AFFINITIES)
def test_without_the_diagonal_rows_bend_by_no_more_than_it_weighs(affinity):
    """docs/theory.md, section 1.6: w_i (lambda + D_ii) / theta_i is constant in a block for eigenpairs of P - D."""
    rng = np.random.default_rng(5)
    z = np.repeat([0, 1, 2], [7, 20, 33])
    theta = rng.lognormal(0, 0.7, 60)
    p = np.outer(theta, theta) * np.asarray(affinity)[np.ix_(z, z)]
    diagonal = np.diag(p)
    lam, u = np.linalg.eigh(p - np.diag(diagonal))
    order = np.argsort(-np.abs(lam))[:2]
    lam, u = lam[order], u[:, order]
    constant = u * (lam + diagonal[:, None]) / theta[:, None]
    full = u * lam
    cosines = np.empty(60)
    for block in range(3):
        mine = z == block
        assert np.ptp(constant[mine], axis=0).max() < 1e-9 * np.abs(constant).max()
        ray = constant[mine][0] * np.sign(constant[mine][0] @ full[mine].sum(axis=0))
        cosines[mine] = full[mine] @ ray / np.linalg.norm(full[mine], axis=1) / np.linalg.norm(ray)
    bend = np.arccos(np.clip(cosines, -1, 1)).max()
    assert 0 < bend < 2 * diagonal.max() / np.abs(lam).min()
