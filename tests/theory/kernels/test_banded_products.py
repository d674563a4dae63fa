"""Products in bands against SciPy, to the last bit: several bands, empty rows and bands, both precisions, odd shapes."""

import numpy as np
import pytest
from scipy import sparse

from theory.kernels import banded_products
from theory.kernels.banded_products import banded_product


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(1, 1), (700, 900), (900, 300)])
@pytest.mark.parametrize("columns", [1, 16, 20])
def test_the_bits_are_those_of_a_plain_product(dtype, shape, columns, monkeypatch):
    monkeypatch.setattr(banded_products, "BYTES", 1)  # bands of 256 columns
    rng = np.random.default_rng(0)
    a = sparse.random_array(shape, density=0.05, rng=rng, dtype=dtype, format="csr")
    a = sparse.csr_array(sparse.diags_array((np.arange(shape[0]) % 3 > 0).astype(dtype)) @ a, dtype=dtype)
    a.sort_indices()
    x, y = rng.standard_normal((shape[1], columns)).astype(dtype), np.zeros((shape[0], columns), dtype)
    banded_product(a, columns)(x, y, 1.0)
    assert np.array_equal(y, a @ x) and y.dtype == np.dtype(dtype)
    banded_product(a, columns)(x, y, -2.0)
    assert np.allclose(y, -(a @ x), atol=1e-4)  # 50 terms of order 1 in float32, each rounded to 1e-7


def test_a_matrix_without_entries_adds_nothing():
    y = np.ones((5, 2))
    banded_product(sparse.csr_array((5, 5)), 2)(np.ones((5, 2)), y, 1.0)
    assert np.array_equal(y, np.ones((5, 2)))
