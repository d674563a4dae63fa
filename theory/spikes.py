"""Spk: the least number of peaks, in order of decreasing norm, whose cones hold more than a share of the vectors.

The authors' rule in float64: v = vectors, norm = sqrt((v * v).sum(1)), stable order of decreasing norm (ties by row
index), u = v / norm; a row joins a peak's spike when (u_i * u_j).sum() > cosine; stop once covered > coverage * n, n the
rows of non-zero norm (coverage = 1: once all are covered). Near-ties of the fast product are decided by that formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_finite, require_number

MARGIN = 1e-9  # far above the rounding of a product of unit vectors; cosines this near are computed by the rule


@dataclass(frozen=True, eq=False)
class Spikes:
    """`peaks`: row indices in order; `covered`: cumulative count after each; `membership` (n,): spike or -1."""

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
    """Return the spikes of `vectors` (n, f)."""
    require_number(cosine, "cosine", above=0, below=1)
    require_number(coverage, "coverage", above=0, most=1)
    v = np.ascontiguousarray(vectors, dtype=np.float64)
    if v.ndim != 2 or not v.size:
        raise ValueError(f"vectors must be a matrix with at least one row and one column; got shape {v.shape}")
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
    while free.size:
        tile = _tile(u, free, cosine)
        for row in tile:
            first = int(row)
            if membership[first] >= 0:
                continue
            alive = free[membership[free] < 0]
            product = u[alive] @ u[first]
            joins = product > cosine
            near = np.flatnonzero(np.abs(product - cosine) < MARGIN)
            joins[near] = (u[alive[near]] * u[first]).sum(1) > cosine
            joins[alive == first] = True
            membership[alive[joins]] = len(peaks)
            peaks.append(first)
            total += int(joins.sum())
            covered.append(total)
            if total > float(coverage * n) or total == n:
                full = np.full(len(v), -1, dtype=np.int64)
                full[order] = membership
                return Spikes(order[peaks], np.array(covered), full, len(v) - n)
        free = free[membership[free] < 0]
    raise AssertionError("every row covers itself, so the loop ends inside")


def _tile(u: NDArray[Any], free: NDArray[Any], cosine: float) -> NDArray[Any]:
    return free[:64]
