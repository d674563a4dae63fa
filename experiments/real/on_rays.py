"""How much of the products of some vectors does a block model on their spikes reproduce? Vectors alone have no twin.

The converse of Theorem 3.4 (`theory.certify`) puts each row x_i on the axis d of its spike, y_i = theta_i d, theta_i = x_i . d.
Then y_i . y_j = theta_i theta_j B_kl with B = D D', a degree-corrected block model, and its distance from the products is

    ||X X' - Y Y'||_F <= (||X|| + ||Y||) ||X - Y||_F,

the certificate's bound. The share that it reproduces is computed exactly, since all three terms are of f x f matrices:

    1 - ||X X' - Y Y'||_F^2 / ||X X'||_F^2,   ||X X' - Y Y'||_F^2 = ||X'X||^2 - 2 ||X'Y||^2 + ||Y'Y||^2.

It is 1 for vectors that lie on rays. A few axes hold much of any products whose spectrum falls fast or whose mean is large, so it
stands beside that of draws of the null, which have the same norms, mean and spectrum, with their own spikes found alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

import theory
from simulate.random_directions import RowMoments, rows_of_moments
from theory.analysis.angles_to_axes import axes_of_blocks
from theory.analysis.inputs import of_unit_scale

ROWS = 20_000  # that are looked at, drawn at random
DRAWS, FEW = 20, 5  # of the null, and of large vectors
LARGE = 1_000_000  # numbers of large vectors
LEVEL = 0.95  # of the interval in which the share of a further draw lies


def share_on_rays(vectors: NDArray[np.float64], partition: theory.SpikePartition) -> float:
    """Return the share of the products of rows (n, f) that a block model on their spikes reproduces, at most 1.

    Where no spike has ten rows all rows are one block, on one axis. Time is O(n f^2).

    Examples
    --------
    >>> rows = np.kron(np.eye(2), np.ones((12, 1))) * np.arange(1.0, 25.0)[:, None]
    >>> round(share_on_rays(rows, theory.partition_by_spikes(rows)), 12)
    1.0
    >>> tilted = rows + 0.3 * rows[::-1] * np.tile([1, -1], 12)[:, None]
    >>> 0.8 < share_on_rays(tilted, theory.partition_by_spikes(tilted)) < 1.0
    True
    """
    live = partition.labels >= 0
    x, labels = of_unit_scale(vectors[live]), partition.labels[live]  # fourth powers must not overflow
    axes = axes_of_blocks(x, labels)[labels]
    y = np.einsum("if,if->i", x, axes)[:, None] * axes
    xx, xy, yy = (float(np.linalg.norm(a.T @ b)) ** 2 for a, b in ((x, x), (x, y), (y, y)))
    return min(1.0, 1 - (xx - 2 * xy + yy) / xx)


def on_rays(vectors: NDArray[np.float64], rng: np.random.Generator) -> dict[str, Any]:
    """Return `value`, the share of `share_on_rays`, and `chance` [low, high], where that of a draw of the null lies.

    At most 20,000 rows are looked at. The interval is the prediction interval of Student: a further draw lies in it with
    a probability of 95 %, and holds every draw besides, since shares in few dimensions are not normal. Of 20 draws, or 5 of
    vectors of more than a million numbers; cut to at most 1.
    """
    if len(vectors) > ROWS:
        vectors = vectors[np.sort(rng.choice(len(vectors), ROWS, replace=False))]
    partition = theory.partition_by_spikes(vectors)
    moments = RowMoments.of(vectors)
    shares = []
    for _ in range(FEW if vectors.size > LARGE else DRAWS):
        drawn = rows_of_moments(moments, rng)
        shares.append(share_on_rays(drawn, theory.partition_by_spikes(drawn)))
    n, mean = len(shares), float(np.mean(shares))
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, n - 1) * np.std(shares, ddof=1) * np.sqrt(1 + 1 / n))
    chance = [min(mean - half, *shares), min(1.0, max(mean + half, *shares))]
    return {"value": share_on_rays(vectors, partition), "chance": chance}
