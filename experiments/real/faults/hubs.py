"""Which items are among the nearest of far too many others? They fill every list of similar items.

N_k of a row is the number of queries that have it among their k nearest by cosine. The null: rows of norm 1 in random
directions that have the mean and the spectrum of their spike (`simulate.random_directions`), since many dimensions alone make
hubs, and the middle of a spike does. A row is a hub if its N_k lies above the prediction interval (Student's t, level 0.001)
of the logarithm of the largest N_k of a further draw, and above one and a half times the largest of the draws.

Source: Radovanovic, Nanopoulos and Ivanovic 2010, "Hubs in space".
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.real.beyond_chance import highest_by_chance
from experiments.real.faults.check import Check, listed, not_looked_at
from experiments.real.faults.given_rows import GivenRows
from simulate.random_directions import random_rows

NAME, TITLE = "hubs", "hubs"
FEWEST = 50  # rows
NEAREST = 10
QUERIES = 1000
DRAWS, FEWER = 10, 5  # of more than 5,000 rows five, since their counts vary less
PARTED = 5000  # rows by which spikes are found at most
TIMES = 1.5  # the largest count of the draws
MANY = 10  # rows of a spike per column, whose draws meet mean and spectrum in few rounds
BLOCK = 256  # queries at a time


def hubs(given: GivenRows, rng: np.random.Generator) -> Check:
    """Compare the largest N_10 with that of five or ten draws; time is O(q n f) with q at most 1,000 queries and n 20,000 rows.

    >>> rng = np.random.default_rng(0)
    >>> hubs(GivenRows.of(rng.standard_normal((300, 6)), None, rng), rng).found
    False
    """
    unit = given.unit
    n, f = unit.shape
    if n < FEWEST or f < 3:
        return not_looked_at(NAME, TITLE, f"it needs {FEWEST} rows with a direction and 3 columns")
    queries = np.sort(rng.choice(n, min(QUERIES, n), replace=False))
    k = min(NEAREST, n // 10)
    counts = occurrences(unit, queries, k)
    spike = _spikes(given, rng)
    by_chance = [
        int(occurrences(random_within_spikes(unit, spike, rng), queries, k).max())
        for _ in range(DRAWS if n <= PARTED else FEWER)
    ]
    most = max(math.exp(highest_by_chance(np.log(by_chance).tolist())), TIMES * max(by_chance))
    largest = int(counts.max())
    far = np.flatnonzero(counts > most)
    asked = f"{len(queries):,} rows asked"
    if not far.size:
        top = given.named(given.sample[[int(np.argmax(counts))]])[0]
        said = (
            f"No row is a hub beyond chance: the most frequent, {top}, is among the {k} nearest (cosine) of "
            f"{largest:,} of {asked}, where random directions reach {max(by_chance):,} (a hub: above {most:,.0f}, "
            "level 0.001)."
        )
        return Check(NAME, TITLE, False, said, float(largest), (0.0, float(most)))
    order = far[np.argsort(-counts[far], kind="stable")]
    names = given.named(given.sample[order])
    said = (
        f"{far.size:,} {'row is a hub' if far.size == 1 else 'rows are hubs'}{given.drawn}: "
        f"{listed(names, far.size)} ({'is' if far.size == 1 else 'the first'} among the {k} nearest of {largest:,} "
        f"of {asked}, where random directions reach {max(by_chance):,}); count each item's appearances and lower its "
        "score for them, or leave it out of lists."
    )
    return Check(NAME, TITLE, True, said, float(largest), (0.0, float(most)), names)


def random_within_spikes(
    unit: NDArray[np.float64], spike: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return rows in random directions that have the mean and the spectrum of the rows of the same spike.

    >>> rows = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 3)
    >>> random_within_spikes(rows, np.repeat([0, 1], 3), np.random.default_rng(0)).round(9).tolist() == rows.tolist()
    True
    """
    drawn = unit.copy()
    for number in np.unique(spike):
        mine = spike == number
        count = int(mine.sum())
        if count >= MANY * unit.shape[1]:
            drawn[mine] = random_rows(unit[mine], rng)
        elif count > 1:
            drawn[mine] = _mixed(unit[mine], rng)
    return drawn


def _mixed(rows: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows of norm 1, mixed at random about their mean: the first step of `random_rows`, whose others matter to wide "
    "spikes alone."""
    mean = rows.mean(axis=0)
    _, singular, axes = np.linalg.svd(rows - mean, full_matrices=False)
    frame = rng.standard_normal((len(rows), min(len(rows) - 1, len(singular))))
    frame = np.linalg.qr(frame - frame.mean(axis=0))[0]
    mixed = mean + frame @ (singular[: frame.shape[1], None] * axes[: frame.shape[1]])
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1)[:, None])


def _spikes(given: GivenRows, rng: np.random.Generator) -> NDArray[np.int64]:
    """The spike of each drawn row, by the peaks among at most 5,000 of them; all 0 where no spike has ten rows."""
    n = given.sample.size
    some = given.sample[np.sort(rng.choice(n, min(PARTED, n), replace=False))]
    rows = given.rows(some)
    found = theory.partition_by_spikes(rows)
    peaks = rows[found.peaks] / np.linalg.norm(rows[found.peaks], axis=1)[:, None]
    return np.argmax(given.unit @ peaks.T, axis=1) if found.resolved else np.zeros(n, dtype=np.int64)


def occurrences(unit: NDArray[np.float64], queries: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return how many of the queries have each row among their k nearest by cosine, themselves left out.

    >>> occurrences(np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]), np.arange(3), 1).tolist()
    [1, 2, 0]
    """
    unit = unit.astype(np.float32)  # ranks need no more digits
    columns = np.ascontiguousarray(unit.T)
    counts = np.zeros(len(unit), dtype=np.int64)
    for start in range(0, len(queries), BLOCK):
        asked = queries[start : start + BLOCK]
        cosines = unit[asked] @ columns
        cosines[np.arange(len(asked)), asked] = -np.inf
        nearest = np.argpartition(cosines, len(unit) - k, axis=1)[:, len(unit) - k :]
        counts += np.bincount(nearest.ravel(), minlength=len(unit))
    return counts
