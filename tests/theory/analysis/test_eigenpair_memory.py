"""Ranks whose vectors memory would not hold are refused before a solver begins, and only these."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from simulate.available_memory import supposed_memory
from theory import embed
from theory.analysis.eigenpair_memory import bytes_of_eigenpairs


@pytest.mark.parametrize("tol", [0.0, 1e-6])
def test_a_rank_that_does_not_fit_is_refused_with_the_need_and_what_there_is(tol):
    n = 60_000
    matrix = sparse.diags_array(np.arange(1.0, n + 1), format="csr")
    with (
        supposed_memory(2**26),
        pytest.raises(
            ValueError, match=r"60,000 rows: .* need about 0\.\d+ GiB and .* 0\.0625 GiB left; got rank=64"
        ),
    ):
        embed(matrix, 64, tol=tol)


def test_a_small_problem_is_solved_whatever_the_system_says():
    with supposed_memory(0):
        assert embed(np.diag([3.0, 2.0, 1.0]), 1).rank == 1


sizes = st.integers(1, 10**9)


@given(sizes, sizes, st.integers(1, 500), st.sampled_from(["float32", "float64"]), st.booleans())
def test_the_need_grows_with_each_size(n, entries, rank, dtype, blocks):
    def need(n, entries, rank):
        return bytes_of_eigenpairs(n, entries, rank, dtype, blocks=blocks)

    here = need(n, entries, rank)
    assert (
        here < need(n + 1, entries, rank)
        and here < need(n, entries + 1, rank)
        and here < need(n, entries, rank + 1)
    )
