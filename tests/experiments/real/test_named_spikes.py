"""The table of spikes and the rows to draw speak of one partition of all rows."""

import numpy as np
import pytest

import theory
from experiments.real.named_spikes import NAME, NamedRows, points_to_draw, shown_name, spike_table


@pytest.fixture
def rows():
    """Two spikes of 12 and 10 rows, one row beside them and one without a direction."""
    lengths = np.concatenate([np.linspace(9, 2, 12), np.linspace(8, 1, 10)])
    rays = np.repeat(np.eye(2), [12, 10], axis=0) * lengths[:, None]
    return np.vstack([rays, [[0.6, 0.5], [0.0, 0.0]]])


def named(rows, **more):
    names = [f"item {k}" for k in range(len(rows))]
    return NamedRows(rows, theory.partition_by_spikes(rows), names, **more)


def test_the_table_counts_every_row_with_a_direction_once(rows):
    labels = np.array([0] * 12 + [1] * 6 + [2] * 4 + [0, -1])
    table = spike_table(named(rows, labels=labels, label_names=np.array(["red", "blue", "green"])))
    assert [row["size"] for row in table] == [13, 10] and [row["spike"] for row in table] == [1, 2]
    assert table[1]["loudest"] == [f"item {k}" for k in range(12, 17)]
    assert (table[0]["label"], table[0]["purity"]) == ("red", 1.0)
    assert (table[1]["label"], table[1]["purity"]) == ("blue", 0.6)
    assert table[0]["trust"] is None
    assert [row["inside"] for row in table] == [12 / 13, 1.0]  # the row beside them joined the nearest


def test_typical_items_point_where_the_spike_points():
    """Twelve rows about the first axis, the loudest furthest from it; the others symmetric, so that their sum lies on it."""
    tilt = np.array([0.3, -0.3, 0.02, -0.02, 0.1, -0.1, 0.15, -0.15, 0.2, -0.2, 0.25, -0.25])
    rows = np.column_stack([np.full(12, 1.0), tilt / 2])
    rows[:2] *= 5
    (row,) = spike_table(named(rows))
    assert row["loudest"][:2] == ["item 0", "item 1"]
    assert set(row["typical"][:4]) == {"item 2", "item 3", "item 4", "item 5"}


def test_no_spike_of_ten_rows_is_none_in_the_table_and_in_the_points():
    rows = np.eye(4)
    assert spike_table(named(rows)) == []
    assert points_to_draw(named(rows), np.random.default_rng(0))["spike"] == [-1] * 4


def test_a_spike_has_the_mean_forecast_of_its_items_that_have_one(rows):
    trust = np.full((3, 24), np.nan)
    trust[:, [0, 1, 12]] = [[0.2, 0.4, 0.9], [0.1, 0.3, 0.8], [0.3, 0.5, 1.0]]
    about = named(rows, trust=trust, popularity=np.arange(24.0))
    assert [row["trust"] for row in spike_table(about)] == pytest.approx([0.3, 0.9])
    points = points_to_draw(about, np.random.default_rng(0))
    assert points["trust"][:3] == [0.2, 0.4, None] and points["trust_high"][12] == 1.0
    assert points["popularity"] == list(range(23))


def test_the_points_are_the_rows_and_have_the_spikes_of_the_table(rows):
    points = points_to_draw(named(rows), np.random.default_rng(0))
    units = np.array(points["directions"]).reshape(-1, 2) / 32767
    assert points["of"] == 23 and points["rank"] == 2 and "label" not in points
    assert np.abs(points["directions"]).max() <= 32767
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(units * np.array(points["norms"])[:, None], rows[:23], atol=9e-4 * 9)
    assert points["spike"] == theory.partition_by_spikes(rows).labels[:23].tolist()


def test_the_loudest_of_every_spike_are_always_shown():
    """A spike of ten rows among 25,000: its five loudest are there, whatever is drawn."""
    rng = np.random.default_rng(0)
    rows = np.zeros((25_010, 2))
    rows[:25_000, 0] = rng.uniform(1, 2, 25_000)
    rows[25_000:, 1] = np.linspace(0.9, 0.1, 10)
    points = points_to_draw(named(rows), rng)
    assert len(points["names"]) == 20_000 and points["of"] == 25_010
    assert {f"item {k}" for k in range(25_000, 25_005)} <= set(points["names"])


def test_names_are_cut_and_control_characters_marked():
    assert shown_name("x" * (NAME + 1)) == "x" * NAME + "…"
    assert shown_name("a\x07b") == "a\ufffdb"
