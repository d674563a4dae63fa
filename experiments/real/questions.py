"""Which similarity answers which question of an engineer? Each question is put to all rankings, and the answers are counted.

| question | asked with | counted |
|---|---|---|
| Which items belong in the same context? | the known items of a context | an item hidden from it is among the first k |
| Which less popular items belong there? | the same | the same, of hidden items of the less popular half |
| Which items have the same label? | an item | the share of its 10 nearest, among items with a label, that have its label |

In a graph a node asks, and the hidden items are neighbours. k is 50, or a tenth of the items if these are fewer than 500.
Hidden pairs are hidden before the vectors are made (`hidden_pairs`). All rankings answer the same queries, so that their
differences are paired (`paired_intervals`), and the sentence and the table of a page come from one answer. Popularity alone is
the baseline with which every ranking must be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.real.asked import FEWEST, FIRST, Asked, Rows, ask_hidden, ask_labels
from experiments.real.hidden_pairs import FEWEST_ITEMS, Fold, HiddenPairs
from experiments.real.statistics import first_dimensions
from theory.analysis.scalings import SCALINGS


def questions_of(
    folds: Sequence[Fold],
    rows: Rows,
    rank: int,
    rng: np.random.Generator,
    *,
    popularity: NDArray[Any],
    labels: NDArray[Any] | None = None,
) -> list[dict[str, Any]]:
    """Return the answers to all questions that a matrix has queries for, none of a matrix of fewer than 50 items.

    Parameters
    ----------
    folds
        from `hidden_pairs.folds_of`.
    rows, popularity, labels
        of the whole matrix: its vectors at `rank` and (n,) for each of its items; a label of -1 is unknown.
    rank
        f, at which the vectors of the folds are cut.
    """
    items = len(popularity)
    if items < FEWEST_ITEMS:
        return []
    asked = []
    for fold in folds:
        cut = first_dimensions(fold.embedding, rank)
        if len(fold.items) >= FEWEST_ITEMS:
            sets = {"": {scaling: cut.vectors(scaling) for scaling in SCALINGS}}
            asked.append(ask_hidden(sets, fold.pairs, fold.items, min(FIRST, items // 10)))
    questions = [_together(list(parts)) for parts in zip(*asked)]
    if labels is not None:
        questions.append(ask_labels({"": rows}, labels, popularity, rng))
    return [one.answer("", rng) for one in questions if len(np.unique(one.groups)) >= FEWEST]


def questions_of_vectors(
    vectors: Mapping[str, ArrayLike],
    rng: np.random.Generator,
    *,
    pairs: HiddenPairs | None = None,
    items: NDArray[np.int64] | None = None,
    labels: NDArray[Any] | None = None,
    popularity: NDArray[Any] | None = None,
    seen: bool = True,
) -> list[Asked]:
    """Put the questions to vectors of one's own, to several sets of them at once.

    Parameters
    ----------
    vectors
        each set by its name, (n, f), f of its own; row i is the same item in all.
    pairs, items
        hidden pairs of the log or graph that the vectors come from, and (n,) which of its columns each row is. Without, only
        labels are asked.
    labels, popularity
        (n,), -1 where a label is unknown. Without a popularity it is that of `pairs`.
    seen
        whether the vectors may have been made from the hidden pairs.

    Returns
    -------
    list
        the questions with at least 20 contexts or items that ask, at most three. `answer(name, rng)` of one gives what a set
        finds, `between(rng)` how the sets compare.
    """
    sets: dict[str, Rows] = {name: {"full": np.asarray(v, dtype=np.float64)} for name, v in vectors.items()}
    n = len(next(iter(sets.values()))["full"])
    if n < FEWEST_ITEMS:
        return []
    asked: list[Asked] = []
    if pairs is not None:
        columns = np.arange(n) if items is None else items
        asked += [replace(one, seen=seen) for one in ask_hidden(sets, pairs, columns, min(FIRST, n // 10))]
        if popularity is None:
            popularity = np.asarray(pairs.known.sum(axis=0))[columns]
    if labels is not None:
        asked.append(ask_labels(sets, labels, np.zeros(n) if popularity is None else popularity, rng))
    return [one for one in asked if len(np.unique(one.groups)) >= FEWEST]


def _together(parts: list[Asked]) -> Asked:
    """One question asked in several folds."""
    first = parts[0]
    outcomes = {
        name: {ranking: np.concatenate([part.outcomes[name][ranking] for part in parts]) for ranking in found}
        for name, found in first.outcomes.items()
    }
    return replace(first, groups=np.concatenate([part.groups for part in parts]), outcomes=outcomes)
