"""The matrices of lists of pairs, beside SciPy's from the same pairs: many bands, one, loops, repeats, empty lists, threads."""

import numba
import numpy as np
import pytest
from scipy import sparse

from simulate.sampling import csr_from_pairs
from simulate.sampling.csr_from_pairs import directed_csr, symmetric_csr, upper_entries, with_upper_values


def pairs_of(rows, columns, number, seed=0):
    rng = np.random.default_rng(seed)
    skewed = (rows * rng.random(number) ** 3).astype(np.int32)  # some rows are much longer than others
    return skewed, rng.integers(0, columns, number, dtype=np.int32)


def in_chunks(array):
    return np.array_split(array, sorted([7, 7, array.size // 3]))  # of unequal lengths, one empty


def scipys(i, j, shape, both):
    if both:
        apart = i != j
        i, j = np.concatenate([i, j[apart]]), np.concatenate([j, i[apart]])
    return sparse.coo_array((np.ones(i.size), (i, j)), shape=shape).tocsr()


@pytest.mark.parametrize(
    ("rows", "columns", "number"),
    [(1, 1, 5), (3, 200_000, 900), (70_000, 5, 2000), (300, 300, 120_000), (200_000, 90, 150_000), (0, 4, 0)],
)
@pytest.mark.parametrize("small", [False, True])
def test_the_matrix_is_that_of_scipy(monkeypatch, rows, columns, number, small):
    if small:  # bands, and threads, at any size
        monkeypatch.setattr(csr_from_pairs, "ENTRIES_OF_A_BAND", 64)
        monkeypatch.setattr(csr_from_pairs, "PARALLEL", 0)
    i, j = pairs_of(rows, columns, number)
    found = directed_csr(in_chunks(i), in_chunks(j), (rows, columns), "float64", repeats=True)
    expected = scipys(i, j, (rows, columns), both=False)
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    n = max(rows, columns)
    found = symmetric_csr(in_chunks(i), in_chunks(j), n, "float64", repeats=True)
    expected = scipys(i, j, (n, n), both=True)
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))


def test_pairs_that_occur_once_are_ones_of_the_type_asked_and_the_lists_are_used_up():
    i, j = [np.array([4, 0, 2])], [np.array([1, 3, 2])]
    found = symmetric_csr(i, j, 5, "int8", repeats=False)
    assert found.dtype == np.int8 and found.data.tolist() == [1] * 5
    assert (i, j) == ([], [])
    assert found.indices.tolist() == [3, 4, 2, 0, 1] and found.indptr.tolist() == [0, 1, 2, 3, 4, 5]


def test_the_same_matrix_on_one_and_two_threads(monkeypatch):
    monkeypatch.setattr(csr_from_pairs, "PARALLEL", 0)
    i, j = pairs_of(5000, 5000, 400_000)
    before, found = numba.get_num_threads(), []
    try:
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            found.append(symmetric_csr(in_chunks(i), in_chunks(j), 5000, "float32", repeats=True))
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(found[0].indices, found[1].indices) and np.array_equal(found[0].data, found[1].data)


def test_bands_are_few_not_tiny_and_their_places_fit_16_bits():
    for rows, entries in [(0, 0), (1, 10), (10**6, 10**3), (10**6, 10**9), (10**9, 10**9), (300, 10**9)]:
        bits = csr_from_pairs._bits_within_a_band(rows, entries)
        bands = max(rows - 1, 0) // 2**bits + 1
        assert bits <= csr_from_pairs.MOST_ROWS == 16
        assert bands <= csr_from_pairs.BANDS or bits == 16
        assert bands == 1 or bits == 16 or entries / bands > csr_from_pairs.ENTRIES_OF_A_BAND / 2


@pytest.mark.parametrize("n", [0, 1, 40, 3000])
def test_values_above_the_diagonal_come_to_both_halves_and_zeros_are_no_entries(n):
    rng = np.random.default_rng(0)
    i, j = rng.integers(0, max(n, 1), (2, 3 * n))
    pattern = symmetric_csr([i], [j], n, float, repeats=True)
    rows, columns, counts = upper_entries(pattern)
    assert (rows <= columns).all() and counts.sum() == 3 * n
    values = rng.integers(-2, 3, rows.size).astype(np.float64)
    found = with_upper_values(pattern, values)
    half = sparse.coo_array((values, (rows, columns)), shape=(n, n)).tocsr()
    expected = half + half.T - sparse.diags_array(half.diagonal()) if n else half
    assert (found != expected).nnz == 0 and found.data.all() and found.has_sorted_indices
