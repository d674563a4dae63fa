"""Rows that are among the nearest of far too many others, and counts by hand."""

import numpy as np
import pytest

from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.hubs import hubs, occurrences, random_within_spikes
from simulate.changes.planted_faults import plant_hub
from simulate.sound_vectors import sound_vectors


@pytest.mark.parametrize(("n", "f"), [(500, 16), (1200, 32)])
def test_a_row_to_which_a_third_of_the_others_is_drawn_is_named(n, f):
    """Deterministic at its seed; the hub has about one and a half times the limit."""
    rng = np.random.default_rng(0)
    bad = plant_hub(sound_vectors("isotropic", n, f, rng), rng)
    told = hubs(GivenRows.of(bad.vectors, None, rng), rng)
    assert told.found and told.rows == (f"row {bad.rows[0]}",)
    assert told.value > told.chance[1] and f"row {bad.rows[0]} (is among the 10 nearest" in told.sentence


def test_the_middle_of_a_spike_is_no_hub():
    """Four wide spikes in 64 dimensions, four draws: by chance more than two are called hubs with a chance below 4e-9.

    Beside random directions that know of no spikes, the row in the middle of each would be one.
    """
    found = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = sound_vectors("on rays", 600, 64, rng, rays=4)
        found += hubs(GivenRows.of(x, None, rng), rng).found
    assert found <= 2


def test_counts_are_those_of_the_nearest_without_the_row_itself():
    rng = np.random.default_rng(1)
    unit = rng.standard_normal((700, 5))
    unit /= np.linalg.norm(unit, axis=1)[:, None]
    queries = np.arange(0, 700, 2)
    cosines = unit[queries] @ unit.T
    cosines[np.arange(len(queries)), queries] = -2
    nearest = np.argsort(-cosines, axis=1)[:, :7]
    assert (occurrences(unit, queries, 7) == np.bincount(nearest.ravel(), minlength=700)).all()


def test_a_draw_keeps_norms_and_the_mean_of_each_spike():
    rng = np.random.default_rng(2)
    unit = sound_vectors("on rays", 400, 6, rng, rays=2, norm_sigma=0.0)
    unit /= np.linalg.norm(unit, axis=1)[:, None]
    spike = (unit @ unit[0] > 0.9).astype(int)
    drawn = random_within_spikes(unit, spike, rng)
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1) and not np.allclose(drawn, unit)
    for number in (0, 1):
        assert np.abs(drawn[spike == number].mean(0) - unit[spike == number].mean(0)).max() < 0.01
