"""Is there a group whose items occur only with each other, as bots and copied lists make them (a near-biclique)?

With the log (contexts x items) or the graph: rows with nearly the same set of columns are found by minhash (Broder 1997), six
bands of four hashes. A group is at least five rows and five columns that nine in ten of their pairs join, and four in five
entries of these columns lie in these rows. The null permutes items among contexts, or edges among nodes: if the rows hold a
share s of all entries, E entries fall into them to a share q with a probability of at most exp(-E KL(q, s)) (Chernoff), and
the number of ways to choose r of R rows and c of C columns bounds how often that can happen anywhere. Without either: a group
of at least five near-duplicates (`near_duplicates`)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.real.faults.check import LEVEL, Check, counted, listed
from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.near_duplicates import Duplicates
from simulate.validation import require_matrix

NAME, TITLE = "bots", "bots (bicliques)"
FEWEST = 5  # rows, and columns, of a group
FILLED = 0.9  # of its pairs that are joined
OWN = 0.8  # of the entries of its columns that lie in its rows
ALIKE = 0.8  # of a row's columns that are the group's, and the other way round
BANDS, HASHES = 6, 4


@dataclass(frozen=True, eq=False)
class Biclique:
    """Rows and columns of a matrix that are nearly all joined, and the logarithm of a bound of their probability by "
    "chance."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    log_chance: float


def bots(given: GivenRows, found: Duplicates, matrix: Any, rng: np.random.Generator) -> Check:
    """Look for groups in `matrix`, contexts x items or a graph whose columns are the rows of `given`; or among
    near-duplicates, where it is None.

    Time is O(nnz).

    Raises
    ------
    ValueError
        for a matrix whose columns are not as many as the rows.
    """
    if matrix is None:
        return _without_matrix(given, found)
    pattern, graph = _pattern(matrix, len(given.vectors))
    groups = [one for one in bicliques(pattern, rng) if one.log_chance <= math.log(LEVEL)]
    if not groups:
        said = (
            f"No {FEWEST} or more nodes are linked to nearly all of each other and to hardly anything else."
            if graph
            else f"No {FEWEST} or more contexts hold nearly the same items, which hardly anybody else holds."
        )
        return Check(NAME, TITLE, False, said, 0.0, (0.0, float(FEWEST - 1)))
    largest = max(groups, key=lambda one: one.rows.size * one.columns.size)
    names = given.named(largest.columns)
    many, items = f"{largest.rows.size:,}", counted(largest.columns.size, "item")
    if graph:
        who = f"{many} nodes are linked to nearly all of each other and to hardly anything else"
        advice = "look at them, and remove them if they are bots or copies"
    else:
        who = f"{many} contexts hold nearly the same {items}, which hardly anybody else holds"
        advice = "look at these contexts, and remove them if they are bots or copied lists"
    more = f", and {counted(len(groups) - 1, 'further group')} like it" if len(groups) > 1 else ""
    said = f"{who} ({listed(names, largest.columns.size)}){more}; {advice}."
    return Check(NAME, TITLE, True, said, float(largest.rows.size), (0.0, float(FEWEST - 1)), names)


def _without_matrix(given: GivenRows, found: Duplicates) -> Check:
    groups, largest = int((found.sizes >= FEWEST).sum()), int(found.sizes.max(initial=0))
    chance = (0.0, float(FEWEST - 1))
    if not groups:
        said = (
            f"No {FEWEST} rows or more{given.drawn} are nearly the same; bots show best in the log or the graph "
            "itself, which was not given."
        )
        return Check(NAME, TITLE, False, said, float(largest), chance)
    names = given.named(found.members(given, 0))
    said = (
        f"{counted(groups, 'group')} of {FEWEST} or more rows{given.drawn} nearly the same, the largest of "
        f"{largest:,} ({listed(names, largest)}): bots or copied lists make such groups; look at who holds these "
        "items."
    )
    return Check(NAME, TITLE, True, said, float(largest), chance, names)


