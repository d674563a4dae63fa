"""Questions are answered by what was measured, and the answer is right where the truth is known."""

import json

import numpy as np
import pytest

import theory
from experiments.real.asked import Asked
from experiments.real.hidden_pairs import folds_of, hide, less_popular
from experiments.real.questions import questions_of, questions_of_vectors
from experiments.real.retrieval import RANKINGS
from simulate import InteractionModel, LogNormal, sample_interactions
from theory.analysis.scalings import SCALINGS


@pytest.fixture(scope="module")
def log():
    """A log of six pure topics with popular items, its labels and its analysis."""
    rng = np.random.default_rng(0)
    labels = np.arange(240) % 6
    model = InteractionModel(LogNormal(0.8).sample(240, rng), labels, mean_length=8, concentration=0.02)
    x = sample_interactions(model, 1500, rng, clip=True)[0]
    return x, labels, theory.analyse(x, 6, kind="interactions")


@pytest.fixture(scope="module")
def answers(log):
    x, labels, found = log
    rng = np.random.default_rng(1)
    rows = {scaling: found.embedding.vectors(scaling) for scaling in SCALINGS}
    folds = folds_of(x, found, "interactions", 6, rng)
    return questions_of(folds, rows, 6, rng, popularity=found.popularity, labels=labels[found.items])


def test_every_ranking_is_asked_the_same_and_the_best_is_the_one_that_found_most(answers):
    assert len(answers) == 3 and json.loads(json.dumps(answers)) == answers
    for one in answers:
        assert set(one["recall"]) == set(RANKINGS) and not one["seen"] and one["asked"] > 200
        values = {ranking: found["value"] for ranking, found in one["recall"].items()}
        assert values[one["best"]] == max(values.values())
        assert set(one["beside_best"]) == set(RANKINGS) - {one["best"]}
        for ranking, loss in one["beside_best"].items():
            assert loss["loss"] == pytest.approx(values[one["best"]] - values[ranking])
            assert loss["low"] <= loss["loss"] <= loss["high"]
        assert one["decided"] == (min(loss["low"] for loss in one["beside_best"].values()) > 0)
        for found in one["recall"].values():
            assert found["low"] <= found["value"] <= found["high"]


def test_topics_of_popular_items_are_answered_as_they_were_made(answers):
    context, rare, label = answers
    assert (context["k"], rare["k"], label["k"]) == (23, 23, 10)
    # popular items are likelier to be hidden, so popularity helps within a topic, and hurts where little known ones are sought
    assert context["recall"]["within"]["value"] > context["recall"]["cosine"]["value"] + 0.1
    assert rare["best"] == "cosine" and rare["recall"]["dot"]["value"] < rare["recall"]["cosine"]["value"]
    assert label["recall"]["cosine"]["value"] > 0.95 and label["beside_best"]["popularity"]["low"] > 0.5
    assert rare["recall"]["popularity"]["value"] < 0.01


def test_vectors_of_ones_own_are_asked_together(log):
    x, labels, found = log
    rng = np.random.default_rng(2)
    pairs = next(hide(x, less_popular(found.items, found.popularity, x.shape[1]), rng, folds=1, tested=600))
    left = theory.analyse(pairs.known, 6, kind="interactions")
    good = left.embedding.vectors("full")
    sets = {"good": good, "random": rng.standard_normal((len(good), 9)), "turned": -good[:, ::-1]}
    asked = questions_of_vectors(
        sets, rng, pairs=pairs, items=left.items, labels=labels[left.items], seen=False
    )
    assert len(asked) == 3 and all(isinstance(one, Asked) and not one.seen for one in asked)
    alone = asked[0].answer("good", rng)
    assert set(alone["recall"]) == {"cosine", "dot", "within", "popularity"}
    for one in (question.between(rng) for question in asked):
        # what is good and what is good but for its axes are not told apart, and both are better than chance
        assert one["best"] in ("good", "turned") and not one["decided"]
        other = ({"good", "turned"} - {one["best"]}).pop()
        assert one["beside_best"][other]["loss"] == pytest.approx(0, abs=1e-9)
        assert one["beside_best"]["random"]["low"] > 0
        assert one["recall"]["random"]["ranking"] in RANKINGS
        assert one["recall"][one["best"]]["value"] == max(found["value"] for found in one["recall"].values())
    # the set alone and beside others found the same
    assert alone["recall"][alone["best"]] == {
        key: value for key, value in asked[0].between(rng)["recall"]["good"].items() if key != "ranking"
    }


def test_vectors_without_a_log_are_asked_for_labels_only_and_few_for_nothing(log):
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((80, 4))
    assert questions_of_vectors({"a": rows}, rng) == []
    (asked,) = questions_of_vectors({"a": rows}, rng, labels=np.arange(80) % 2, seen=True)
    assert asked.question == "Which items have the same label?" and not asked.seen
    assert questions_of_vectors({"a": rows[:40]}, rng, labels=np.arange(40) % 2) == []
    assert questions_of([], {}, 2, rng, popularity=np.ones(10)) == []
