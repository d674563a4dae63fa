"""Two analyses of the same items, by their names: how much do they agree? Of SVD and word2vec, or of last month and this month.

| what | how |
|---|---|
| overlap | share of the k nearest of an item that both give, among the items that both hold; k is 20, or a third of these |
| agreement | normalised mutual information of their partitions by spikes |
| drift | where both have as many dimensions: what is left of one when the other is laid over it, turned freely and not turned |

With A and B the rows of the shared items, ||A|| = ||B|| = 1 (Frobenius), min ||s A Q - B||^2 over scales s is 1 - <A Q, B>^2:
with Q = I what users of the old columns see, and over all orthogonal Q 1 - (sum of the singular values of A'B)^2 (Procrustes;
Gower 1975).
Dot products and cosines do not change under Q, so that only the second is a change of neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

import theory
from experiments.real.description import agreement
from experiments.real.faults.drift_of_basis import SMALL, drift_of_basis, left_over
from experiments.real.faults.given_rows import GivenRows
from experiments.real.joined_log import JoinedLog
from experiments.real.questions_of_log import questions_of_log

NEAREST = 20
QUERIES = 1000  # items whose neighbours are compared, at most
FEWEST = 6  # shared items of a pair
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class NamedSide:
    """One of two: `names` (n,) of its items, unique, `rows` (n, f) of its vectors at its rank, and their spikes `parts` (n,).

    `columns` (n, c) are the numbers by which the basis is compared; `labels` (n,), -1 unknown, or None; `place` (n,) and `log`
    belong to vectors with a log.
    """

    names: list[str]
    rows: NDArray[np.float64]
    parts: NDArray[np.int64]
    columns: NDArray[Any]
    labels: NDArray[np.int64] | None = None
    place: NDArray[np.int64] | None = None
    log: JoinedLog | None = None


def beside_each_other(first: NamedSide, second: NamedSide, rng: np.random.Generator) -> dict[str, Any]:
    """Return how two analyses agree on the items that both hold.

    Returns
    -------
    dict
        `shared`, how many items both hold, of `items` (first, second); `warning` where less than half is shared, or None; `k`;
        `overlap` by similarity with its 95 % interval over items like those asked; `chance`, the overlap of lists drawn at
        random; `agreement` of the partitions by spikes, None where one has fewer than two; `drift`, None where dimensions differ;
        `questions`, what each finds of hidden pairs and what it loses beside the better one (`asked.Asked.between`).
    """
    one, two = shared_rows(first.names, second.names)
    a, b = first.rows[one], second.rows[two]
    k = min(NEAREST, max(1, (len(one) - 1) // 3))
    live = np.flatnonzero(a.any(axis=1) & b.any(axis=1))
    asked = np.sort(rng.permutation(live)[:QUERIES])
    similarities: tuple[Literal["cosine", "dot"], ...] = ("cosine", "dot")
    parts = first.parts[one], second.parts[two]
    partitions = agreement(parts[0], None, parts[1]) if all(len(set(part)) > 1 for part in parts) else []
    return {
        "shared": len(one),
        "warning": few_shared(first.names, second.names),
        "items": [len(first.names), len(second.names)],
        "k": k,
        "overlap": {name: _overlap(a, b, asked, k, name) for name in similarities},
        "chance": k / (len(one) - 1),
        "agreement": partitions[0] | {"first": "spikes", "second": "spikes"} if partitions else None,
        "drift": drift(first.columns[one], second.columns[two], [first.names[row] for row in one], rng),
        "questions": _questions(first, one, a, b, rng),
    }


def few_shared(first: Sequence[str], second: Sequence[str]) -> str | None:
    """Return a warning that names items of one side alone, where fewer than half of the smaller side are shared; else None.

    >>> few_shared(["a", "b c", "d"], ["a", "b_c", "e"])
    "only 1 of 3 and 3 items; unmatched are 'b c', 'd' of the first and 'b_c', 'e' of the second"
    >>> few_shared(["a", "b"], ["a", "c"]) is None
    True
    """
    here, there = set(first), set(second)
    both = len(here & there)
    if 2 * both >= min(len(here), len(there)):
        return None
    alone = [
        ", ".join(repr(name) for name in [name for name in one if name and name not in other][:2])
        for one, other in ((first, there), (second, here))
    ]
    return (
        f"only {both:,} of {len(first):,} and {len(second):,} items; unmatched are {alone[0]} of the first and {alone[1]} "
        "of the second"
    )


def shared_rows(first: list[str], second: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the items that both name, in the order of the first.

    >>> [rows.tolist() for rows in shared_rows(["a", "b", "c"], ["c", "x", "a"])]
    [[0, 2], [2, 0]]
    """
    where = {name: row for row, name in enumerate(second)}
    rows = [row for row, name in enumerate(first) if name in where]
    return np.array(rows, dtype=np.int64), np.array([where[first[row]] for row in rows], dtype=np.int64)


