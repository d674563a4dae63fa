"""Rows that are nearly the same, and rows that are near because the space is small."""

import numpy as np
import pytest

from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.near_duplicates import duplicate_groups, near_duplicates
from simulate.changes.planted_faults import plant_copies, plant_near_duplicates
from simulate.sound_vectors import SHAPES, sound_vectors


def told_of(x, seed=0):
    rng = np.random.default_rng(seed)
    given = GivenRows.of(x, None, rng)
    groups = duplicate_groups(given, rng)
    return near_duplicates(given, groups), groups


@pytest.mark.parametrize("apart", [0.0, 1e-9, 1e-5])
@pytest.mark.parametrize("shape", SHAPES)
def test_pairs_and_a_large_group_are_found_and_nothing_else(shape, apart):
    rng = np.random.default_rng(1)
    x = sound_vectors(shape, 500, 10, rng)
    pairs = plant_near_duplicates(x, rng, pairs=4, apart=apart)
    told, groups = told_of(pairs.vectors)
    assert groups.sizes.tolist() == [2] * 4 and told.value == 8
    assert np.flatnonzero(groups.group >= 0).tolist() == pairs.rows.tolist()
    copies = plant_copies(x, rng, count=60, apart=apart)
    assert told_of(copies.vectors)[1].sizes.tolist() == [60]


@pytest.mark.parametrize(("f", "width"), [(2, 0.05), (3, 0.05), (12, 0.0), (12, 1e-3)])
def test_rows_of_few_dimensions_and_of_thin_spikes_are_none(f, width):
    """Level 0.001 for each draw: more than one of four has a chance below 6e-6, and these four are deterministic."""
    found = 0
    for seed in range(4):
        rng = np.random.default_rng([seed, f])
        found += told_of(sound_vectors("on rays", 600, f, rng, width=width), seed)[0].found
    assert found == 0


def test_rows_that_differ_in_their_norm_alone_are_none():
    x = np.random.default_rng(2).standard_normal((300, 8))
    x[1] = 2 * x[0]
    assert not told_of(x)[0].found
