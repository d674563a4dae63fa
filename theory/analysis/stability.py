"""How stable are the neighbours of an item between two snapshots: overlap and Jaccard at k, by quantile of the norm.

With s1 and s2 the k nearest neighbours of an item in the two snapshots, overlap = |s1 & s2| / k, and the Jaccard index of
two sets of equal size is J = o / (2 - o). Items are grouped by quantiles of their norm in the reference snapshot. The
authors' code calls the overlap "iou", searches neighbours only within the query's own quantile, and counts the query as
its own neighbour; the last two are options here. `theory.prediction.stability` predicts the same measure from a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_array, require_choice, require_generator, require_integer
from theory.analysis.similarity import top_k


@dataclass(frozen=True, eq=False)
class Stability:
    """Means by quantile of the norm in the reference, smallest norms first.

    `overlap` and `jaccard` (q,) are means over `n_queries` (q,) items; `n_zero` items have no direction in one of the
    snapshots and are left out.
    """

    overlap: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    n_queries: NDArray[np.int64]
    n_zero: int = 0


def align(
    reference_items: Sequence[Any], later_items: Sequence[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the items that both snapshots hold, in the reference's order.

    Raises
    ------
    ValueError
        for an item named twice, or no item in common.

    Examples
    --------
    >>> [rows.tolist() for rows in align(["a", "b", "c"], ["c", "x", "a"])]
    [[0, 2], [2, 0]]
    """
    first = list(reference_items)
    where = {item: row for row, item in enumerate(later_items)}
    if len(set(first)) != len(first) or len(where) != len(later_items):
        raise ValueError("items must be unique within a snapshot; got an item named twice")
    rows = [row for row, item in enumerate(first) if item in where]
    if not rows:
        raise ValueError(f"snapshots must share items; none of {len(first)} is among the later {len(where)}")
    return np.array(rows), np.array([where[first[row]] for row in rows])


def shared_neighbours(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Return for each item the share of k neighbours that two lists of it have in common, from 0 to 1.

    Parameters
    ----------
    first, second : (q, k) integers, row i the neighbours of the same item; no list names one twice. -1 is an empty place,
        which has nothing in common with another.

    Raises
    ------
    ValueError
        for lists of another shape, without a place, or not of integers.

    Examples
    --------
    >>> shared_neighbours([[3, 1], [2, -1]], [[1, 5], [-1, -1]]).tolist()
    [0.5, 0.0]
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.ndim != 2 or a.shape != b.shape or not a.shape[1]:
        raise ValueError(
            f"first and second must be lists of one shape (q, k), k at least 1; got {a.shape}, {b.shape}"
        )
    if a.dtype.kind not in "iu" or b.dtype.kind not in "iu":
        raise ValueError(f"first and second must hold integers; got {a.dtype} and {b.dtype}")
    # an item that stands in both lists of a row stands twice beside itself in the sorted row
    both = np.sort(np.concatenate([a, b], axis=1), axis=1)
    return np.asarray(((both[:, 1:] == both[:, :-1]) & (both[:, 1:] >= 0)).sum(axis=1) / a.shape[1])


def stability(
    reference: ArrayLike,
    later: ArrayLike,
    k: int,
    *,
    rng: np.random.Generator,
    similarity: Literal["dot", "cosine"] = "dot",
    n_quantiles: int = 5,
    n_queries: int = 1000,
    within_part: bool = False,
    include_query: bool = False,
) -> Stability:
    """Return the stability of the k nearest neighbours between two snapshots.

    Parameters
    ----------
    reference, later : (n, f1) and (n, f2), row i the same item in both, as `align` arranges them. A rotation between the
        snapshots changes nothing, since dot and cosine are invariant.
    k : neighbours of each item.
    n_quantiles, n_queries : parts by norm in the reference, and how many items at most are drawn from each.
    within_part : search neighbours among the items of the query's own part only.
    include_query : count the query as its own neighbour. With both options on, this is the authors' measure.

    Raises
    ------
    ValueError
        when the numbers of rows differ, or k exceeds the neighbours that a part offers (rows of norm 0 do not count).

    Examples
    --------
    >>> x = np.random.default_rng(0).standard_normal((100, 3))
    >>> stability(x, x, 5, rng=np.random.default_rng(1)).overlap.tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    require_generator(rng)
    require_choice(similarity, "similarity", ("dot", "cosine"))
    a = require_array(reference, "reference")
    b = require_array(later, "later")
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b):
        raise ValueError(f"reference and later must have the same items; got shapes {a.shape}, {b.shape}")
    live = a.any(axis=1) & b.any(axis=1)
    a, b, zero = a[live], b[live], int((~live).sum())
    require_integer(n_quantiles, "n_quantiles", least=1, most=len(a))
    require_integer(n_queries, "n_queries", least=1)
    order = np.argsort((a * a).sum(1), kind="stable")
    parts = np.array_split(order, n_quantiles)
    smallest = min(len(p) for p in parts) if within_part else len(a)
    require_integer(k, "k", least=1, most=smallest - (not include_query))
    overlap, jaccard, counts = (
        np.zeros(n_quantiles),
        np.zeros(n_quantiles),
        np.zeros(n_quantiles, dtype=np.int64),
    )
    for number, part in enumerate(parts):
        chosen = np.sort(rng.choice(len(part), min(n_queries, len(part)), replace=False))
        pool = np.sort(part) if within_part else np.arange(len(a))
        queries = np.searchsorted(pool, np.sort(part)[chosen])
        lists = [
            top_k(x[pool], k, similarity=similarity, queries=queries, include_query=include_query).indices
            for x in (a, b)
        ]
        o = shared_neighbours(*lists)
        overlap[number], jaccard[number], counts[number] = o.mean(), (o / (2 - o)).mean(), len(o)
    return Stability(overlap, jaccard, counts, zero)
