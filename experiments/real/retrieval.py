"""Held-out retrieval: one item of each tested context is hidden, and the others rank all items they do not hold.

A context's score of an item is the sum over its known items of the similarity: dot, cosine, dot within the known item's own
spike, or dot of a power U|Lambda|^p. Items that the embedding does not hold cannot be found and count as misses. Popularity
alone is the baseline that every ranking must be set beside. Of a graph, edges are hidden, and a node ranks those it is not
known to be joined to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from simulate.validation import require_choice, require_generator, require_integer, require_number

RANKINGS = ("cosine", "dot", "within", "half", "unit", "popularity")


@dataclass(frozen=True, eq=False)
class HeldOut:
    """`known` (contexts x items) without the hidden pairs; `contexts` (t,) tested, and the item `hidden` (t,) from each."""

    known: sparse.csr_array
    contexts: NDArray[np.int64]
    hidden: NDArray[np.int64]


def hold_out(interactions: Any, rng: np.random.Generator, *, tested: int = 500) -> HeldOut:
    """Hide one item, drawn uniformly, from each of `tested` contexts (or all there are) of at least three items.

    Raises
    ------
    ValueError
        if no context has three items.

    Examples
    --------
    >>> held = hold_out(np.ones((4, 3)), np.random.default_rng(0), tested=2)
    >>> int(held.known.sum()), len(held.hidden)
    (10, 2)
    """
    require_generator(rng)
    require_integer(tested, "tested", least=1)
    x = sparse.csr_array(interactions, dtype=np.float64, copy=True)
    x.eliminate_zeros()
    long = np.flatnonzero(np.diff(x.indptr) >= 3)
    if not long.size:
        raise ValueError("interactions must have contexts of at least 3 items to hide one; none has")
    contexts = np.sort(rng.choice(long, min(tested, long.size), replace=False))
    at = x.indptr[contexts] + np.floor(rng.random(contexts.size) * np.diff(x.indptr)[contexts]).astype(
        np.int64
    )
    hidden = x.indices[at].astype(np.int64)
    x.data[at] = 0
    x.eliminate_zeros()
    return HeldOut(x, contexts, hidden)


@dataclass(frozen=True)
class Retrieval:
    """`recall`, the share of hidden items among the first k, and `ndcg`, 1 / log2(place + 1) on average, 0 beyond k."""

    recall: float
    ndcg: float


def retrieve(
    held: HeldOut, embedding: theory.Embedding, items: NDArray[np.int64], *, k: int = 50
) -> dict[str, Retrieval]:
    """Return how each of `RANKINGS` finds the hidden items; row i of the embedding is `items[i]`.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((6, 4)))
    >>> held = hold_out(x, np.random.default_rng(0), tested=4)
    >>> found = theory.ppmi(held.known, top_k=None)
    >>> retrieve(held, theory.embed(found.matrix, 2), found.items, k=1)["cosine"]
    Retrieval(recall=1.0, ndcg=1.0)
    """
    require_integer(k, "k", least=1, most=len(items))
    known = held.known[held.contexts][:, items]
    place = np.full(held.known.shape[1], -1)
    place[items] = np.arange(len(items))
    taken = known.toarray() > 0
    scores = _scores(held, embedding, known, items)
    return {
        name: _retrieval(np.where(taken, -np.inf, score), place[held.hidden], k)
        for name, score in scores.items()
    }


def _scores(
    held: HeldOut, embedding: theory.Embedding, known: sparse.csr_array, items: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Each ranking's scores (tested contexts, items of the embedding)."""
    full = np.asarray(embedding.vectors("full"), dtype=np.float64)
    norms = np.linalg.norm(full, axis=1)
    cosine = np.divide(full, norms[:, None], out=np.zeros_like(full), where=norms[:, None] > 0)
    spikes = theory.spikiness(full)
    spike = theory.nearest_spike(full, spikes)
    # the profile of a context within each spike scores only that spike's items
    within = np.zeros(known.shape)
    for number in range(spikes.n_peaks):
        mine = np.flatnonzero(spike == number)
        within[:, mine] = (known[:, mine] @ full[mine]) @ full[mine].T
    vectors = {
        "cosine": cosine,
        "dot": full,
        "half": embedding.vectors("half"),
        "unit": embedding.vectors("unit"),
    }
    popularity = np.asarray(held.known.sum(axis=0))[items]
    return {
        **{name: (known @ rows) @ rows.T for name, rows in vectors.items()},
        "within": within,
        "popularity": np.broadcast_to(popularity, known.shape),
    }


def _retrieval(scores: NDArray[Any], targets: NDArray[np.int64], k: int) -> Retrieval:
    found = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, found, axis=1), axis=1, kind="stable")
    hits = np.take_along_axis(found, order, axis=1) == targets[:, None]
    gain = hits / np.log2(np.arange(k) + 2)
    return Retrieval(float(hits.any(axis=1).mean()), float(gain.sum(axis=1).mean()))


def hide_edges(
    graph: Any, rng: np.random.Generator, *, share: float = 0.1
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return (known, hidden): each edge of a symmetric graph is hidden, with its weight, with probability `share`.

    Examples
    --------
    >>> known, hidden = hide_edges(np.ones((30, 30)) - np.eye(30), np.random.default_rng(0))
    >>> int(known.sum() + hidden.sum()), bool((hidden != hidden.T).nnz)
    (870, False)
    """
    require_generator(rng)
    require_number(share, "share", above=0, below=1)
    upper = sparse.coo_array(sparse.triu(sparse.csr_array(graph), 1))
    gone = rng.random(upper.nnz) < share
    halves = []
    for kept in (~gone, gone):
        rows, columns = (index[kept] for index in upper.coords)
        half = sparse.csr_array((upper.data[kept], (rows, columns)), shape=upper.shape)
        halves.append(sparse.csr_array(half + half.T))
    return halves[0], halves[1]


def edge_recall(
    vectors: NDArray[Any],
    known: sparse.csr_array,
    hidden: sparse.csr_array,
    queries: NDArray[np.int64],
    k: int,
    *,
    similarity: Literal["dot", "cosine"] = "dot",
) -> float:
    """Return the mean share of a query's hidden neighbours among the first k that it is not known to be joined to.

    Queries without a hidden neighbour do not count.
    """
    require_integer(k, "k", least=1, most=len(vectors) - 1)
    rows = np.asarray(vectors, dtype=np.float64)
    if require_choice(similarity, "similarity", ("dot", "cosine")) == "cosine":
        norms = np.linalg.norm(rows, axis=1)
        rows = np.divide(rows, norms[:, None], out=np.zeros_like(rows), where=norms[:, None] > 0)
    scores = rows[queries] @ rows.T
    scores[known[queries].toarray() > 0] = -np.inf
    scores[np.arange(len(queries)), queries] = -np.inf
    found = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    wanted = hidden[queries].toarray() > 0
    relevant = wanted.sum(axis=1)
    hits = np.take_along_axis(wanted, found, axis=1).sum(axis=1)
    return float((hits[relevant > 0] / relevant[relevant > 0]).mean())
