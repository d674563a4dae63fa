"""Did the axes move since the last time? Then dot products between the vectors of two months mean nothing until they are
aligned.

X (n, f) are the vectors of now, Y those of before, row by row of the same items. A rotation R and a factor c that bring Y
nearest to X (Procrustes) leave

    |X - c Y R|^2  =  |X|^2 - (sum of the singular values of Y'X)^2 / |Y|^2,

and c alone, without a rotation, |X|^2 - <X, Y>^2 / |Y|^2. If the rows changed at random and the axes stayed, the rotation
takes away a part of the second that is due to its p = f (f - 1) / 2 angles, and the ratio of squares has Fisher's law of p
and n f - p - 1 degrees of freedom. The basis drifted where it takes away more (level 0.001) and at least a
quarter, of a change of at least 1 %. Rows of Y in
random order tell what a rotation leaves where nothing corresponds.

Source: Schonemann 1966, "A generalized solution of the orthogonal Procrustes problem".
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from experiments.real.beyond_chance import highest_by_chance
from experiments.real.faults.check import LEVEL, Check, not_looked_at
from experiments.real.faults.given_rows import GivenRows
from simulate.validation import require_finite
from theory.analysis.inputs import as_rows

NAME, TITLE = "drift", "drift of the basis"
PERMUTATIONS = 10
SMALL = 0.01  # of the squares: the vectors hardly changed
PART = 0.25  # of the change, which a rotation takes away


def drift_of_basis(given: GivenRows, previous: Any, rng: np.random.Generator) -> Check:
    """Compare the drawn rows with those of before, with and without a rotation; time is O(n f^2).

    Raises
    ------
    ValueError
        for another number of rows.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = rng.standard_normal((300, 4))
    >>> turned = rows @ np.linalg.qr(rng.standard_normal((4, 4)))[0]
    >>> given = GivenRows.of(rows, None, rng)
    >>> [drift_of_basis(given, before, rng).found for before in (turned, rows + 0.1 * rng.standard_normal((300, 4)))]
    [True, False]
    """
    before = require_finite(as_rows(previous, "previous"), "previous")
    if len(before) != len(given.vectors):
        raise ValueError(
            f"previous must have a row for each of the {len(given.vectors):,} rows; got {len(before):,}"
        )
    x = given.rows(given.sample)
    y = np.asarray(before[given.sample], dtype=np.float64)
    f = max(x.shape[1], y.shape[1])
    x, y = (np.pad(one, ((0, 0), (0, f - one.shape[1]))) for one in (x, y))
    n, angles = len(x), f * (f - 1) // 2
    if not y.any() or f < 2 or n * f < 4 * angles or n < 10:
        return not_looked_at(NAME, TITLE, "it needs 2 columns, and rows twice as many as columns")
    x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
    as_they_are, turned = left_over(x, y)
    shuffled = [_residual(x, y[rng.permutation(n)]) for _ in range(PERMUTATIONS)]
    least = -highest_by_chance([-one for one in shuffled])  # of rows that do not correspond
    if turned >= least:
        said = (
            f"The rows of before and now have nothing in common: the best rotation leaves {turned:.0%} of the "
            f"squares, and {np.mean(shuffled):.0%} where rows are paired at random; do not compare the two, and see "
            "that names are matched."
        )
        return Check(NAME, TITLE, True, said, turned, (least, 1.0))
    beside = (
        f"the vectors differ from those of before by {as_they_are:.1%} of the squares as they stand and by "
        f"{turned:.1%} after the best rotation ({np.mean(shuffled):.0%} where rows are paired at random)"
    )
    if _is_rotated(as_they_are, turned, angles, n * f - angles - 1):
        said = (
            f"The basis drifted: {beside}; rotate one onto the other (Procrustes) before you compare dot products "
            "across the two. Neighbours within each are not concerned."
        )
        return Check(NAME, TITLE, True, said, turned, (least, 1.0))
    return Check(NAME, TITLE, False, f"The basis stayed: {beside}.", turned, (least, 1.0))


def _is_rotated(as_they_are: float, turned: float, angles: int, rest: int) -> bool:
    """Whether a rotation takes away more of the squares than one fitted to random changes does, and much of them."""
    gained = as_they_are - turned
    if as_they_are < SMALL or gained < PART * as_they_are:
        return False
    limit = float(scipy.stats.f.isf(LEVEL, angles, rest))
    return gained / angles > limit * turned / rest


def left_over(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Return the share of the squares of x (n, f) that y (n, f) leaves, scaled alone, and scaled and turned; both of norm 1.

    >>> rows = np.array([[0.6, 0.0], [0.0, 0.8]])
    >>> [abs(round(share, 12)) for share in left_over(rows, rows[:, ::-1])]
    [1.0, 0.0]
    """
    return max(1 - float((x * y).sum()) ** 2, 0.0), _residual(x, y)


def _residual(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """The share of the squares of x that the best rotation and scaling of y leaves, both of norm 1."""
    return max(1 - float(np.linalg.svd(y.T @ x, compute_uv=False).sum()) ** 2, 0.0)
