"""Rows in random directions keep the norms, the mean and the spectrum, and forget who is near whom."""

import numpy as np
import pytest

from simulate import pages, random_directions, random_rows
from simulate.random_directions import RowMoments, rows_of_moments


def of_kind(kind):
    rng = np.random.default_rng(0)
    gauss = rng.standard_normal((600, 6)) * 0.7 ** np.arange(6)
    return {
        "centred": gauss,
        "with a common mean": gauss + 4.0 * np.eye(6)[0] + np.eye(6)[3],
        "with norms of a popularity": gauss * rng.lognormal(0, 1, 600)[:, None],
        "of fewer rows than columns": rng.standard_normal((20, 64)) + 1.0,
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "centred",
        "with a common mean",
        "with norms of a popularity",
        "of fewer rows than columns",
    ],
)
def test_norms_mean_and_spectrum_are_kept(kind):
    rows = of_kind(kind)
    drawn = random_rows(rows, np.random.default_rng(1))
    about_mean = np.linalg.norm(rows - rows.mean(axis=0))
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), np.linalg.norm(rows, axis=1), rtol=1e-12)
    assert np.linalg.norm(drawn.mean(axis=0) - rows.mean(axis=0)) * len(rows) ** 0.5 < 0.02 * about_mean
    assert np.linalg.norm(drawn.T @ drawn - rows.T @ rows) < 0.05 * np.linalg.norm(rows.T @ rows)
    assert not np.allclose(drawn, random_rows(rows, np.random.default_rng(2)))


def test_zero_rows_stay_zero_and_equal_rows_stay_equal():
    rows = np.vstack([np.random.default_rng(0).standard_normal((50, 3)), np.zeros((5, 3))])
    assert not random_rows(rows, np.random.default_rng(0))[50:].any()
    np.testing.assert_allclose(random_rows(np.ones((9, 2)), np.random.default_rng(0)), np.ones((9, 2)))


def test_directions_do_not_depend_on_the_rows_that_they_stand_for():
    rows = np.repeat(np.eye(4), 100, axis=0)  # four groups of equal rows
    drawn = random_rows(rows, np.random.default_rng(0))
    group = drawn[:100] @ drawn[:100].T
    # cosines within a group are those of random rows with mean 1/4 in each column: about 1/4, not 1
    assert abs(group[np.triu_indices(100, 1)].mean() - 0.25) < 0.1


@pytest.mark.parametrize("bad", [np.ones(3), np.ones((1, 3)), np.array([[1.0, np.nan], [0.0, 1.0]])])
def test_what_is_no_matrix_of_two_rows_is_refused(bad):
    with pytest.raises(ValueError, match="vectors must"):
        random_rows(bad, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("n", "f", "dtype"), [(900, 5, np.float32), (900, 1, np.float32), (700, 3, float), (50, 12, float)]
)
def test_rows_in_a_file_have_the_same_moments_and_draws(n, f, dtype, monkeypatch):
    monkeypatch.setattr(pages, "IN_USE", 4000)
    monkeypatch.setattr(random_directions, "BLOCK", 64)
    rng = np.random.default_rng(0)
    rows = (rng.standard_normal((n, f)) * rng.pareto(2, (n, 1)) + 0.3).astype(dtype)
    mapped = pages.scratch_rows(rows.shape, dtype)
    mapped[:] = rows
    held, read = RowMoments.of(rows), RowMoments.of(mapped)
    for name in ("norms", "mean", "spread"):
        np.testing.assert_array_equal(getattr(held, name), getattr(read, name))
    one, other = (rows_of_moments(held, np.random.default_rng(1), on_disk=where) for where in (False, True))
    assert pages.is_mapped(other) and not pages.is_mapped(one)
    np.testing.assert_array_equal(one, other)
