"""Which axes cannot be told from noise? The last principal axes, if rows on them point in random directions.

The rows are taken about their mean on their principal axes, each axis scaled to the same variance. On the last m axes the
means of cos^3 and cos^4 over N pairs of rows are compared with those of independent uniform directions,

    0  and  3 / (m (m + 2)),    with variances  15 / (m (m + 2) (m + 4) N)  and
    (105 / (m (m + 2) (m + 4) (m + 6)) - 9 / (m (m + 2))^2) / N.

Spikes, and whatever else groups rows, change the first or raise the second; the lengths of rows do not count. A few axes that
group the rows drown among many that do not, so each two axes that follow each other, and each eight, are looked at by
themselves too. The last m axes are noise if neither moment differs, on all of them (level 0.001 together) and on any two or
eight of them (level 0.001 for all of these together). The fault is found where the last quarter of the axes is noise, and at
least four; it is said how many more are."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from experiments.real.faults.check import LEVEL, Check, not_looked_at
from experiments.real.faults.given_rows import GivenRows

NAME, TITLE = "noise", "dimensions that are noise"
FEWEST = 50  # rows
LEAST = 4  # axes, and a quarter of all
PAIRS = 100_000
WINDOWS = (2, 8)  # axes that follow each other, looked at by themselves
ROUNDING = 1e-12


def noise_axes(given: GivenRows, rng: np.random.Generator) -> Check:
    """Find how many of the last axes of the drawn rows are noise; time is O(n f^2).

    >>> rng = np.random.default_rng(0)
    >>> rows = np.column_stack([9 * np.repeat(np.eye(4), 100, axis=0), rng.standard_normal((400, 8))])
    >>> noise_axes(GivenRows.of(rows, None, rng), rng).found
    True
    """
    n, f = given.sample.size, given.vectors.shape[1]
    if n < FEWEST or n < 4 * f or f < LEAST:
        why = f"it needs {FEWEST} rows, four times as many as columns, and {LEAST} columns"
        return not_looked_at(NAME, TITLE, why)
    rows = given.rows(given.sample)
    rows = rows - rows.mean(axis=0)
    _, singular, axes = np.linalg.svd(np.linalg.qr(rows, mode="r"))
    rank = int((singular > 10 * np.finfo(given.vectors.dtype).eps * singular[0]).sum())
    if rank < LEAST:
        return not_looked_at(NAME, TITLE, f"the vectors have only {rank} axes")
    random = random_directions(rows @ (axes[:rank].T / singular[:rank]), rng)
    least = max(LEAST, -(-rank // 4))
    grouped = np.flatnonzero(~random[least - 1 :])
    count = least - 1 + (int(grouped[0]) if grouped.size else rank - least + 1)
    if count < least:
        count = 0
        said = (
            f"The last {least} of {rank} axes are no noise: rows on them are grouped more than random directions are "
            "(level 0.001)."
        )
    elif count == rank:
        said = (
            "On their axes, scaled alike, the rows cannot be told from random directions (level 0.001): nothing in "
            "these vectors groups rows; use them only if you know better, or train with more data."
        )
    else:
        said = (
            f"The last {count} of {rank} principal axes cannot be told from noise (rows on them point in random "
            f"directions, level 0.001): keep the first {rank - count}, or train with more data."
        )
    return Check(NAME, TITLE, count >= least, said, float(count), (0.0, float(least - 1)))


def random_directions(rows: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return whether rows (n, f) on their last m axes have random directions, for m = 1, 2, ..., f (m = 1: unless 2 group them).

    The pairs join each row of a random order with those that follow it: under the null no two of them depend on each other.

    >>> rows = np.kron(np.eye(3), np.ones((20, 1)))
    >>> random_directions(rows, np.random.default_rng(0)).tolist()
    [False, False, False]
    """
    n, f = rows.shape
    last, order = rows[:, ::-1], rng.permutation(n)
    squares = _sums(last * last, (f, *WINDOWS))
    shifts = max(1, min((n - 1) // 2, PAIRS // n))
    third, fourth = np.zeros((1 + len(WINDOWS), f)), np.zeros((1 + len(WINDOWS), f))
    for shift in range(1, shifts + 1):
        i, j = order, np.roll(order, -shift)
        for w, dots in enumerate(_sums(last[i] * last[j], (f, *WINDOWS))):
            both = np.sqrt(squares[w][i] * squares[w][j])
            cosines = np.divide(dots, both, out=np.zeros_like(dots), where=both > 0)
            cubes = cosines**2 * cosines
            third[w] += cubes.sum(axis=0)
            fourth[w] += (cubes * cosines).sum(axis=0)
    pairs, every = n * shifts, np.arange(1, f + 1)
    even = _as_by_chance(third[0] / pairs, fourth[0] / pairs, every, pairs, LEVEL)
    for w, width in enumerate(WINDOWS, start=1):
        level = LEVEL / (len(WINDOWS) * f)
        alone = _as_by_chance(third[w] / pairs, fourth[w] / pairs, np.minimum(every, width), pairs, level)
        even &= alone
        if width == 2:  # which of the two axes groups the rows is not known: neither is noise
            even[:-1] &= alone[1:]
    return np.asarray(even)


def _sums(values: NDArray[np.float64], widths: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """For each width, the sums (n, f) over that many columns up to each one, or over those there are."""
    sums = np.cumsum(values, axis=1)
    found = []
    for width in widths:
        before = np.zeros_like(sums)
        before[:, width:] = sums[:, :-width]
        found.append(sums - before)
    return found


def _as_by_chance(
    third: NDArray[np.float64], fourth: NDArray[np.float64], m: NDArray[np.int64], pairs: int, level: float
) -> NDArray[np.bool_]:
    """Whether means of cos^3 and cos^4 on m axes are those of independent uniform directions; on one axis always."""
    expected = 3 / (m * (m + 2))
    variance = np.maximum(105 / (m * (m + 2) * (m + 4) * (m + 6)) - expected**2, 0.0)
    limit = float(scipy.stats.norm.isf(level / 3))
    few = fourth <= expected + limit * np.sqrt(variance / pairs) + ROUNDING
    even = np.abs(third) <= limit * np.sqrt(15 / (m * (m + 2) * (m + 4) * pairs))
    return np.asarray((few & even) | (m == 1))
