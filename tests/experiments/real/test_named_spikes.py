"""The table of spikes and the rows to draw speak of one partition of all rows."""

import numpy as np
import pytest

import theory
from experiments.real.named_spikes import NAME, points_to_draw, shown_name, spike_table


@pytest.fixture
def rows():
    """Two spikes of 12 and 10 rows, one row beside them and one without a direction."""
    lengths = np.concatenate([np.linspace(9, 2, 12), np.linspace(8, 1, 10)])
    rays = np.repeat(np.eye(2), [12, 10], axis=0) * lengths[:, None]
    return np.vstack([rays, [[0.6, 0.5], [0.0, 0.0]]])


def test_the_table_counts_every_row_with_a_direction_once(rows):
    names, labels = [f"item {k}" for k in range(24)], np.array([0] * 12 + [1] * 6 + [2] * 4 + [0, -1])
    table = spike_table(
        rows, theory.partition_by_spikes(rows), names, labels, np.array(["red", "blue", "green"])
    )
    assert [row["size"] for row in table] == [13, 10] and [row["spike"] for row in table] == [1, 2]
    assert table[1]["largest"] == [f"item {k}" for k in range(12, 17)]
    assert (table[0]["label"], table[0]["purity"]) == ("red", 1.0)
    assert (table[1]["label"], table[1]["purity"]) == ("blue", 0.6)


def test_the_points_are_the_rows_and_have_the_spikes_of_the_table(rows):
    partition = theory.partition_by_spikes(rows)
    points = points_to_draw(
        rows, partition, [str(k) for k in range(24)], None, None, np.random.default_rng(0)
    )
    drawn = np.array(points["coordinates"]).reshape(-1, 2) * points["scale"] / 32767
    assert points["of"] == 23 and "label" not in points
    np.testing.assert_allclose(drawn, rows[:23], atol=points["scale"] / 32767)
    assert points["spike"] == partition.labels[:23].tolist()


def test_names_are_cut_and_control_characters_marked():
    assert shown_name("x" * (NAME + 1)) == "x" * NAME + "…"
    assert shown_name("a\x07b") == "a\ufffdb"
