"""Short products are taken where they save time, and bound the whole ones."""

from __future__ import annotations

import numpy as np

from theory.analysis.cones import Directions
from theory.analysis.short_products import shorten


def test_the_head_follows_the_spectrum() -> None:
    rng = np.random.default_rng(0)
    heads = []
    for power in (0.0, 0.5):
        rows = rng.standard_normal((6000, 64)) * np.arange(1, 65.0) ** -power
        directions = Directions.of(rows)
        every = np.arange(6000)
        assert shorten(directions, every, every, 0.9) > 0.4
        heads.append(directions.head)
    assert 64 > heads[0] > heads[1]


def test_rows_within_each_others_cones_are_left_as_they_are() -> None:
    """A bound that decides nothing costs more than it saves."""
    rows = np.ones((5000, 32)) + 0.1 * np.random.default_rng(0).standard_normal((5000, 32))
    directions = Directions.of(rows)
    assert shorten(directions, np.arange(5000), np.arange(5000), 0.9) == 0
    assert directions.head == 32 and directions.axes is None


def test_head_and_rest_bound_every_product() -> None:
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((500, 24)) * np.arange(1, 25.0) ** -0.5
    directions = Directions.of(rows)
    exact = directions.exact(np.arange(500))
    directions.head = 8
    directions.axes = np.linalg.qr(rng.standard_normal((24, 24)))[0]
    found = directions.rows(np.arange(500))
    bound = found.rough[:, :8] @ found.rough[:, :8].T + np.outer(found.rest, found.rest)
    assert (bound >= exact @ exact.T - directions.margin).all()
