"""Products in bands have the same bits as SciPy's."""

import numpy as np
import pytest
from scipy import sparse

from theory.kernels import block_products
from theory.kernels.block_products import times_block


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cache", [1, 2000, 10**9])
def test_the_bits_are_those_of_scipy_whatever_the_band(dtype, cache, monkeypatch):
    monkeypatch.setattr(block_products, "CACHE", cache)
    rng = np.random.default_rng(0)
    matrix = sparse.random_array((300, 1100), density=0.05, rng=rng, dtype=dtype, format="csr")
    matrix.sort_indices()
    matrix.data -= dtype(0.5)
    for width in (1, 7):
        block = rng.standard_normal((1100, width))
        np.testing.assert_array_equal(times_block(matrix, block), matrix.astype(np.float64) @ block)
        np.testing.assert_array_equal(
            times_block(matrix, np.asfortranarray(block)), matrix.astype(np.float64) @ block
        )


def test_rows_that_are_not_sorted_are_multiplied_too():
    matrix = sparse.csr_array(([1.0, 2.0, 3.0], [1, 0, 1], [0, 2, 3]), shape=(2, 2))
    assert not matrix.has_sorted_indices
    assert times_block(matrix, np.array([[1.0], [10.0]])).tolist() == [[12.0], [30.0]]
