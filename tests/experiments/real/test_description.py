"""What is said of the real matrix only: agreement of partitions, and what small matrices have no answer to."""

import json

import numpy as np
import pytest

import theory
from experiments.matrices import load
from experiments.real.chosen_ranks import chosen_rank
from experiments.real.compared import Compared, studies_of
from experiments.real.description import agreement, describe
from experiments.real.prepared import prepared
from experiments.real.statistics import analysed
from reports.tables import small_tables


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


def test_two_partitions_of_one_part_each_have_nothing_to_agree_on():
    (row,) = agreement(np.zeros(5, dtype=int), None, np.full(5, 3))
    assert row["nmi"] is row["rand"] is None
    assert small_tables({"agreement": [row]})[0][2][0][3:] == ["–", "–"]


def test_parallel_analysis_of_a_matrix_is_that_by_which_its_rank_was_chosen(monkeypatch):
    (study,) = [
        s for s in studies_of({"les-miserables": 2}, (), Compared(seed=3)) if s.name == "compare-real"
    ]
    (task,) = study.tasks(3)
    thresholds = []

    def parallel_analysis(*arguments, **options):
        found = plain(*arguments, **options)
        thresholds.append(found[1])
        return found

    plain = theory.parallel_analysis
    monkeypatch.setattr(theory, "parallel_analysis", parallel_analysis)
    chosen = chosen_rank(prepared("les-miserables", {}, binary=False, rank=2), "les-miserables", 3)
    row = study.trial(task.cell, study.generators(task))
    assert thresholds[0] == thresholds[1]
    assert max(2, min(json.loads(row["described"])["passing"], 77 // 8)) == chosen  # eight rows for each
