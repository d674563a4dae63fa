"""Held-out retrieval by hand and by its laws."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.real.retrieval import RANKINGS, edge_recall, hide_edges, hold_out, retrieve


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
    got = retrieve(held, embedding, found.items, k=5)
    vectors = embedding.vectors("full")
    hits, gain = 0, 0.0
    for context, target in zip(held.contexts, held.hidden):
        known = set(held.known[[context]].indices.tolist())
        score = {
            int(item): sum(
                float(vectors[row] @ vectors[list(found.items).index(k)]) for k in known if k in found.items
            )
            for row, item in enumerate(found.items)
            if int(item) not in known
        }
        first = sorted(score, key=score.get, reverse=True)[:5]
        hits += int(target) in first
        gain += 1 / np.log2(first.index(int(target)) + 2) if int(target) in first else 0.0
    assert got["dot"].recall == pytest.approx(hits / 50)
    assert got["dot"].ndcg == pytest.approx(gain / 50)
    assert set(got) == set(RANKINGS)


def test_contexts_too_short_are_named():
    with pytest.raises(ValueError, match="at least 3 items"):
        hold_out(np.eye(4), np.random.default_rng(0))


def test_edges_are_hidden_both_ways_with_their_weight():
    rng = np.random.default_rng(2)
    upper = np.triu(rng.integers(0, 4, (60, 60)), 1)
    graph = sparse.csr_array((upper + upper.T).astype(float))
    known, hidden = hide_edges(graph, rng, share=0.3)
    assert not ((known + hidden) != graph).nnz and not known.multiply(hidden).nnz
    assert not (hidden != hidden.T).nnz
    # 4.9 standard deviations of a binomial: a false alarm in a million
    edges = graph.nnz / 2
    assert abs(hidden.nnz / 2 - 0.3 * edges) < 4.9 * np.sqrt(edges * 0.21)


@pytest.mark.parametrize("similarity", ["dot", "cosine"])
def test_recall_of_hidden_edges_against_sets(similarity):
    rng = np.random.default_rng(3)
    upper = np.triu(rng.random((40, 40)) < 0.3, 1)
    known, hidden = hide_edges((upper + upper.T).astype(float), rng, share=0.3)
    rows, queries = rng.standard_normal((40, 4)), np.array([0, 7, 31])
    unit = rows / np.linalg.norm(rows, axis=1)[:, None] if similarity == "cosine" else rows
    shares = []
    for query in queries:
        strangers = set(range(40)) - {int(query)} - set(known[[query]].indices.tolist())
        first = sorted(strangers, key=lambda j: float(unit[query] @ unit[j]), reverse=True)[:6]
        wanted = set(hidden[[query]].indices.tolist())
        shares.append(len(wanted & set(first)) / len(wanted))
    got = edge_recall(rows, known, hidden, queries, 6, similarity=similarity)
    assert got == pytest.approx(np.mean(shares))


def test_within_a_spike_ranks_by_the_partition_of_all_rows():
    """Eight pure blocks: with a spike for each of them, a context's items find the rest of their block and nothing else."""
    rng = np.random.default_rng(4)
    popularity = np.exp(rng.uniform(0, 1, 240))
    blocks = np.arange(240) % 8
    x = np.zeros((1600, 240))
    for context in range(1600):
        mine = np.flatnonzero(blocks == context % 8)
        x[context, rng.choice(mine, 8, replace=False, p=popularity[mine] / popularity[mine].sum())] = 1
    held = hold_out(x, rng, tested=300)
    found = theory.analyse(held.known, 8, kind="interactions")
    got = retrieve(held, found.embedding, found.items, k=23)
    # 30 items a block, 7 known: the hidden one is always among the 23 that are left, if no other block's items are ranked
    assert got["within"].recall == 1.0
    assert got["popularity"].recall < 0.5
