"""A triangle becomes the symmetric matrix that SciPy makes of it, in one range of rows and in many."""

import numba
import numpy as np
import pytest
from scipy import sparse

from theory.analysis.mirrored import mirrored


@pytest.mark.parametrize(("n", "density"), [(1, 0.0), (40, 0.2), (900, 0.5), (3000, 0.03)])
def test_it_is_the_sum_with_the_transpose(n, density):
    rng = np.random.default_rng(0)
    whole = sparse.random_array((n, n), density=density, format="csr", rng=rng)
    upper = sparse.csr_array(sparse.triu(whole, 1))
    upper.sort_indices()
    found, expected = mirrored(upper), sparse.csr_array(upper + upper.T)
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    assert found.indices.dtype == np.int32 and found.dtype == np.float64
    found.check_format(full_check=True)


def test_the_same_on_one_and_two_threads():
    upper = sparse.csr_array(sparse.triu(np.arange(250_000.0).reshape(500, 500), 1))
    before, found = numba.get_num_threads(), []
    try:
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            found.append(mirrored(upper))
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(found[0].data, found[1].data) and np.array_equal(found[0].indices, found[1].indices)
