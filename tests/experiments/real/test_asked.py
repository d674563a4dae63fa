"""Outcomes of questions against their definition, in loops over items."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.real.asked import ask_hidden, ask_labels, by_group, sought
from experiments.real.hidden_pairs import HiddenPairs, hide
from experiments.real.retrieval import RANKINGS


def share(scores, wanted, k):
    """The expected number of wanted items among the first k of a dict of scores, ties in random order."""
    order = sorted(scores.values(), reverse=True)
    last = order[k - 1]
    above = [i for i, score in scores.items() if score > last]
    equal = [i for i, score in scores.items() if score == last]
    found = sum(i in wanted for i in above)
    return found + (k - len(above)) * sum(i in wanted for i in equal) / len(equal)


def similarity(ranking, rows, labels, popularity, a, b):
    full = rows["full"]
    if ranking == "popularity":
        return float(popularity[b])
    if ranking == "cosine":
        return float(full[a] @ full[b] / np.linalg.norm(full[a]) / np.linalg.norm(full[b]))
    if ranking == "within" and labels[a] != labels[b]:
        return 0.0
    of = rows[{"dot": "full", "within": "full"}.get(ranking, ranking)]
    return float(of[a] @ of[b])


def given(seed, n=60):
    rng = np.random.default_rng(seed)
    rows = {name: np.round(rng.standard_normal((n, 3)), 2) for name in ("full", "half", "unit")}
    parts = theory.partition_by_spikes(rows["full"]).labels
    return rng, rows, parts


@pytest.mark.parametrize("graph", [False, True])
def test_hidden_items_against_loops(graph):
    rng, rows, _ = given(1)
    x = rng.random((60, 60)) < 0.2
    x = np.triu(x, 1) | np.triu(x, 1).T if graph else x
    pairs = next(hide(x, np.arange(60) < 30, rng, graph=graph, folds=1, tested=20))
    items = np.setdiff1d(np.arange(60), pairs.hidden[:2])  # two hidden items have no vector
    mine = {name: v[items] for name, v in rows.items()}
    labels = theory.partition_by_spikes(mine["full"]).labels
    popularity = pairs.known.toarray().sum(axis=0)[items]
    both = ask_hidden({"svd": mine}, pairs, items, 5)
    assert set(both[0].outcomes["svd"]) == set(RANKINGS)
    for asked, mask in zip(both, (pairs.plain, pairs.rare)):
        for ranking, got in asked.outcomes["svd"].items():
            for query, context, hidden in zip(
                range(mask.sum()), pairs.contexts[mask], pairs.hidden[mask], strict=True
            ):
                held = set(pairs.known[[context]].indices.tolist())
                asking = {context} if graph else held
                taken = held | {context} if graph else held
                scores = {
                    int(item): sum(
                        similarity(ranking, mine, labels, popularity, list(items).index(a), b)
                        for a in asking
                        if a in items
                    )
                    for b, item in enumerate(items)
                    if item not in taken
                }
                if ranking == "popularity":
                    scores = {item: float(popularity[list(items).index(item)]) for item in scores}
                assert got[query] == pytest.approx(share(scores, {int(hidden)}, 5), abs=1e-9), ranking


def test_precision_of_labels_against_loops():
    rng, rows, parts = given(2, 70)
    labels = rng.integers(-1, 3, 70)
    popularity = rng.integers(1, 4, 70).astype(float)
    asked = ask_labels({"svd": rows}, labels, popularity, rng)
    known = np.flatnonzero(labels >= 0)
    assert asked.groups.tolist() == known.tolist() and asked.k == 10
    for ranking, got in asked.outcomes["svd"].items():
        for query, item in enumerate(known):
            scores = {
                int(b): similarity(ranking, rows, parts, popularity, item, b) for b in known if b != item
            }
            wanted = {int(b) for b in known if labels[b] == labels[item]}
            assert got[query] == pytest.approx(share(scores, wanted, 10) / 10), ranking


def test_one_label_and_few_labels_are_not_asked():
    rng, rows, _ = given(3)
    for labels in (np.zeros(60, dtype=int), np.where(np.arange(60) < 40, np.arange(60) % 2, -1)):
        assert not len(ask_labels({"": rows}, labels, np.ones(60), rng).groups)


def test_contexts_without_a_vector_and_targets_without_one():
    known = sparse.csr_array(np.eye(4))
    pairs = HiddenPairs(known, np.array([0, 3]), np.array([1, 2]), np.ones(2, bool), np.zeros(2, bool), True)
    got = sought(pairs, np.array([0, 1]))
    assert got.target.tolist() == [1, -1] and got.asking.toarray().tolist() == [[1, 0], [0, 0]]


def test_a_context_that_asks_twice_counts_once():
    groups, outcomes = np.array([5, 2, 5, 5]), np.array([[1.0, 0], [1, 1], [0, 0], [0, 1]])
    np.testing.assert_allclose(by_group(groups, outcomes), [[1, 1], [1 / 3, 1 / 3]])
