"""The figure of stability: the fifths of one pair of snapshots, and one line for each fifth over several."""

import numpy as np
import pytest

from experiments import stability_of
from reports.figures import claims
from reports.figures.stability import draw_stability


@pytest.fixture
def drawn(monkeypatch):
    """What was handed to `draw`, with the axes that it dressed."""
    kept = []
    monkeypatch.setattr(claims, "_dress", lambda axis, figure, facet: kept.append((axis, figure)))
    return kept


def found(snapshots):
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((80, 4))
    return stability_of([rows + 0.1 * k * rng.standard_normal((80, 4)) for k in range(snapshots)], k=5)


def test_two_snapshots_are_drawn_by_fifth_of_the_norm(drawn):
    stable = found(2)
    text = draw_stability(stable.table, 5, "dot", stable.conclusion)
    assert text.startswith("<svg") and text == draw_stability(stable.table, 5, "dot", stable.conclusion)
    axis, figure = drawn[0]
    norms = stable.table[stable.table["group"] == "norm"]
    assert axis.get_lines()[0].get_xdata().tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(axis.get_lines()[0].get_ydata(), norms["overlap"])
    assert figure.ylabel == "share kept of the 5 nearest by dot"


def test_several_snapshots_are_drawn_by_date_with_a_line_for_each_fifth(drawn):
    stable = found(4)
    draw_stability(stable.table, 5, "dot", stable.conclusion)
    axis, figure = drawn[0]
    lines = [line for line in axis.get_lines() if len(line.get_xdata()) == 3]
    assert len(lines) == 5 and all(line.get_xdata().tolist() == [1, 2, 3] for line in lines)
    largest = stable.table.query("group == 'norm' and later == 4 and part == 5").sort_values("earlier")
    np.testing.assert_allclose(lines[0].get_ydata(), largest["overlap"])
    assert figure.xlabel == "snapshot, compared with the last one (4)"


def test_snapshots_are_counted_in_whole_numbers(monkeypatch):
    original, ticks = claims._dress, []

    def dressed(axis, figure, facet):
        original(axis, figure, facet)
        ticks.extend(axis.get_xticks())

    monkeypatch.setattr(claims, "_dress", dressed)
    stable = found(3)
    draw_stability(stable.table, 5, "dot", "")
    assert len(ticks) >= 2 and all(tick % 1 == 0 for tick in ticks)


def test_a_table_without_fifths_is_refused():
    stable = found(2)
    with pytest.raises(ValueError, match="no point to draw"):
        draw_stability(stable.table[stable.table["group"] == "all"], 5, "dot", "")
