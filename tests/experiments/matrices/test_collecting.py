"""Pairs collected from a file: repeats count once, one context or one item is refused."""

import pytest

from experiments.matrices import PairCollector


def test_repeated_pairs_count_once_with_their_earliest_time():
    collector = PairCollector()
    for context, item, time in (("p", "x", 5.0), ("p", "x", 3.0), ("q", "y", 1.0), ("p", "y", 2.0)):
        collector.add(context, item, time)
    matrix = collector.finish("toy")
    assert matrix.interactions.toarray().tolist() == [[1, 1], [0, 1]]
    assert matrix.times.tolist() == [3, 2, 1]
    assert "1 of 4 pairs" in matrix.notes[0]


@pytest.mark.parametrize("pairs", [[("p", "x"), ("p", "y")], [("p", "x"), ("q", "x")]])
def test_one_context_or_one_item_is_refused(pairs):
    collector = PairCollector()
    for pair in pairs:
        collector.add(*pair)
    with pytest.raises(ValueError, match="at least 2 contexts and 2 items"):
        collector.finish("toy")
