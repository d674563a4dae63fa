"""Questions put to several rankings at once: the outcome of each query for each ranking, and what follows from the outcomes.

A context asks for an item that was hidden from it, and has 1 where it is among the first k of a ranking; a node of a graph
likewise for a hidden neighbour. An item asks for items of its label, and has the share of them among the nearest. A hidden item
that has no vector counts as missed. Items of equal score share their places: the outcome is then its mean over their orders.
If a context asks several times, the mean of its outcomes counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.real.hidden_pairs import FEWEST_ITEMS, SCORES, TESTED, HiddenPairs
from experiments.real.paired_intervals import BesideBest, beside_best
from experiments.real.retrieval import AT_ONCE, Scores, expected_hits, scores_by_ranking
from theory.analysis.scalings import Scaling

NEAREST = 10  # items whose label is looked at
FIRST = 50  # places in which a hidden item counts as found
FEWEST = 20  # contexts or items that ask a question
ITEMS = {
    False: (
        "Which items belong in the same context?",
        "Which less popular items belong in the same context?",
    ),
    True: ("To which nodes is a node joined?", "To which less popular nodes is a node joined?"),
}
Rows = Mapping[Scaling, NDArray[Any]]
Outcomes = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Asked:
    """A question and its `outcomes`: for each set of vectors and each ranking (q,) in [0, 1], of the same q queries.

    `groups` (q,) says which context or item asks. `measure` says in words what was counted among the first `k`.
    `seen` says that the vectors may have been made from the hidden pairs.
    """

    question: str
    measure: str
    k: int
    seen: bool
    groups: NDArray[np.int64]
    outcomes: dict[str, Outcomes]

    def answer(self, name: str, rng: np.random.Generator) -> dict[str, Any]:
        """Return what one set of vectors finds: each ranking with its interval, the best, and the losses beside it."""
        found = self.outcomes[name]
        beside = beside_best(by_group(self.groups, np.column_stack(list(found.values()))), rng)
        rankings = list(found)
        return {
            **self._asked(),
            "recall": {ranking: _share(beside, k) for k, ranking in enumerate(rankings)},
            "best": rankings[beside.best],
            "beside_best": {
                ranking: _loss(beside, k) for k, ranking in enumerate(rankings) if k != beside.best
            },
            "decided": beside.decided,
        }

    def between(self, rng: np.random.Generator) -> dict[str, Any]:
        """Return what each set of vectors finds by its best ranking, and what it loses beside the best set.

        The intervals hold for all pairs of a set and a ranking at once, so the choice of rankings makes none of them too narrow.
        """
        pairs = [(name, ranking) for name, found in self.outcomes.items() for ranking in found]
        columns = np.column_stack([self.outcomes[name][ranking] for name, ranking in pairs])
        beside = beside_best(by_group(self.groups, columns), rng)
        own = {
            name: max((k for k, pair in enumerate(pairs) if pair[0] == name), key=lambda k: beside.mean[k])
            for name in self.outcomes
        }
        best = pairs[beside.best][0]
        losses = {name: _loss(beside, k) for name, k in own.items() if name != best}
        return {
            **self._asked(),
            "recall": {name: {"ranking": pairs[k][1], **_share(beside, k)} for name, k in own.items()},
            "best": best,
            "beside_best": losses,
            "decided": bool(losses) and min(one["low"] for one in losses.values()) > 0,
        }

    def _asked(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "measure": self.measure,
            "k": self.k,
            "asked": len(self.groups),
            "seen": self.seen,
        }


def by_group(groups: NDArray[np.int64], outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean outcomes (distinct groups, m) of outcomes (q, m).

    >>> by_group(np.array([7, 3, 7]), np.array([[1.0], [1.0], [0.0]])).tolist()
    [[1.0], [0.5]]
    """
    number, sizes = np.unique(groups, return_inverse=True, return_counts=True)[1:]
    return np.column_stack([np.bincount(number, column) / sizes for column in outcomes.T])


@dataclass(frozen=True, eq=False)
class Sought:
    """Queries for hidden items, by rows of an embedding: the `contexts` (q,) that ask, and the row of the `target` (q,) or -1.

    `asking` and `taken` (q, n) mark the rows that a query is made of, and those that it does not rank.
    """

    contexts: NDArray[np.int64]
    target: NDArray[np.int64]
    asking: sparse.csr_array
    taken: sparse.csr_array

    def first(self, most: int, plain: NDArray[np.bool_]) -> Sought:
        """Return at most so many of the plain queries."""
        some = np.flatnonzero(plain)[:most]
        return Sought(self.contexts[some], self.target[some], self.asking[some], self.taken[some])


