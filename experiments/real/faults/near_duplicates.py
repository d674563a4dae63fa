"""Which rows are nearly the same as others, closer than the rows around them explain?

Let d_1 <= d_2 <= ... be the distances from a row to the others. If rows lie evenly in a space of D dimensions near it, the j
nearest lie anywhere in the ball of radius d_(j+1), and

    P(d_j / d_(j+1) <= x)  =  x^(j D).

A row and its j nearest are a group if d_j is at most 1 % of its norm and this probability is below 0.001 / (n j (j + 1)),
which adds up to 0.001 over all n rows and all j. D is measured between rows (Levina and Bickel 2004), its lower quartile
taken, which makes groups rarer. So rows of a tight spike, or of few dimensions, are no duplicates. Rows that are equal in
every entry always are. Candidates are found in a tree on the first eight principal axes, on which no distance is larger than
it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from experiments.real.faults.check import LEVEL, Check, listed
from experiments.real.faults.given_rows import GivenRows

NAME, TITLE = "duplicates", "near-duplicates"
NEAR = 0.01  # of the norm of a row
ROUNDING = 1e-7  # of the norm: distances are differences of squares
AXES = 8
NEIGHBOURS = 10  # by which the dimension is measured
MEASURED = 200  # rows at which it is
LARGEST = 1000  # rows of a group
CANDIDATES = 2000  # rows looked at in full
BLOCK = 64


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Groups of rows that are nearly the same: the number of the group of each drawn row, -1 for the others; the largest "
    "first."""

    group: NDArray[np.int64]
    sizes: NDArray[np.int64]

    def members(self, given: GivenRows, number: int) -> NDArray[np.int64]:
        """Return the rows of a group."""
        return np.asarray(given.sample[self.group == number])


def duplicate_groups(given: GivenRows, rng: np.random.Generator) -> Duplicates:
    """Find the groups among the drawn rows. Time is about O(n log n), and O(c n f) for c <= 2,000 candidates."""
    rows = given.rows(given.sample)
    copies = _equal_rows(rows)
    first = np.unique(copies, return_index=True)[1]  # one row of each kind
    links = _links(rows[first], rng)
    n = len(first)
    graph = sparse.coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(n, n))
    joined = np.asarray(connected_components(graph, directed=False)[1])[copies]
    sizes = np.bincount(joined)
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 1]
    numbers = np.full(len(sizes), -1)
    numbers[order] = np.arange(len(order))
    return Duplicates(numbers[joined], sizes[order])


def near_duplicates(given: GivenRows, found: Duplicates) -> Check:
    """Say how many of the drawn rows are nearly the same as another.

    >>> rng = np.random.default_rng(0)
    >>> rows = rng.standard_normal((200, 6))
    >>> rows[7] = rows[5] * 1.0001
    >>> given = GivenRows.of(rows, None, rng)
    >>> near_duplicates(given, duplicate_groups(given, rng)).rows
    ('row 5', 'row 7')
    """
    if not len(found.sizes):
        said = (
            f"No two rows{given.drawn} are nearly the same (within 1 % of their length and closer than the rows "
            "around them explain, level 0.001)."
        )
        return Check(NAME, TITLE, False, said, 0.0, (0.0, 0.0))
    first = given.named(found.members(given, 0))
    largest, many, groups = int(found.sizes[0]), int(found.sizes.sum()), len(found.sizes)
    which = listed(first, largest)
    if groups == 1:
        who = f"{many:,} rows{given.drawn} are nearly the same ({which})"
    else:
        who = (
            f"{many:,} rows{given.drawn} are nearly the same as another row, in {groups:,} groups (the largest has {largest:,}: "
            f"{which})"
        )
    said = (
        f"{who}, closer than the rows around them explain (level 0.001); merge items that are one thing twice, and show one of "
        "each group in a list."
    )
    return Check(NAME, TITLE, True, said, float(many), (0.0, 0.0), first)


def _equal_rows(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the kind of each row; rows that are equal in every entry are of one kind."""
    plain = np.ascontiguousarray(rows + 0.0)  # -0.0 becomes 0.0
    kinds = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
    return np.asarray(np.unique(kinds, return_inverse=True)[1]).ravel()


def _links(rows: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Pairs (m, 2) of rows that are nearly the same, among rows of which no two are equal."""
    n = len(rows)
    if n < NEIGHBOURS + 2:
        return np.empty((0, 2), dtype=np.int64)
    squares = (rows * rows).sum(axis=1)
    radius = NEAR * np.sqrt(squares)
    axes = np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :AXES]
    places = rows @ axes
    near = cKDTree(places).query_ball_point(places, radius, return_length=True)
    candidates = np.flatnonzero(near > 1)
    if not candidates.size:
        return np.empty((0, 2), dtype=np.int64)
    if candidates.size > CANDIDATES:
        candidates = rng.choice(candidates, CANDIDATES, replace=False)
    dimension = _dimension(rows, squares, rng)
    found = [np.empty((0, 2), dtype=np.int64)]
    for start in range(0, len(candidates), BLOCK):
        asked = candidates[start : start + BLOCK]
        distances = _distances(rows, squares, asked)
        for row, away in zip(asked, distances):
            mine = _group(away, radius[row], dimension)
            found.append(np.column_stack([np.full(len(mine), row), mine]))
    return np.concatenate(found)


def _group(away: NDArray[np.float64], radius: float, dimension: float) -> NDArray[np.int64]:
    """The rows that are nearly the same as one, from the distances of all rows to it (its own is infinite)."""
    n = len(away)
    if away.min() > radius:
        return np.empty(0, dtype=np.int64)
    most = min(LARGEST + 1, n - 1)
    nearest = np.argpartition(away, most - 1)[:most]
    nearest = nearest[np.argsort(away[nearest], kind="stable")]
    d = away[nearest]
    j = np.arange(1, most)
    surprise = j * dimension * np.log(d[1:] / d[:-1])
    beyond = (d[:-1] <= radius) & (surprise > np.log(n * j * (j + 1) / LEVEL))
    return nearest[: j[beyond].max(initial=0)]


def _dimension(rows: NDArray[np.float64], squares: NDArray[np.float64], rng: np.random.Generator) -> float:
    """The dimension of the space in which rows lie near each other, the lower quartile over 200 rows."""
    asked = rng.choice(len(rows), min(MEASURED, len(rows)), replace=False)
    found = []
    for start in range(0, len(asked), BLOCK):
        away = _distances(rows, squares, asked[start : start + BLOCK])
        d = np.sort(np.partition(away, NEIGHBOURS, axis=1)[:, :NEIGHBOURS], axis=1)
        found.append((NEIGHBOURS - 1) / np.maximum(np.log(d[:, -1:] / d).sum(axis=1), 1e-9))
    return float(min(np.quantile(np.concatenate(found), 0.25), rows.shape[1]))


def _distances(
    rows: NDArray[np.float64], squares: NDArray[np.float64], asked: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Distances from some rows to all, at least the rounding of a norm; of a row to itself infinite."""
    away = squares[asked][:, None] + squares - 2 * (rows[asked] @ rows.T)
    away = np.sqrt(np.maximum(away, ROUNDING**2 * squares[asked][:, None]))
    away[np.arange(len(asked)), asked] = np.inf
    return np.asarray(away)
