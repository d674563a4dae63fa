"""Generators are keyed by everything that their numbers may depend on."""

import sys
from pathlib import Path

from experiments.running.seeds import generator

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name


def test_generators_are_keyed_by_everything_they_may_depend_on_and_nothing_else():
    base = (0, "s", 1, "graph", {"n": 1}, 0)
    first = generator(*base).random()
    for k, other in enumerate([1, "t", 2, "method", {"n": 2}, 1]):
        changed = (*base[:k], other, *base[k + 1 :])
        assert generator(*changed).random() != first
    assert generator(0, "s", 1, "graph", {"n": 1}, 0).random() == first
