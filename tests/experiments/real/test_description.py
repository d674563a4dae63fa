"""What is said of the real matrix only: agreement of partitions, and what small matrices have no answer to."""

import numpy as np
import pytest

from experiments.matrices import load
from experiments.real.description import agreement, describe
from experiments.real.statistics import analysed


def test_agreement_is_on_the_rows_that_both_know():
    spikes = np.array([0, 0, 1, 1, -1, 1])
    labels = np.array([5, 5, 3, 3, 3, -1])
    rows = {(r["first"], r["second"]): r for r in agreement(spikes, np.zeros(6, dtype=int), labels)}
    same = rows["spikes", "labels"]
    assert (same["rows"], same["nmi"], same["rand"]) == (4, pytest.approx(1.0), pytest.approx(1.0))
    assert rows["spikes", "Leiden communities"]["nmi"] == 0.0 and len(rows) == 3


def test_a_small_matrix_says_what_it_has_and_none_for_the_rest():
    davis = load("davis")
    about = describe(davis, analysed(davis.matrix, "interactions", 3), 3, np.random.default_rng(0))
    assert about["rank_choice"] is about["shape"] is about["stability"] is None
    assert about["questions"] == []
    assert about["rank"] == 3 and about["kind"] == "interactions"
    assert about["points"]["of"] == 18 and len(about["truncation"]) == 3
