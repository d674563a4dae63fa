"""The rank that finds most is the one the truth has, and its curve agrees with a search at that rank alone."""

import json

import numpy as np
import pytest

import theory
from experiments.real.asked import ask_hidden, by_group
from experiments.real.hidden_pairs import folds_of
from experiments.real.rank_choice import choose_rank_by_recall
from experiments.real.statistics import first_dimensions
from simulate import InteractionModel, LogNormal, dcbm, sample_graph, sample_interactions
from theory.analysis.scalings import SCALINGS


@pytest.fixture(scope="module")
def folds():
    """Of a log of eight topics: as many dimensions find what is hidden, and no more are there to be found."""
    rng = np.random.default_rng(0)
    model = InteractionModel(
        LogNormal(0.5).sample(320, rng), np.arange(320) % 8, mean_length=8, concentration=0.02
    )
    x = sample_interactions(model, 2000, rng, clip=True)[0]
    found = theory.analyse(x, 64, kind="interactions")
    return folds_of(x, found, "interactions", 8, rng, folds=2), found


def test_the_rank_of_eight_topics(folds):
    choice = choose_rank_by_recall(folds[0], 320, np.random.default_rng(1), parallel=9, knee=6)
    assert 8 <= choice.rank <= 24 and choice.low <= 8 and choice.low <= choice.rank <= choice.high
    curve = {point["rank"]: point for point in choice.curve}
    assert set(curve) == {2, 3, 4, 6, 8, 9, 12, 16, 24, 32, 48, 64}
    assert curve[4]["loss_low"] > 0 and choice.low > 4
    best = max(curve.values(), key=lambda point: point["recall"])
    assert best["loss"] == 0
    for point in curve.values():
        assert point["loss"] == pytest.approx(best["recall"] - point["recall"])
        assert point["loss_low"] <= point["loss"] <= point["loss_high"]
    not_told = [rank for rank, point in curve.items() if point["loss_low"] <= 0]
    assert (choice.low, choice.high) == (min(not_told), max(not_told))
    assert f"{curve[choice.rank]['recall']:.1%}" in choice.reason
    assert (
        "parallel analysis says" in choice.reason and "the knee of Spk says 6, which finds" in choice.reason
    )
    assert json.loads(json.dumps(choice.as_dict())) == choice.as_dict()


def test_the_curve_is_what_each_rank_finds_by_itself(folds):
    choice = choose_rank_by_recall(folds[0], 320, np.random.default_rng(1), parallel=200, knee=6)
    assert "parallel analysis says 200, beyond what was measured" in choice.reason
    for point in choice.curve[2:9:3]:
        parts = []
        for fold in folds[0]:
            cut = first_dimensions(fold.embedding, int(point["rank"]))
            plain = ask_hidden({"": {s: cut.vectors(s) for s in SCALINGS}}, fold.pairs, fold.items, choice.k)[
                0
            ]
            parts.append((plain.groups, plain.outcomes[""][choice.ranking]))
        groups, outcomes = (np.concatenate(column) for column in zip(*parts))
        assert point["recall"] == pytest.approx(by_group(groups, outcomes[:, None]).mean(), abs=1e-9)


def test_a_graph_is_asked_by_hidden_edges_and_a_small_matrix_not_at_all():
    rng = np.random.default_rng(2)
    model = dcbm(150, 3, heterogeneity=LogNormal(0.3), mean_degree=20, mixing=0.1, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    found = theory.analyse(graph, 3, kind="graph")
    choice = choose_rank_by_recall(
        folds_of(graph, found, "graph", 3, rng, folds=2), 150, rng, parallel=3, knee=3
    )
    assert (choice.k == 15 and choice.rank >= 3 and "says the same" in choice.reason) or choice.rank > 3
    assert choice.popularity["loss_low"] > 0 and "popularity" not in choice.reason
    assert choose_rank_by_recall([], 150, rng, parallel=3, knee=3) is None


def test_where_nothing_but_popularity_is_to_be_found_the_reason_says_so():
    rng = np.random.default_rng(3)
    model = InteractionModel(
        LogNormal(1.2).sample(120, rng), np.zeros(120, dtype=int), mean_length=8, concentration=1.0
    )
    x = sample_interactions(model, 1500, rng, clip=True)[0]
    found = theory.analyse(x, 4, kind="interactions")
    folds = folds_of(x, found, "interactions", 4, rng, folds=2)
    choice = choose_rank_by_recall(folds, 120, rng, parallel=1, knee=2)
    assert choice.popularity["loss_low"] < 0 < choice.popularity["recall"]
    told = f"popularity alone finds {choice.popularity['recall']:.1%}, which is not told apart from the best rank"
    assert choice.reason.endswith(told)
    # the same as counting: is the hidden item among the most popular that the context does not hold?
    hits, asked = 0, 0
    for fold in folds:
        popularity = np.asarray(fold.pairs.known.sum(axis=0)) + 1e-9 * np.arange(120)
        held = np.isin(np.arange(120), fold.items)
        for context, item in zip(fold.pairs.contexts[fold.pairs.plain], fold.pairs.hidden[fold.pairs.plain]):
            free = held & (fold.pairs.known[[int(context)]].toarray()[0] == 0)
            hits += bool(held[item]) and bool((popularity[free] > popularity[item]).sum() < choice.k)
            asked += 1
    assert choice.popularity["recall"] == pytest.approx(hits / asked, abs=0.02)