def sought(pairs: HiddenPairs, items: NDArray[np.int64]) -> Sought:
    """Return the queries of hidden pairs, for an embedding whose row i is the item `items[i]`."""
    known = pairs.known[pairs.contexts][:, items]
    place = np.full(pairs.known.shape[1], -1)
    place[items] = np.arange(len(items))
    target = place[pairs.hidden]
    if not pairs.graph:
        return Sought(pairs.contexts, target, known, known)
    itself = _one_each(place[pairs.contexts], len(items))
    return Sought(pairs.contexts, target, itself, sparse.csr_array(known + itself))


def ask_hidden(
    sets: Mapping[str, Rows], pairs: HiddenPairs, items: NDArray[np.int64], k: int
) -> tuple[Asked, Asked]:
    """Ask for the hidden items: for any, and for those of the less popular half. Row i of every set is the item `items[i]`."""
    queries = sought(pairs, items)
    popularity = np.asarray(pairs.known.sum(axis=0))[items]
    outcomes = {
        name: {
            ranking: _hits(scores, queries, k)
            for ranking, scores in scores_by_ranking(rows, queries.asking, popularity).items()
        }
        for name, rows in sets.items()
    }
    plain, rare = (
        Asked(
            question,
            f"hidden {'neighbours' if pairs.graph else 'items'} found among the first {k}",
            k,
            False,
            pairs.contexts[mask],
            {
                name: {ranking: hit[mask] for ranking, hit in found.items()}
                for name, found in outcomes.items()
            },
        )
        for question, mask in zip(ITEMS[pairs.graph], (pairs.plain, pairs.rare))
    )
    return plain, rare


def ask_labels(
    sets: Mapping[str, Rows], labels: NDArray[Any], popularity: NDArray[Any], rng: np.random.Generator
) -> Asked:
    """Ask for items of the same label, with at most 2,400 items whose label is known, fewer of many items."""
    known = np.flatnonzero(labels >= 0)
    mine, k = labels[known], NEAREST
    queries = np.sort(rng.permutation(len(known))[: min(TESTED, SCORES // (2 * max(len(known), 1)))])
    if len(known) < FEWEST_ITEMS or len(np.unique(mine)) < 2:
        queries = queries[:0]
    asking = _one_each(known[queries], len(labels))
    outcomes = {
        name: {
            ranking: _precision(scores, queries, known, mine, k)
            for ranking, scores in scores_by_ranking(rows, asking, popularity).items()
        }
        for name, rows in sets.items()
    }
    return Asked(
        "Which items have the same label?",
        f"items of the same label among the {k} nearest",
        k,
        False,
        known[queries],
        outcomes,
    )


def _hits(scores: Scores, queries: Sought, k: int) -> NDArray[np.float64]:
    """Whether each query has its target among the first k rows that are not taken; a target of -1 is never found."""
    found = np.zeros(len(queries.target))
    for first in range(0, len(found), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        of, taken = np.array(scores(some), dtype=np.float64), queries.taken[some].tocoo()
        of[taken.coords] = -np.inf
        found[some] = expected_hits(of, np.maximum(queries.target[some], 0), k)
    return np.where(queries.target >= 0, found, 0.0)


def _precision(
    scores: Scores, queries: NDArray[np.int64], known: NDArray[np.int64], labels: NDArray[Any], k: int
) -> NDArray[np.float64]:
    """The share of the first k of the `known` items of each query, one of them and left out, that have its label."""
    found = np.zeros(len(queries))
    for first in range(0, len(queries), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        of, mine = np.array(scores(some)[:, known], dtype=np.float64), queries[some]
        of[np.arange(len(mine)), mine] = -np.inf
        last = np.partition(of, of.shape[1] - k, axis=1)[:, of.shape[1] - k, None]
        row, column = np.nonzero(of >= last)
        same = labels[column] == labels[mine][row]
        above = of[row, column] > last[row, 0]
        shown, shown_same, equal, equal_same = (
            np.bincount(row[mask], minlength=len(mine))
            for mask in (above, above & same, ~above, ~above & same)
        )
        found[some] = (shown_same + (k - shown) / equal * equal_same) / k
    return found


def _one_each(columns: NDArray[np.int64], of: int) -> sparse.csr_array:
    """A row with a single 1 for each of the columns, an empty one for -1."""
    held = columns >= 0
    at = (np.flatnonzero(held), columns[held])
    return sparse.csr_array((np.ones(held.sum()), at), shape=(len(columns), of))


def _share(beside: BesideBest, k: int) -> dict[str, float]:
    return {"value": float(beside.mean[k]), "low": float(beside.low[k]), "high": float(beside.high[k])}


def _loss(beside: BesideBest, k: int) -> dict[str, float]:
    return {
        "loss": float(beside.loss[k]),
        "low": float(beside.loss_low[k]),
        "high": float(beside.loss_high[k]),
    }
