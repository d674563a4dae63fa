"""Which items are most similar to a query: the exact k best by dot product, cosine, or dot product within a spike.

With rows x_i, `dot` scores a pair by x_i . x_j, `cosine` by that over the two norms, and `within` by dot among the items of
the query's own spike alone. Items are ordered by decreasing score, ties by index. They are visited in blocks of columns, so
that memory is queries_at_once x block scores and never n x n; time is O(n f) for each query.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import (
    require_array,
    require_choice,
    require_integer,
    require_labels,
)

Similarity = Literal["dot", "cosine", "within"]
SIMILARITIES = ("dot", "cosine", "within")


@dataclass(frozen=True, eq=False)
class Neighbours:
    """`indices` and `scores`, both (queries, k), best first; index -1 and score -inf where fewer than k exist."""

    indices: NDArray[np.int64]
    scores: NDArray[np.float64]


def top_k(
    vectors: ArrayLike,
    k: int,
    *,
    similarity: Similarity = "dot",
    queries: ArrayLike | None = None,
    membership: ArrayLike | None = None,
    include_query: bool = False,
    block: int = 65536,
    queries_at_once: int = 128,
) -> Neighbours:
    """Return the k best items of each query.

    Parameters
    ----------
    vectors : (n, f) rows, one for each item.
    queries : indices of the items to search for; by default all.
    membership : (n,) the spike of each item, -1 for none; needed by `within`.
    include_query : whether a query may be among its own neighbours.
    block, queries_at_once : items and queries whose scores are held in memory together.

    Rows of norm 0 have no direction: under `cosine` they find nothing and are not found. Scores are computed in float64;
    two items whose scores differ by rounding only are ordered by the rounded scores.

    Raises
    ------
    ValueError
        when k exceeds the items to choose from, `within` comes without `membership`, or a query is not the index of a row.

    Examples
    --------
    >>> top_k([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0]], 1).indices.ravel().tolist()
    [1, 0, 0]
    """
    require_choice(similarity, "similarity", SIMILARITIES)
    v = np.ascontiguousarray(require_array(vectors, "vectors"))
    if v.ndim != 2 or not v.size:
        raise ValueError(
            f"vectors must be a matrix with at least one row and one column; got shape {v.shape}"
        )
    n = len(v)
    require_integer(k, "k", least=1, most=n if include_query else n - 1)
    require_integer(block, "block", least=1)
    require_integer(queries_at_once, "queries_at_once", least=1)
    q = np.arange(n) if queries is None else np.asarray(queries)
    if q.ndim != 1 or q.dtype.kind not in "iu" or (q.size and (q.min() < 0 or q.max() >= n)):
        raise ValueError(f"queries must be row indices from 0 to {n - 1}; got {q!r}")
    given = None if membership is None else require_labels(membership, "membership", n)
    if similarity == "within" and given is None:
        raise ValueError("membership must be given for similarity 'within': one integer per row, -1 for none")
    spike = given if similarity == "within" else None
    usable = np.ones(n, dtype=bool)
    if similarity == "cosine":
        norm = np.sqrt((v * v).sum(1))
        usable = norm > 0
        v = v / np.where(usable, norm, 1.0)[:, None]
    indices = np.full((len(q), k), -1, dtype=np.int64)
    scores = np.full((len(q), k), -np.inf)
    for first in range(0, len(q), queries_at_once):
        part = slice(first, min(first + queries_at_once, len(q)))
        for left in range(0, n, block):
            columns = np.arange(left, min(left + block, n))
            s = v[q[part]] @ v[columns].T
            s[:, ~usable[columns]] = -np.inf
            s[~usable[q[part]]] = -np.inf
            if spike is not None:
                own = spike[q[part]][:, None]
                s[(own != spike[columns]) | (own < 0)] = -np.inf
            if not include_query:
                s[q[part][:, None] == columns] = -np.inf
            _merge(indices[part], scores[part], s, columns)
    return Neighbours(indices, scores)


def _merge(indices: NDArray[Any], scores: NDArray[Any], s: NDArray[Any], columns: NDArray[Any]) -> None:
    k = indices.shape[1]
    worst = np.partition(s, -k, axis=1)[:, -k] if s.shape[1] > k else np.full(len(s), -np.inf)
    for r in range(len(s)):
        # earlier blocks hold smaller indices, so a tie with the kth best so far loses
        near = np.flatnonzero((s[r] >= worst[r]) & (s[r] > scores[r, -1]))
        if near.size:
            value = np.concatenate([scores[r], s[r, near]])
            index = np.concatenate([indices[r], columns[near]])
            best = np.argsort(-value, kind="stable")[:k]
            scores[r], indices[r] = value[best], index[best]


def recall_at_k(found: ArrayLike, relevant: Sequence[Collection[int]]) -> NDArray[np.float64]:
    """Return for each query |found and relevant| / |relevant|, from 0 to 1; nan where nothing is relevant.

    Parameters
    ----------
    found : (queries, k) integers, best first, -1 for an empty place. An item listed twice counts once.
    relevant : the items of each query. -1 stands for a relevant item that cannot be found.

    With fewer places than relevant items the recall cannot reach 1: it is divided by all relevant items.

    Raises
    ------
    ValueError
        for items that are not integers, graded gains, or another number of queries in `found` than in `relevant`.

    Examples
    --------
    >>> recall_at_k([[3, 1], [1, 1]], [{1, 2}, {1, 2}]).tolist()
    [0.5, 0.5]
    """
    hits, wanted = _hits(found, relevant)
    return np.array([h.sum() / size if size else np.nan for h, size in zip(hits, wanted)])


def ndcg_at_k(found: ArrayLike, relevant: Sequence[Collection[int]]) -> NDArray[np.float64]:
    """Return the binary nDCG of each query, from 0 to 1: sum of 1/log2(place + 1) over hits, over its best value.

    The best value is that of a list which names min(k, |relevant|) relevant items first. It is nan where nothing is relevant, and
    0 for a list without places.

    Parameters
    ----------
    found : (queries, k) integers, best first, -1 for an empty place. An item listed twice counts at its first place only.
    relevant : the items of each query. -1 stands for a relevant item that cannot be found.

    Raises
    ------
    ValueError
        as `recall_at_k`.

    Examples
    --------
    >>> ndcg_at_k([[1, 3], [1, 1]], [{1}, {1}]).tolist()
    [1.0, 1.0]
    """
    hits, wanted = _hits(found, relevant)
    gain = 1 / np.log2(np.arange(hits.shape[1]) + 2)
    if not gain.size:
        return np.array([0.0 if size else np.nan for size in wanted])
    return np.array(
        [(h * gain).sum() / gain[:size].sum() if size else np.nan for h, size in zip(hits, wanted)]
    )


def _hits(
    found: ArrayLike, relevant: Sequence[Collection[int]]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which places (queries, k) hold a relevant item for the first time, and how many items are relevant (queries,)."""
    f = np.asarray(found)
    if f.ndim != 2 or len(f) != len(relevant):
        raise ValueError(
            f"found must have {len(relevant)} rows, one for each set in relevant; got shape {f.shape}"
        )
    if f.size and f.dtype.kind not in "iu":
        raise ValueError(f"found must hold integers, -1 for an empty place; got {f.dtype}")
    f = f.astype(np.int64)
    for entry in relevant:
        if isinstance(entry, Mapping):
            raise ValueError(f"relevant must be a set of items for each query, without gains; got {entry!r}")
    sets = [set(entry) for entry in relevant]
    listed = [item for entry in sets for item in entry]
    if listed and np.asarray(listed).dtype.kind not in "iu":
        raise ValueError(f"relevant must hold integers, the numbers of items; got {listed[0]!r} among others")
    items, sizes = np.array(listed, dtype=np.int64), np.array([len(entry) for entry in sets], dtype=np.int64)
    query = np.arange(len(f))
    width = int(max(f.max(initial=0), items.max(initial=0))) + 1
    wanted = np.repeat(query, sizes)[items >= 0] * width + items[items >= 0]
    return np.asarray((f >= 0) & ~_repeated(f) & np.isin(query[:, None] * width + f, wanted)), sizes


def _repeated(f: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which places (queries, k) hold an item that an earlier place of the same query holds."""
    order = np.argsort(f, axis=1, kind="stable")
    ordered = np.take_along_axis(f, order, axis=1)
    again = np.zeros(f.shape, dtype=bool)
    np.put_along_axis(again, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], axis=1)
    return again
