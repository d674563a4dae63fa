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
