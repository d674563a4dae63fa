"""The truncated SVD of a rectangular matrix against a dense one."""

import numpy as np
import pytest
from scipy import sparse

from theory import embed_rectangular


def test_rectangular_against_dense_svd():
    x = sparse.random_array((300, 250), density=0.05, rng=np.random.default_rng(0), format="csr")
    found = embed_rectangular(x, 7)
    u, s, vt = np.linalg.svd(x.toarray())
    assert np.allclose(found.singular_values, s[:7], rtol=1e-10)
    best = (u[:, :7] * s[:7]) @ vt[:7]
    assert np.allclose((found.contexts * found.singular_values) @ found.items.T, best, atol=1e-10)
    assert np.allclose(found.vectors("full"), found.items * found.singular_values)
    assert np.allclose(found.vectors("unit", of="contexts"), found.contexts)


def test_two_contexts_and_two_items_are_enough():
    x = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]])
    assert embed_rectangular(x, 1).singular_values[0] == pytest.approx(np.linalg.norm(x, 2))
    with pytest.raises(ValueError, match="at least two contexts and two items"):
        embed_rectangular(np.ones((1, 3)), 1)


@pytest.mark.parametrize("shape", [(300, 260), (260, 300), (40, 30)])
@pytest.mark.parametrize("rank", [2, 4, 12])
def test_dimensions_beyond_the_rank_are_cut(shape, rank):
    x = np.zeros(shape)
    x[:20, :10] = 1
    found = embed_rectangular(x, rank)
    assert found.rank == 1 and found.n_cut == rank - 1 and "rank 1" in found.notes[0]
    assert np.count_nonzero(found.vectors().any(axis=1)) == 10
    assert np.count_nonzero(found.vectors(of="contexts").any(axis=1)) == 20
    again = embed_rectangular(x, rank)
    assert np.array_equal(found.items, again.items) and np.array_equal(found.contexts, again.contexts)
    assert embed_rectangular(x, 1).notes == ()


def test_the_residual_is_what_was_attained():
    x = sparse.random_array((300, 250), density=0.05, rng=np.random.default_rng(0), format="csr")
    found = embed_rectangular(x, 7)
    miss = np.linalg.norm(x.T @ found.contexts - found.items * found.singular_values, axis=0)
    assert miss / found.singular_values == pytest.approx(found.residuals, abs=1e-13)
    assert found.residuals.max() < 1e-10


def test_small_singular_values_are_not_lost_in_their_squares():
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.standard_normal((n, 6)))[0] for n in (300, 260))
    values = np.array([1.0, 0.1, 1e-5, 1e-7, 1e-9, 1e-11])
    for x in ((left * values) @ right.T, (right * values) @ left.T):
        found = embed_rectangular(x, 9)
        assert found.rank == 6 and found.singular_values == pytest.approx(values, rel=1e-5)
        # rounding of 1e-16 relative to the smallest value, times 10
        assert np.abs(found.items.T @ (right if x.shape[0] == 300 else left)) == pytest.approx(
            np.eye(6), abs=1e-4
        )