def drift(
    first: NDArray[Any], second: NDArray[Any], names: list[str], rng: np.random.Generator
) -> dict[str, Any] | None:
    """Return what is left of one basis when the other is laid over it, `as_is` and `turned`, and what the check says of it.

    `found` says that the columns turned between the first and the second, or that the rows have nothing in common; None where
    dimensions differ or one is all zeros.

    >>> rows = np.random.default_rng(0).standard_normal((50, 2))
    >>> found = drift(rows, rows[:, ::-1], list(map(str, range(50))), np.random.default_rng(0))
    >>> found["as_is"] > 0.5, abs(round(found["turned"], 12)), found["found"]
    (True, 0.0, True)
    """
    if first.shape[1] != second.shape[1]:
        return None
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not a.any() or not b.any():
        return None
    as_is, turned = left_over(a / np.linalg.norm(a), b / np.linalg.norm(b))
    check = drift_of_basis(GivenRows.of(b, names, rng), a, rng)
    said = (
        check.sentence
        if check.chance is None
        else _turned_or_not(as_is, turned, check.found, check.chance[0])
    )
    return {"as_is": as_is, "turned": turned, "found": check.found, "sentence": said}


def _turned_or_not(as_is: float, turned: float, found: bool, least: float) -> str:
    """What a check says of two inputs, which may come from two methods as well as from two months."""
    laid = f"laid over the first's they leave {as_is:.1%} of the squares as they stand and {turned:.1%} after the best rotation"
    if turned >= least:
        return (
            f"The vectors of the two have nothing in common: {laid}, no less than rows paired at random; do not compare them, "
            "and see that names are matched."
        )
    if found:
        return (
            f"The basis drifted: the second's vectors are turned against the first's; {laid}; rotate one onto the other "
            "(Procrustes) before you compare dot products across the two. Neighbours within each are not concerned."
        )
    if turned <= SMALL:
        return f"The second's vectors are those of the first, nearly: {laid}."
    return f"The second's vectors are no rotation of the first's: {laid}."


def _overlap(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    asked: NDArray[np.int64],
    k: int,
    similarity: Literal["cosine", "dot"],
) -> dict[str, float] | None:
    if len(asked) < 2:
        return None
    lists = [theory.top_k(x, k, similarity=similarity, queries=asked).indices for x in (a, b)]
    shares = np.array([len((set(s) & set(t)) - {-1}) / k for s, t in zip(*lists)])
    mean = float(shares.mean())
    half = float(
        scipy.stats.t.ppf((1 + LEVEL) / 2, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares))
    )
    return {"value": mean, "low": max(0.0, mean - half), "high": min(1.0, mean + half)}


def _questions(
    first: NamedSide,
    one: NDArray[np.int64],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    labels = None if first.labels is None else first.labels[one]
    place = np.empty(0, dtype=np.int64) if first.place is None else first.place[one]
    asked = questions_of_log({"first": a, "second": b}, place, first.log, labels, rng)
    return [question.between(rng) for question in asked]
