"""What is the least number of cones that hold more than a share of the rows? The optimum that Spk's greedy rule approximates.

With N(i) = {j : cos(i, j) > c} and i itself, a partial cover chooses peaks y so that more than rho n rows z are in a
chosen cone: minimise sum y subject to sum of y over N(i) >= z_i and sum z >= floor(rho n) + 1 (all rows if rho = 1),
y and z binary: docs/theory.md, section 8.4. Exact for hundreds of rows, by HiGHS through `scipy.optimize.milp`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, sparse

from simulate.validation import require_number
from theory.analysis.inputs import as_rows

LARGEST = 5000  # rows: the cones are held as a dense matrix


@dataclass(frozen=True, eq=False)
class Cover:
    """Peaks whose cones hold enough rows: `peaks` (p,), and `optimal`, whether fewer were proved to be impossible.

    No cover has fewer peaks than `bound`, as far as it was proved.
    """

    peaks: NDArray[np.int64]
    optimal: bool
    bound: int

    @property
    def n_peaks(self) -> int:
        """The number of peaks."""
        return int(self.peaks.size)


def optimal_cover(
    vectors: ArrayLike, *, cosine: float = 0.9, coverage: float = 0.5, seconds: float = 60.0
) -> Cover:
    """Return a partial cover with as few cones as possible, by integer programming.

    Parameters
    ----------
    vectors : (n, f), n at most 5,000, since the cones are held as an n x n matrix.
    cosine, coverage : as in `spikiness`, so that Spk's peaks are a cover to compare with.
    seconds : when to stop; n = 200 takes about one. The best cover found by then comes with a bound.

    Raises
    ------
    ValueError
        for more than 5,000 rows, or what `spikiness` refuses.
    RuntimeError
        if no cover was found in `seconds`.

    Examples
    --------
    >>> optimal_cover([[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.1, 1.0]]).n_peaks
    2
    """
    require_number(seconds, "seconds", above=0)
    cones, rows = _cones(vectors, cosine)
    need = _need(coverage, len(rows))
    n = len(rows)
    inside = sparse.hstack([sparse.csr_array(cones.astype(float)), -sparse.eye_array(n)], format="csr")
    enough = np.concatenate([np.zeros(n), np.ones(n)])
    solution = optimize.milp(
        np.concatenate([np.ones(n), np.zeros(n)]),
        constraints=[
            optimize.LinearConstraint(inside, lb=0),
            optimize.LinearConstraint(enough[None, :], lb=need),
        ],
        integrality=np.concatenate([np.ones(n), np.zeros(n)]),  # with binary y, a real z gains nothing
        bounds=optimize.Bounds(0, 1),
        options={"time_limit": float(seconds)},
    )
    if solution.x is None:
        raise RuntimeError(f"no cover of {n} rows was found in {seconds:g} s; got: {solution.message}")
    peaks = rows[np.flatnonzero(solution.x[:n] > 0.5)]
    bound = math.ceil(float(solution.mip_dual_bound) - 1e-6)
    return Cover(peaks, bool(bound >= peaks.size), bound)


def max_coverage_greedy(vectors: ArrayLike, *, cosine: float = 0.9, coverage: float = 0.5) -> Cover:
    """Return the cover of the greedy rule that takes the cone with most uncovered rows next; ties by row index.

    Its length is at most H(need) times the optimum, H the harmonic numbers (Slavik 1997); Spk's order by norm has no
    such guarantee (docs/theory.md, section 8.2).

    Examples
    --------
    >>> max_coverage_greedy([[9.0, 0.0], [0.0, 2.0], [0.0, 1.0], [0.0, 3.0]]).peaks.tolist()
    [1]
    """
    cones, rows = _cones(vectors, cosine)
    need = _need(coverage, len(rows))
    free, peaks = np.ones(len(rows), dtype=bool), []
    while len(rows) - free.sum() < need:
        peaks.append(int(np.argmax(cones @ free.astype(np.int64))))
        free &= ~cones[peaks[-1]]
    return Cover(rows[peaks], len(peaks) == 1, 1)


def _cones(vectors: ArrayLike, cosine: float) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    require_number(cosine, "cosine", above=0, below=1)
    v = as_rows(vectors).astype(np.float64)
    norms = np.sqrt((v * v).sum(1))
    rows = np.flatnonzero(norms > 0)
    if not rows.size:
        raise ValueError("vectors must hold a row of non-zero norm; all norms are 0")
    if rows.size > LARGEST:
        raise ValueError(f"vectors must have at most {LARGEST} rows for an exact cover; got {rows.size}")
    u = np.ascontiguousarray(v[rows] / norms[rows][:, None])
    products = u @ u.T
    cones = products > cosine
    for i, j in np.argwhere(np.abs(products - cosine) < 1e-12):  # the formula of Spk decides near-ties
        cones[i, j] = (u[i] * u[j]).sum() > cosine
    np.fill_diagonal(cones, True)
    return cones, rows


def _need(coverage: float, n: int) -> int:
    require_number(coverage, "coverage", above=0, most=1)
    return min(math.floor(float(coverage * n)) + 1, n)
