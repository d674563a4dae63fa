"""Planted faults change the rows that they name, as they say, and nothing else."""

import numpy as np
import pytest

from simulate.changes import planted_faults as planted

X = np.random.default_rng(0).standard_normal((60, 5))
CHANGING = [planted.plant_near_duplicates, planted.plant_copies, planted.plant_zero_rows]


@pytest.mark.parametrize("plant", CHANGING, ids=lambda plant: plant.__name__)
def test_rows_that_are_not_named_stay_and_the_input_does(plant):
    before = X.copy()
    bad = plant(X, np.random.default_rng(1))
    others = np.setdiff1d(np.arange(60), bad.rows)
    assert np.array_equal(X, before) and (bad.vectors[others] == X[others]).all()
    assert not np.array_equal(bad.vectors, X)


def test_copies_lie_as_far_apart_as_said():
    bad = planted.plant_copies(X, np.random.default_rng(1), count=9, apart=0.01)
    first, *rest = bad.rows
    away = np.linalg.norm(bad.vectors[rest] - X[first], axis=1)
    assert away == pytest.approx(0.01 * np.linalg.norm(X[first]))


def test_a_hub_keeps_norms_and_draws_its_share():
    bad = planted.plant_hub(X, np.random.default_rng(1), share=0.5, pull=0.9)
    assert np.linalg.norm(bad.vectors, axis=1) == pytest.approx(np.linalg.norm(X, axis=1))
    unit = bad.vectors / np.linalg.norm(bad.vectors, axis=1)[:, None]
    assert (
        unit @ unit[bad.rows[0]] > 0.98
    ).sum() >= 31  # cos of at least 0.9 / (0.9^2 + 0.1^2)^(1/2), and itself


def test_a_common_mean_has_the_length_that_is_said():
    bad = planted.plant_common_mean(X, np.random.default_rng(1), size=3.0)
    added = bad.vectors - X
    assert np.allclose(added, added[0])
    assert np.linalg.norm(added[0]) == pytest.approx(3 * np.median(np.linalg.norm(X, axis=1)))


def test_columns_are_added_behind_the_others():
    noisy = planted.plant_noise_columns(X, np.random.default_rng(1), count=3, size=0.5).vectors
    assert noisy.shape == (60, 8) and (noisy[:, :5] == X).all()
    assert np.linalg.matrix_rank(planted.plant_dependent_columns(X).vectors - X.mean()) == 6


def test_a_biclique_stands_apart_and_lacks_its_share():
    log, columns = planted.plant_biclique(X > 0, np.random.default_rng(1), contexts=40, items=25, missing=0.2)
    dense = log.toarray()
    assert (dense[:60, :5] == (X > 0)).all() and not dense[:60, columns].any() and not dense[60:, :5].any()
    assert 0.7 < dense[60:, columns].mean() < 0.9  # 0.8 of 1,000 pairs, to eight standard errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: planted.plant_copies(X, rng, count=61), "count must be"),
        (lambda rng: planted.plant_near_duplicates(X, rng, pairs=31), "pairs must be"),
        (lambda rng: planted.plant_hub(X, rng, share=2.0), "share must be"),
        (lambda rng: planted.plant_noise_columns(X, rng, count=0), "count must be"),
        (lambda rng: planted.plant_zero_rows([[np.nan]], rng), "vectors must"),
        (lambda rng: planted.plant_biclique(X, rng, missing=-1.0), "missing must be"),
    ],
)
def test_what_is_out_of_range_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))