def _pattern(matrix: Any, n: int) -> tuple[sparse.csr_array, bool]:
    """The matrix as ones, of a graph with loops, so that a clique is a biclique; and whether it is a graph."""
    a = sparse.csr_array(require_matrix(matrix, "matrix"))
    if a.shape[1] != n:
        raise ValueError(f"matrix must have one column per row of vectors, {n}; got shape {a.shape}")
    a = a.copy()
    a.eliminate_zeros()
    a.data = np.ones(a.nnz)
    graph = a.shape[0] == n and (abs(a - a.T)).nnz == 0
    if graph:
        a = sparse.csr_array(a + sparse.eye_array(n))
        a.data[:] = 1.0
    return a, bool(graph)


def bicliques(pattern: sparse.csr_array, rng: np.random.Generator) -> list[Biclique]:
    """Return groups of rows with nearly the same columns, which hardly any other row has; no row is in two.

    >>> held = np.zeros((20, 30))
    >>> held[:8, :6] = 1
    >>> held[8:, 6:] = np.random.default_rng(0).random((12, 24)) < 0.3
    >>> [(one.rows.size, one.columns.size) for one in bicliques(sparse.csr_array(held), np.random.default_rng(0))]
    [(8, 6)]
    """
    lengths = np.diff(pattern.indptr)
    long = np.flatnonzero(lengths >= FEWEST)
    if long.size < FEWEST:
        return []
    rows = pattern[long]
    by_column = sparse.csc_array(pattern)
    taken = np.zeros(pattern.shape[0], dtype=bool)
    found = []
    for _ in range(BANDS):
        keys = np.column_stack([_least(rows, rng) for _ in range(HASHES)])
        kinds, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)[1:]
        kinds = np.asarray(kinds).ravel()
        order = np.argsort(kinds, kind="stable")
        ends = np.cumsum(counts)
        for kind in np.flatnonzero(counts >= FEWEST):
            alike = long[order[ends[kind] - counts[kind] : ends[kind]]]
            one = _group(pattern, by_column, alike[~taken[alike]])
            if one is not None:
                taken[one.rows] = True
                found.append(one)
    return found


def _least(rows: sparse.csr_array, rng: np.random.Generator) -> NDArray[np.int64]:
    """The least random number among the columns of each row: equal in two rows with the Jaccard index as its probability."""
    numbers = rng.permutation(rows.shape[1])
    return np.asarray(np.minimum.reduceat(numbers[rows.indices], rows.indptr[:-1]))


def _group(
    pattern: sparse.csr_array, by_column: sparse.csc_array, rows: NDArray[np.int64]
) -> Biclique | None:
    """The biclique that rows with the same hashes are part of: their columns, then all rows that have these, then these rows'
    columns."""
    if rows.size < FEWEST:
        return None
    for _ in range(2):
        held = np.asarray(pattern[rows].sum(axis=0)).ravel()
        columns = np.flatnonzero(held >= ALIKE * rows.size)
        if columns.size < FEWEST:
            return None
        common = np.asarray(by_column[:, columns].sum(axis=1)).ravel()
        lengths = np.diff(pattern.indptr)
        rows = np.flatnonzero((common >= ALIKE * columns.size) & (common >= ALIKE * lengths))
        if rows.size < FEWEST:
            return None
    inside = float(common[rows].sum())
    entries = int(np.diff(by_column.indptr)[columns].sum())
    share = float(lengths[rows].sum()) / pattern.nnz
    own = inside / entries
    if inside < FILLED * rows.size * columns.size or own < OWN or share >= own:
        return None
    choices = _log_choices(pattern.shape[0], rows.size) + _log_choices(pattern.shape[1], columns.size)
    rest = (1 - own) * math.log((1 - own) / (1 - share)) if own < 1 else 0.0
    return Biclique(rows, columns, choices - entries * (own * math.log(own / share) + rest))


def _log_choices(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
