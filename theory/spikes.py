"""Spk: the least number of peaks, in order of decreasing norm, whose cones hold more than a share of the vectors.

The authors' rule in float64: v = vectors, norm = sqrt((v * v).sum(1)), stable order of decreasing norm (ties by row
index), u = v / norm; a row joins a peak's spike when (u_i * u_j).sum() > cosine; stop once covered > coverage * n, n the
rows of non-zero norm (coverage = 1: once all are covered). Whatever a fast product leaves possible is decided by that
formula.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_finite, require_number

TILE = 32  # candidates multiplied at once; a larger tile wastes products on rows it covers itself


@dataclass(frozen=True, eq=False)
class Spikes:
    """The spikes of a matrix of n rows.

    `peaks` (p,), row indices in the order in which they were taken; `covered` (p,), rows covered after each, itself
    included; `membership` (n,), the number of the spike that a row joined, -1 for uncovered rows and rows of zero norm;
    `n_zero`, how many of those there are.
    """

    peaks: NDArray[np.int64]
    covered: NDArray[np.int64]
    membership: NDArray[np.int64]
    n_zero: int

    @property
    def n_peaks(self) -> int:
        """The number of peaks."""
        return int(self.peaks.size)

    @property
    def value(self) -> float:
        """Peaks over non-zero rows."""
        return self.n_peaks / (self.membership.size - self.n_zero)


def spikiness(vectors: ArrayLike, *, cosine: float = 0.9, coverage: float = 0.5) -> Spikes:
    """Return the spikes of `vectors`: peaks in order of decreasing norm until their cones hold enough rows.

    Parameters
    ----------
    vectors : (n, f) rows, finite; those of norm exactly 0 have no direction and are left out of n.
    cosine : c in (0, 1); a row joins the spike of a peak when their cosine is above c.
    coverage : rho in (0, 1]; the search stops once more than rho n rows are covered, or all of them.

    Returns
    -------
    Spikes, with Spk = `value` = peaks over non-zero rows. Peaks, order and stopping point are those of a double loop in
    float64 on every input: products in float32 only propose, the formula of this module decides. Time is of order
    f x (rows not yet covered) a peak; memory a few copies of the vectors.

    Raises
    ------
    ValueError
        for a cosine or coverage out of range, anything but a matrix with rows and columns, NaN or infinity, or no row of
        non-zero norm.

    References
    ----------
    Afchar, Hennequin, Guigue, "Of Spiky SVDs and Music Recommendation", RecSys 2023 (arXiv 2307.01212), and its code.

    Examples
    --------
    >>> found = spikiness([[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.0, 0.0]], coverage=1.0)
    >>> found.peaks.tolist(), found.covered.tolist(), found.membership.tolist(), found.n_zero
    ([0, 1], [2, 3], [0, 1, 0, -1], 1)
    """
    require_number(cosine, "cosine", above=0, below=1)
    require_number(coverage, "coverage", above=0, most=1)
    v = np.ascontiguousarray(vectors, dtype=np.float64)
    if v.ndim != 2 or not v.size:
        raise ValueError(
            f"vectors must be a matrix with at least one row and one column; got shape {v.shape}"
        )
    require_finite(v, "vectors")
    norm = np.sqrt((v * v).sum(1))
    order = np.argsort(-norm, kind="stable")
    n = int((norm > 0).sum())
    if n == 0:
        raise ValueError("vectors must hold a row of non-zero norm; all norms are 0")
    order = order[:n]
    u = np.ascontiguousarray(v[order] / norm[order][:, None])
    membership = np.full(n, -1, dtype=np.int64)
    peaks: list[int] = []
    covered: list[int] = []
    total, free = 0, np.arange(n)
    rough = u.astype(np.float32)  # the rows not yet covered, compacted after each tile
    margin = (u.shape[1] + 8) * 2.0**-23  # above the rounding of a float32 product of unit vectors
    while free.size:
        tile = free[:TILE]
        products = rough[:TILE] @ rough.T
        for first, product in zip(tile, products, strict=True):
            if membership[first] >= 0:
                continue
            near = free[(product > cosine - margin) | (free == first)]  # a peak covers itself
            near = near[membership[near] < 0]
            joins = near[((u[near] * u[first]).sum(1) > cosine) | (near == first)]
            membership[joins] = len(peaks)
            membership[first] = len(peaks)
            peaks.append(int(first))
            total = int(total + joins.size)
            covered.append(total)
            if total > float(coverage * n) or total == n:
                full = np.full(len(v), -1, dtype=np.int64)
                full[order] = membership
                return Spikes(order[peaks], np.array(covered), full, len(v) - n)
        keep = membership[free] < 0
        free, rough = free[keep], rough[keep]
    raise AssertionError("every row covers itself, so the loop ends inside")
