"""Hidden pairs: how many, of which kind, and that nothing else is lost."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.real.hidden_pairs import FOLDS, folds_of, given_pairs, hide, less_popular, pairs_to_find
from simulate import LogNormal, dcbm, sample_graph


def log(seed, contexts=400, items=80):
    rng = np.random.default_rng(seed)
    return sparse.csr_array((rng.random((contexts, items)) < np.linspace(0.02, 0.3, items)).astype(float))


def test_each_fold_hides_one_item_of_each_context_that_asks_and_nothing_else():
    x, less = log(0), np.arange(80) < 40
    folds = list(hide(x, less, np.random.default_rng(1), tested=200))
    assert len(folds) == FOLDS
    for pairs in folds:
        gone = sparse.coo_array(x - pairs.known)
        assert sorted(zip(*gone.coords)) == sorted(zip(pairs.contexts, pairs.hidden))
        assert len(np.unique(pairs.contexts)) == len(pairs.contexts) == 100
        assert (pairs.plain ^ pairs.rare).all() and pairs.plain.sum() == 50
        assert less[pairs.hidden[pairs.rare]].all() and not less[pairs.hidden[pairs.plain]].all()
        assert (np.diff(x.indptr)[pairs.contexts] >= 3).all()
    # dealt in turn: no context asks the same question again before all have
    assert len(np.unique(np.concatenate([pairs.contexts[pairs.plain] for pairs in folds]))) >= 190


def test_an_item_is_drawn_with_the_same_chance_as_the_others_of_its_context():
    """3,000 contexts of the same four items: each is hidden in a quarter of them, to 4.9 standard errors (1e-6)."""
    x = np.zeros((3000, 6))
    x[:, [0, 2, 3, 5]] = 1
    pairs = next(hide(x, np.arange(6) == 2, np.random.default_rng(2), folds=1, tested=600))
    of = np.bincount(pairs.hidden[pairs.plain], minlength=6)
    asked = of.sum()
    assert asked == 600 and of[[1, 4]].sum() == 0
    assert np.abs(of[[0, 2, 3, 5]] - asked / 4).max() < 4.9 * np.sqrt(asked * 3 / 16)
    assert (pairs.hidden[pairs.rare] == 2).all() and pairs.rare.sum() == 600


def test_at_most_a_tenth_is_hidden_and_fewer_of_many_items():
    x = log(3, contexts=2000, items=25)
    pairs = next(hide(x, np.arange(25) < 12, np.random.default_rng(0), tested=10**6))
    assert 0.08 * x.nnz < len(pairs.hidden) <= 0.1 * x.nnz
    few = next(hide(x, np.arange(25) < 12, np.random.default_rng(0), items=10**6))
    assert len(few.hidden) == 2 * (2 * 10**8 // (8 * 10**6))


def test_edges_are_hidden_in_both_directions_once():
    rng = np.random.default_rng(5)
    model = dcbm(120, 3, heterogeneity=LogNormal(0.5), mean_degree=12, rng=rng)
    graph = sparse.csr_array(sample_graph(model, rng, law="poisson", dtype=np.float64))
    less = less_popular(np.arange(120), graph.sum(axis=1), 120)
    pairs = next(hide(graph, less, rng, graph=True, tested=240))
    gone = sparse.csr_array(graph - pairs.known)
    assert not (gone != gone.T).nnz and gone.nnz == 2 * len(pairs.hidden) <= 0.1 * graph.nnz
    assert all(gone[a, b] == graph[a, b] > 0 for a, b in zip(pairs.contexts, pairs.hidden))


def test_without_a_context_of_three_items_nothing_is_hidden():
    assert list(hide(np.eye(5), np.ones(5, dtype=bool), np.random.default_rng(0))) == []


@pytest.mark.parametrize("kind", ["interactions", "graph"])
def test_a_fold_is_the_analysis_of_what_is_left(kind):
    rng = np.random.default_rng(6)
    x = log(7)
    if kind == "graph":
        x = sparse.csr_array(
            sample_graph(
                dcbm(90, 2, heterogeneity=LogNormal(0.3), mean_degree=20, rng=rng), rng, law="poisson"
            )
        )
    found = theory.analyse(x, 8, kind=kind)
    folds = folds_of(x, found, kind, 8, rng, folds=2)
    assert len(folds) == 2
    again = theory.analyse(folds[1].pairs.known, 64, kind=kind, tol=1e-8)
    np.testing.assert_array_equal(folds[1].items, again.items)
    np.testing.assert_allclose(folds[1].embedding.eigenvalues, again.embedding.eigenvalues)
    small = theory.analyse(np.ones((30, 30)) - np.eye(30), 2, kind="graph")
    assert folds_of(np.ones((30, 30)) - np.eye(30), small, "graph", 2, rng) == []


def test_pairs_for_vectors_of_ones_own():
    x, items = log(8), np.arange(20, 80)
    pairs = pairs_to_find(x, items, np.random.default_rng(0))
    popularity = x.sum(axis=0)
    assert (popularity[pairs.hidden[pairs.rare]] <= np.median(popularity[items])).all()
    assert np.isin(pairs.hidden[pairs.rare], items).all() and pairs.rare.any() and pairs.plain.any()
    assert pairs_to_find(np.eye(6), np.arange(6), np.random.default_rng(0)) is None


def test_pairs_that_somebody_held_out():
    known, out = np.array([[1, 1, 0, 0], [0, 1, 1, 0]]), np.array([[0, 1, 1, 0], [1, 0, 0, 0]])
    pairs = given_pairs(known, out, np.arange(3), np.random.default_rng(0))
    assert list(zip(pairs.contexts.tolist(), pairs.hidden.tolist())) == [(0, 2), (1, 0)]  # (0, 1) is known
    assert pairs.plain.all() and pairs.rare.tolist() == [True, True]
    assert given_pairs(known, known, np.arange(3), np.random.default_rng(0)) is None


def test_only_items_with_a_vector_are_hidden_from_vectors_of_ones_own():
    rng = np.random.default_rng(0)
    log = sparse.csr_array((rng.random((200, 40)) < 0.3).astype(float))
    items = np.arange(0, 40, 2)
    found = pairs_to_find(log, items, rng)
    assert len(found.hidden) > 20 and set(found.hidden) <= set(items)
    later = given_pairs(log, sparse.csr_array(np.ones((200, 40))), items, rng)
    assert len(later.hidden) > 20 and set(later.hidden) <= set(items)
