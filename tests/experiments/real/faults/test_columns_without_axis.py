"""Columns that add no axis, named by what they are; and axes that are noise."""

import numpy as np
import pytest

from experiments.real.faults.columns_without_axis import columns_without_axis
from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.noise_axes import noise_axes


def given(x):
    return GivenRows.of(x, None, np.random.default_rng(0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_each_kind_of_column_is_named(dtype):
    x = np.random.default_rng(0).standard_normal((9000, 4)).astype(dtype)  # two blocks
    rows = np.column_stack([x, x[:, 1] * -2, np.zeros(9000), np.full(9000, 7.5), x[:, 0] + x[:, 2] - x[:, 3]])
    told = columns_without_axis(given(rows.astype(dtype)))
    assert told.value == 4 and told.sentence.startswith("4 of 8 columns add no axis")
    for part in ("zero: column 6", "constant: column 7", "earlier one: column 5", "1 follows from several"):
        assert part in told.sentence


def test_small_columns_are_axes_and_few_rows_are_said():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((100, 3)) * [1, 1e-6, 1e-12]
    assert not columns_without_axis(given(x)).found
    told = columns_without_axis(given(rng.standard_normal((4, 6))))
    assert told.value == 3 and "(there are only 4 rows)" in told.sentence


def test_the_number_of_noise_axes_is_found_beside_spikes():
    """Sixteen spikes fill sixteen axes, the eight others are noise; deterministic at its seed."""
    rng = np.random.default_rng(2)
    x = np.column_stack([np.eye(16)[rng.integers(16, size=800)] * 5, rng.standard_normal((800, 8))])
    told = noise_axes(given(x), rng)
    assert told.found and 7 <= told.value <= 10 and "keep the first" in told.sentence
    assert not noise_axes(given(x[:, :16] + 0.1 * rng.standard_normal((800, 16))), rng).found


def test_few_axes_that_group_the_rows_do_not_drown_in_many_of_noise():
    """Twelve groups of varying length among 100 axes: all 12 axes (a mean is not taken out of lengths) are kept, and few others.

    Deterministic at its seed.
    """
    rng = np.random.default_rng(7)
    groups, lengths = rng.standard_normal((12, 100)), rng.lognormal(0.7, 0.4, (2000, 1))
    told = noise_axes(
        given(groups[rng.integers(12, size=2000)] * lengths + rng.standard_normal((2000, 100))), rng
    )
    assert told.found and 84 <= told.value <= 88


def test_rows_between_few_directions_are_no_noise_although_no_spike_is_tight():
    """Mixtures of five directions fill a simplex of four axes: cos^4 alone would not tell. Deterministic at its seed."""
    rng = np.random.default_rng(3)
    mixed = rng.dirichlet(np.full(5, 1.0), 400) + 0.02 * rng.standard_normal((400, 5))
    rows = (mixed - mixed.mean(axis=0)) @ np.linalg.svd(np.eye(5) - 0.2)[0][:, :4]
    assert not noise_axes(given(rows), rng).found
    assert noise_axes(given(rng.standard_normal((400, 4))), rng).found
