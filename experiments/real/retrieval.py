"""Which ranking finds what was hidden? Of interactions one item per tested context is hidden, of a graph a share of the edges.

A context scores an item by the sum, over the context's known items, of a similarity: dot product, cosine, dot product among items
of the same spike only, or dot product of U|Lambda|^p. It ranks all items that it is not known to hold. A hidden item that the
embedding does not hold counts as missed. Popularity alone is the baseline with which every ranking must be compared. In a graph a
node ranks the nodes to which it is not known to be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from simulate import dropout
from simulate.validation import require_choice, require_generator, require_integer, require_number
from theory.analysis.scalings import SCALINGS, Scaling

AT_ONCE = 32  # contexts whose scores of all items are held at once: they stay in cache
RANKING_WORDS = {
    "cosine": "cosine",
    "dot": "dot product",
    "within": "dot product among items of the same spike",
    "half": "dot product of U|Λ|^1/2",
    "unit": "dot product of U",
    "popularity": "popularity alone",
}
RANKINGS = tuple(RANKING_WORDS)
Scores = Callable[[slice], NDArray[Any]]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """`known` (contexts x items) without the hidden pairs; the `contexts` (t,) tested, and the item `hidden` (t,) of each."""

    known: sparse.csr_array
    contexts: NDArray[np.int64]
    hidden: NDArray[np.int64]


def hold_out(interactions: Any, rng: np.random.Generator, *, tested: int = 500) -> HeldOut:
    """Hide one item, drawn uniformly, of each of `tested` contexts that have at least three items, or of all of these.

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
        raise ValueError(
            "interactions must have a context of at least 3 items, so that one can be hidden; none has as many"
        )
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
    """Return for each of `RANKINGS` how well it finds the hidden items.

    Parameters
    ----------
    held
        from `hold_out`.
    embedding, items
        of `held.known`; row i of the embedding is the item `items[i]`.
    k
        places in which a hidden item counts as found, from 1 to the number of items.

    Raises
    ------
    ValueError
        for a k out of range.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((6, 4)))
    >>> held = hold_out(x, np.random.default_rng(0), tested=4)
    >>> found = theory.analyse(held.known, 2, kind="interactions")
    >>> retrieve(held, found.embedding, found.items, k=1)["cosine"]
    Retrieval(recall=1.0, ndcg=1.0)
    """
    require_integer(k, "k", least=1, most=len(items))
    known = held.known[held.contexts][:, items]
    place = np.full(held.known.shape[1], -1)
    place[items] = np.arange(len(items))
    rows = {name: embedding.vectors(name) for name in SCALINGS}
    popularity = np.asarray(held.known.sum(axis=0))[items]
    rankings = scores_by_ranking(rows, known, popularity)
    found: dict[str, list[NDArray[np.int64]]] = {name: [] for name in rankings}
    for first in range(0, known.shape[0], AT_ONCE):
        some = slice(first, first + AT_ONCE)
        taken = known[some].toarray() > 0
        for name, scores in rankings.items():
            found[name].append(_first(np.where(taken, np.inf, -scores(some)), k))
    relevant = [{int(target)} for target in place[held.hidden]]
    return {name: _retrieval(np.concatenate(parts), relevant) for name, parts in found.items()}


