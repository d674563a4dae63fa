"""Which pairs are hidden, so that one can ask which ranking finds them? Two kinds, in a few folds of a log or a graph.

Of a context with at least three items one item is hidden: any of them, or, in other contexts, one of the less popular half of
the catalogue, which few contexts hold and which would hardly be asked for otherwise. In a graph a node is a context and its
neighbours are its items; an edge is hidden in both directions. At most a tenth of the pairs are hidden in a fold, before
anything is computed, so the vectors of a fold have not seen them. Contexts are dealt to the folds in turn: one is asked again
only where there are fewer contexts than questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.real.statistics import RANKS, RESIDUAL
from theory.analysis.pipeline import Kind

FOLDS = 4
TESTED = 2400  # queries of a question in all folds: a share is then known to 2 points, whatever it is
SCORES = 2 * 10**8  # queries times items in all, for both questions: about ten seconds
LEAST_ITEMS = 3  # of a context of which one is hidden
FEWEST_ITEMS = 50  # of a matrix that is asked
SHARE = 0.1  # of the pairs, at most hidden in a fold


@dataclass(frozen=True, eq=False)
class HiddenPairs:
    """The matrix `known` without the hidden pairs; the `contexts` (t,) that ask, and the item `hidden` (t,) from each.

    `plain` (t,) marks the pairs that ask for any item of a context, `rare` (t,) those that ask for one of the less popular half.
    `graph` says that contexts are nodes.
    """

    known: sparse.csr_array
    contexts: NDArray[np.int64]
    hidden: NDArray[np.int64]
    plain: NDArray[np.bool_]
    rare: NDArray[np.bool_]
    graph: bool = False


@dataclass(frozen=True, eq=False)
class Fold:
    """Hidden pairs and the `embedding` of what is left, whose row i is the item `items[i]`."""

    pairs: HiddenPairs
    embedding: theory.Embedding
    items: NDArray[np.int64]


def folds_of(
    data: Any, found: theory.Analysed, kind: Kind, rank: int, rng: np.random.Generator, *, folds: int = FOLDS
) -> list[Fold]:
    """Hide pairs of a matrix and analyse what is left, `folds` times at `rank` and all of `statistics.RANKS`.

    Time is that of as many analyses as there are folds. A fold of which hardly anything is left is left out; a matrix of fewer
    than 50 items has none.

    Parameters
    ----------
    data, found, kind
        interactions or a graph, and their analysis, whose items and popularity tell which half is the less popular one.
    rank
        f, at least 1.
    """
    if found.items.size < FEWEST_ITEMS:
        return []
    less = less_popular(found.items, found.popularity, data.shape[1])
    kept = []
    for pairs in hide(data, less, rng, graph=kind == "graph", folds=folds, items=found.items.size):
        try:
            left = theory.analyse(
                pairs.known, max(*RANKS, rank), kind=kind, operator=found.operator, tol=RESIDUAL
            )
        except ValueError:  # hardly an item occurs twice
            continue
        kept.append(Fold(pairs, left.embedding, left.items))
    return kept


def pairs_to_find(
    data: Any, items: NDArray[np.int64], rng: np.random.Generator, *, graph: bool = False
) -> HiddenPairs | None:
    """Hide pairs of a log or graph for vectors of one's own, which may have seen them; None where it has no context to ask.

    Parameters
    ----------
    data
        (contexts, items), or (n, n) symmetric with `graph`.
    items
        (n,) which of its columns have a vector. Only these are hidden: an item without one can neither ask nor be found.
    """
    x = _of_items(sparse.csr_array(data), items, nodes=graph)
    less = less_popular(items, np.asarray(x.sum(axis=0))[items], x.shape[1])
    return next(hide(x, less, rng, graph=graph, folds=1, items=len(items)), None)


def given_pairs(
    known: Any, held_out: Any, items: NDArray[np.int64], rng: np.random.Generator
) -> HiddenPairs | None:
    """Return pairs of interactions that somebody held out as the hidden ones, at most 2,400 of them; None without any.

    Parameters
    ----------
    known, held_out
        (contexts, items), what the vectors were made from and what they were not. Pairs that are in both are not asked for,
        nor are those of items without a vector: no ranking could find them.
    items
        (n,) which of the columns have a vector; the less popular half is that of `known`.
    """
    x = sparse.csr_array(known, dtype=np.float64)
    out = sparse.csr_array(held_out, dtype=np.float64)
    new = sparse.coo_array(_of_items(sparse.csr_array(out - out.multiply(x > 0)), items))
    if not new.nnz:
        return None
    some = np.sort(rng.permutation(new.nnz)[: min(TESTED, max(1, SCORES // (2 * len(items))))])
    contexts, hidden = (of[some].astype(np.int64) for of in new.coords)
    less = less_popular(items, np.asarray(x.sum(axis=0))[items], x.shape[1])
    return HiddenPairs(x, contexts, hidden, np.ones(len(hidden), dtype=bool), less[hidden])


def _of_items(x: sparse.csr_array, items: NDArray[np.int64], *, nodes: bool = False) -> sparse.csr_array:
    """The same matrix with the entries of these columns alone; where they are nodes, of these rows too."""
    has = np.zeros(x.shape[1], dtype=bool)
    has[items] = True
    kept = sparse.csr_array(x.multiply(has[None, :]))
    if nodes:
        kept = sparse.csr_array(kept.multiply(has[:, None]))
    kept.eliminate_zeros()
    return kept


def less_popular(items: NDArray[np.int64], popularity: NDArray[Any], of: int) -> NDArray[np.bool_]:
    """Return which columns (of,) are among those of `items` whose popularity is at most the median.

    >>> less_popular(np.array([0, 2, 3]), np.array([9, 1, 5]), 4).tolist()
    [False, False, True, True]
    """
    mask = np.zeros(of, dtype=bool)
    mask[items[popularity <= np.median(popularity)]] = True
    return mask


def hide(
    data: Any,
    less: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    graph: bool = False,
    folds: int = FOLDS,
    tested: int = TESTED,
    items: int | None = None,
) -> Iterator[HiddenPairs]:
    """Yield the hidden pairs of each fold; none where no context has three items.

    Parameters
    ----------
    data
        (contexts, items), or (n, n) symmetric with `graph`.
    less
        (items,), from `less_popular`.
    folds, tested
        how often, and the queries of either question in all of them, fewer where the matrix is small or has many items.
    items
        how many of the items are ranked, where not all are.

    Examples
    --------
    >>> pairs = next(hide(np.ones((40, 5)), np.arange(5) > 2, np.random.default_rng(0)))
    >>> len(pairs.hidden), int(pairs.known.sum()), bool((pairs.hidden[pairs.rare] > 2).all())
    (20, 180, True)
    """
    x = sparse.csr_array(data, dtype=np.float64, copy=True)
    x.eliminate_zeros()
    x.sum_duplicates()
    long = np.flatnonzero(np.diff(x.indptr) >= LEAST_ITEMS)
    holding = long[(x[long] @ less.astype(np.float64)) > 0]
    most = min(
        -(-tested // folds),
        SCORES // (2 * folds * (items or x.shape[1])),
        int(SHARE * x.nnz / (4 if graph else 2)),
    )
    n_rare = min(most, holding.size // 2)
    n_plain = min(most, long.size - n_rare)
    if n_plain < 1:
        return
    turns = (_in_turn(holding, rng), _in_turn(long, rng))
    for _ in range(folds):
        rare = np.array([next(turns[0]) for _ in range(n_rare)], dtype=np.int64)
        taken = set(rare.tolist())
        plain: list[int] = []
        while len(plain) < n_plain:
            if (context := next(turns[1])) not in taken:
                plain.append(context)
                taken.add(context)
        contexts = np.concatenate([plain, rare]).astype(np.int64)
        every = np.ones_like(less)
        hidden = np.concatenate([_one_of(x, contexts[:n_plain], every, rng), _one_of(x, rare, less, rng)])
        asks = np.arange(len(contexts)) < n_plain
        if graph:  # of an edge drawn from both ends the first end asks
            ends = np.sort(np.column_stack([contexts, hidden]), axis=1)
            once = np.sort(np.unique(ends, axis=0, return_index=True)[1])
            contexts, hidden, asks = contexts[once], hidden[once], asks[once]
        yield HiddenPairs(_without(x, contexts, hidden, graph), contexts, hidden, asks, ~asks, graph)


def _in_turn(contexts: NDArray[np.int64], rng: np.random.Generator) -> Iterator[int]:
    """All contexts in random order, again and again."""
    while contexts.size:
        yield from rng.permutation(contexts).tolist()


def _one_of(
    x: sparse.csr_array, contexts: NDArray[np.int64], eligible: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """An eligible item of each of the contexts, all with the same chance."""
    rows = x[contexts]
    keys = np.where(eligible[rows.indices], rng.random(rows.nnz), -1.0)
    order = np.lexsort((keys, np.repeat(np.arange(len(contexts)), np.diff(rows.indptr))))
    return np.asarray(rows.indices[order[rows.indptr[1:] - 1]], dtype=np.int64)


def _without(
    x: sparse.csr_array, contexts: NDArray[np.int64], hidden: NDArray[np.int64], graph: bool
) -> sparse.csr_array:
    mask = sparse.coo_array((np.ones(len(contexts)), (contexts, hidden)), shape=x.shape).tocsr()
    known = sparse.csr_array(x - x.multiply(mask + mask.T if graph else mask))
    known.eliminate_zeros()
    return known
