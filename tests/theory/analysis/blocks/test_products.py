"""A product part by part, beside SciPy's."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from theory.analysis.blocks.bounds import rows_of_part
from theory.analysis.blocks.products import add_part, shift_of, slice_of


@pytest.mark.parametrize(("n", "part_rows", "cuts"), [(1000, 256, 1), (1000, 256, 3), (70_000, 16_384, 2)])
def test_parts_of_a_product_are_the_product(n, part_rows, cuts):
    a = sparse.random_array((n, n), density=5e4 / n**2, rng=np.random.default_rng(0), format="csr")
    x = np.random.default_rng(1).standard_normal((n, 16))
    parts = [x[k : k + part_rows] for k in range(0, n, part_rows)]
    shift = shift_of(part_rows, 16)
    for k, own in enumerate(parts):
        rows = np.linspace(0, len(own), cuts + 1).astype(int)
        slices = []
        for low, high in itertools.pairwise(rows):
            some = a[k * part_rows + low : k * part_rows + high]
            slices.append(slice_of(low, np.diff(some.indptr), some.indices, some.data, n, shift))
        y = np.ones_like(own)
        add_part(slices, parts, part_rows, shift, 2.0, y)
        assert y == pytest.approx(1 + 2 * (a[k * part_rows : (k + 1) * part_rows] @ x), abs=1e-11)


@pytest.mark.parametrize(("n", "budget"), [(10**3, 10**6), (10**6, 10**8), (10**9, 10**8)])
def test_a_part_is_a_power_of_two_that_fits(n, budget):
    rows = rows_of_part(n, 100, 8, budget, 64)
    assert rows & (rows - 1) == 0
    assert rows * 800 <= budget and 64 <= rows <= max(n / 8, 64)