def unit_rows(rows: NDArray[Any]) -> NDArray[Any]:
    """Return rows (n, f) divided by their norms, rows of 0 as they are; `theory.unit_rows` rounds otherwise and takes longer.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    norms = np.linalg.norm(rows, axis=1)
    return np.divide(rows, norms[:, None], out=np.zeros_like(rows), where=norms[:, None] > 0)


def scores_by_ranking(
    rows: Mapping[Scaling, NDArray[Any]], known: sparse.csr_array, popularity: NDArray[Any]
) -> dict[str, Scores]:
    """Return for each ranking a function from a slice of the queries to the scores (queries, items) that it gives.

    Parameters
    ----------
    rows
        (n, f) the vectors `full`, and if there are any `half` and `unit`, whose rankings are else left out.
    known
        (queries, n) the items that a query is made of: those that a context holds, or the item whose like is asked for.
    popularity
        (n,)
    """
    full = np.asarray(rows["full"], dtype=np.float64)
    cosine = unit_rows(full)
    partition = theory.partition_by_spikes(full)
    parts = [np.flatnonzero(partition.labels == number) for number in range(partition.n_parts)]
    tastes = [known[:, mine] @ full[mine] for mine in parts]

    def within(some: slice) -> NDArray[Any]:
        # the known items of a context that lie in a spike score the items of that spike, and no others
        scores = np.zeros((known[some].shape[0], len(full)))
        for mine, taste in zip(parts, tastes):
            scores[:, mine] = taste[some] @ full[mine].T
        return scores

    def by_products(rows: NDArray[Any]) -> Callable[[slice], NDArray[Any]]:
        taste = known @ rows
        return lambda some: np.asarray(taste[some] @ rows.T)

    return {
        "cosine": by_products(cosine),
        "dot": by_products(full),
        **{name: by_products(rows[name]) for name in ("half", "unit") if name in rows},
        "within": within,
        "popularity": lambda some: np.broadcast_to(popularity, (known[some].shape[0], len(full))),
    }


def expected_hits(scores: NDArray[Any], target: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Return the chance (q,) that the item `target` of each query is among its first k, items of equal score in random order.

    >>> expected_hits(np.array([[3.0, 1.0, 1.0, 1.0]]), np.array([2]), 2).round(2).tolist()
    [0.33]
    """
    own = np.take_along_axis(scores, target[:, None], axis=1)
    above = (scores > own).sum(axis=1)
    return np.asarray(np.clip((k - above) / (scores == own).sum(axis=1), 0, 1))


def _first(distances: NDArray[Any], k: int) -> NDArray[np.int64]:
    """The k items (contexts, k) of least distance, the negative of their score, in order."""
    best = np.argpartition(distances, k - 1, axis=1)[:, :k]
    order = np.argsort(np.take_along_axis(distances, best, axis=1), axis=1, kind="stable")
    return np.asarray(np.take_along_axis(best, order, axis=1))


def _retrieval(found: NDArray[np.int64], relevant: list[set[int]]) -> Retrieval:
    return Retrieval(
        float(theory.recall_at_k(found, relevant).mean()), float(theory.ndcg_at_k(found, relevant).mean())
    )


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
    require_number(share, "share", above=0, below=1)
    known = dropout(graph, share, rng).graph
    hidden = sparse.csr_array(sparse.csr_array(graph) - known)
    hidden.eliminate_zeros()
    return known, hidden


def edge_recall(
    vectors: NDArray[Any],
    known: sparse.csr_array,
    hidden: sparse.csr_array,
    queries: NDArray[np.int64],
    k: int,
    *,
    similarity: Literal["dot", "cosine"] = "dot",
) -> float:
    """Return the share of a node's hidden neighbours among the first k that it ranks, averaged over `queries`.

    Parameters
    ----------
    vectors
        (n, f), one row per node.
    known, hidden
        (n, n) from `hide_edges`.
    queries
        nodes that rank; those without a hidden neighbour do not count.
    k
        from 1 to n - 1.
    similarity
        by which they rank.

    Raises
    ------
    ValueError
        for a k out of range or another similarity.
    """
    require_integer(k, "k", least=1, most=len(vectors) - 1)
    rows = np.asarray(vectors, dtype=np.float64)
    if require_choice(similarity, "similarity", ("dot", "cosine")) == "cosine":
        rows = unit_rows(rows)
    scores = rows[queries] @ rows.T
    scores[known[queries].toarray() > 0] = -np.inf
    scores[np.arange(len(queries)), queries] = -np.inf
    found = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    wanted = sparse.csr_array(hidden[queries])
    wanted.eliminate_zeros()
    relevant = [set(part.tolist()) for part in np.split(wanted.indices, wanted.indptr[1:-1])]
    return float(np.nanmean(theory.recall_at_k(found, relevant)))
