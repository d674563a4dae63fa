"""Products by bands have the bits of SciPy's: several bands and parts, empty rows and bands, both precisions, odd shapes."""

import numba
import numpy as np
import pytest
from scipy import sparse

from theory.kernels import block_products
from theory.kernels.block_products import banded_product, times_block


def matrix_with_empty_rows(shape, dtype):
    rng = np.random.default_rng(0)
    a = sparse.random_array(shape, density=0.05, rng=rng, dtype=np.float64, format="csr")
    a.data -= 0.5
    a = sparse.csr_array(sparse.diags_array((np.arange(shape[0]) % 3 > 0) * 1.0) @ a, dtype=dtype)
    a.sort_indices()
    return a


@pytest.fixture(params=["as shipped", "many bands and parts"])
def sizes(request, monkeypatch):
    if request.param != "as shipped":
        for name, size in {"BAND": 1, "RESULT": 4000, "ONCE": 1000}.items():  # bands of 256 columns
            monkeypatch.setattr(block_products, name, size)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(1, 1), (700, 900), (900, 300)])
@pytest.mark.parametrize("columns", [1, 7, 16, 20, 40])
def test_the_bits_are_those_of_a_plain_product(dtype, shape, columns, sizes):
    a = matrix_with_empty_rows(shape, dtype)
    x = np.random.default_rng(1).standard_normal((shape[1], columns)).astype(dtype)
    y = np.zeros((shape[0], columns), dtype)
    add = banded_product(a, columns)
    add(x, y, 1.0)
    assert np.array_equal(y, a @ x) and y.dtype == np.dtype(dtype)
    add(x, y, -2.0)
    assert np.allclose(y, -(a @ x), atol=1e-4)  # 50 terms of order 1 in float32, each rounded to 1e-7
    wide = x.astype(np.float64)
    assert np.array_equal(times_block(a, wide), a.astype(np.float64) @ wide)
    assert np.array_equal(times_block(a, np.asfortranarray(wide)), a.astype(np.float64) @ wide)


def test_a_block_of_another_width_than_expected_is_multiplied_too():
    a, x = matrix_with_empty_rows((700, 900), "float64"), np.random.default_rng(1).standard_normal((900, 20))
    y = np.zeros((700, 20))
    banded_product(a, 3)(x, y, 1.0)
    assert np.array_equal(y, a @ x)


def test_the_bits_do_not_depend_on_the_number_of_threads():
    a = matrix_with_empty_rows((700, 900), "float32")
    x = np.random.default_rng(1).standard_normal((900, 16)).astype("float32")
    threads, found = numba.get_num_threads(), []
    for count in {1, threads}:
        numba.set_num_threads(count)
        found.append(np.zeros((700, 16), "float32"))
        banded_product(a, 16)(x, found[-1], 0.3)
    numba.set_num_threads(threads)
    assert np.array_equal(found[0], found[-1])


@pytest.mark.parametrize("shape", [(5, 5), (0, 5), (5, 0)])
def test_a_matrix_without_entries_adds_nothing(shape):
    y = np.ones((shape[0], 2))
    banded_product(sparse.csr_array(shape), 2)(np.ones((shape[1], 2)), y, 1.0)
    assert np.array_equal(y, np.ones((shape[0], 2)))
    assert np.array_equal(times_block(sparse.csr_array(shape), np.ones((shape[1], 2))), 0 * y)


def test_rows_that_are_not_sorted_are_multiplied_too():
    matrix = sparse.csr_array(([1.0, 2.0, 3.0], [1, 0, 1], [0, 2, 3]), shape=(2, 2))
    assert not matrix.has_sorted_indices
    assert times_block(matrix, np.array([[1.0], [10.0]])).tolist() == [[12.0], [30.0]]
