"""How many coordinates decide most pairs? The head m of `theory.analysis.cones`, chosen on a sample of the pairs.

On principal axes the first m coordinates hold as much of the rows as m coordinates can. A head of m costs about a + b m per
pair, and d + e (f - m) for each pair that its bound does not decide; the share of these is counted on a sample for
several m. The constants are nanoseconds of one core and decide only what is fast, never a result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from theory.analysis.cones import Directions

HEADS = (8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 256)
PER_PAIR, PER_COORDINATE = 0.45, 0.0205  # nanoseconds: passing over the products, and making them
PER_LEFT, PER_LEFT_COORDINATE = 90.0, 0.4  # of a pair that needs its other coordinates
SAMPLE, CANDIDATES = 4096, 64
LEAST_GAIN = 0.15  # of the time
TURNING = 6.0  # products with f peaks that turning all rows to other axes costs


def shorten(
    directions: Directions, rows: NDArray[np.int64], candidates: NDArray[np.int64], cosine: float
) -> float:
    """Set `head` and `axes` of the directions where that saves time; return the share of the time saved, 0 for none.

    `rows` and `candidates` are ranks, of rows still open and of peaks to come; a sample of each is looked at. Rows made before
    must be made again when the result is not 0.
    """
    f = directions.given.shape[1]
    u = directions.exact(rows[_spread(rows.size, SAMPLE)])
    v = directions.exact(candidates[_spread(candidates.size, CANDIDATES)])
    _, axes = np.linalg.eigh(u[::2].T @ u[::2])
    axes = np.ascontiguousarray(axes[:, ::-1])
    u, v = (
        u[len(u) > 1 :: 2] @ axes,
        v @ axes,
    )  # axes fit best the rows from which they come: those would promise too much
    reach = cosine - 2 * directions.margin
    best, head, begun = PER_PAIR + PER_COORDINATE * f, 0, 0
    whole = best
    products = np.zeros((len(u), len(v)))
    for m in (m for m in HEADS if m < f):
        products += u[:, begun:m] @ v[:, begun:m].T
        begun = m
        rest = np.sqrt((u[:, m:] ** 2).sum(1))[:, None] * np.sqrt((v[:, m:] ** 2).sum(1))
        left = float((products + rest >= reach).mean())
        cost = PER_PAIR + PER_COORDINATE * m + left * (PER_LEFT + PER_LEFT_COORDINATE * (f - m))
        if cost < best:
            best, head = cost, m
    gain = 1 - best / whole
    if gain < LEAST_GAIN:
        return 0.0
    directions.head, directions.axes = head, axes
    return gain


def _spread(n: int, size: int) -> NDArray[np.int64]:
    """At most `size` places from 0 to n - 1, evenly spread."""
    return np.unique(np.linspace(0, n - 1, min(n, size)).astype(np.int64))
