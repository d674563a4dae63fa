"""Held-out retrieval by hand and by its laws."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.retrieval import RANKINGS, hold_out, recalls


def test_one_item_of_each_tested_context_is_hidden_and_nothing_else():
    rng = np.random.default_rng(0)
    x = sparse.csr_array((rng.random((40, 30)) < 0.3).astype(float))
    held = hold_out(x, rng, tested=25)
    gone = (x - held.known).tocoo()
    assert gone.nnz == 25
    order = np.argsort(gone.coords[0])
    np.testing.assert_array_equal(gone.coords[0][order], held.contexts)
    np.testing.assert_array_equal(gone.coords[1][order], held.hidden)


def test_recall_against_sets():
    rng = np.random.default_rng(1)
    x = sparse.csr_array((rng.random((200, 25)) < 0.25).astype(float))
    held = hold_out(x, rng, tested=50)
    found = theory.ppmi(held.known, top_k=None, min_count=1)
    embedding = theory.embed(found.matrix, 6)
    got = recalls(held, embedding, found.items, k=5)
    vectors = embedding.vectors("full")
    hits = 0
    for context, target in zip(held.contexts, held.hidden):
        known = set(held.known[[context]].indices.tolist())
        score = {
            int(item): sum(
                float(vectors[row] @ vectors[list(found.items).index(k)]) for k in known if k in found.items
            )
            for row, item in enumerate(found.items)
            if int(item) not in known
        }
        hits += int(target) in sorted(score, key=score.get, reverse=True)[:5]
    assert got["dot"] == pytest.approx(hits / 50)
    assert set(got) == set(RANKINGS)


def test_contexts_too_short_are_named():
    with pytest.raises(ValueError, match="at least 3 items"):
        hold_out(np.eye(4), np.random.default_rng(0))
