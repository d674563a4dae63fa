"""Where does the spectrum of the noise end, and where are there gaps in it? By a stable resolvent.

A real z lies outside the spectrum of the noise W = A - P exactly where the vector equation of `theory.prediction.resolvent`
has a stable solution there, rho(g^2 V) < 1. The edge is found by bisection, gaps by walking down from it
(docs/theory.md, sections 5.1 and 6.5). For constant variance d/n the edge is 2 sqrt(d).
"""

from __future__ import annotations

import numpy as np

from theory.prediction.resolvent import Resolvent, solve, solve_complex, solve_right
from theory.prediction.variances import VarianceProfile

BEYOND = 1e-7  # how far outside the edge, relatively, the resolvent is looked at
GAP_POINTS = 50  # where a gap below the edge is looked for


def edge_of(profile: VarianceProfile) -> float:
    """Return the right edge of the spectrum of W: the smallest z above which g solves the equation stably.

    By bisection to a relative width of 1e-9 between a lower bound, sqrt of the mean row variance, and 2 sqrt(max). The largest
    noise eigenvalue of samples was within 4 % of it from mean degree 30 and for bounded theta, within 10 % at mean degree 15
    or for heavy tails (docs/theory.md, section 10).

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(1000, 2, mean_degree=25, rng=np.random.default_rng(0))
    >>> round(PredictedSample(model, "poisson").edge, 2)  # 2 sqrt(25), up to the diagonal
    10.01
    """
    rows = profile.spread(profile.sums(np.ones(len(profile.counts))))
    low = float(np.sqrt(np.average(rows, weights=profile.counts)))
    high = 2.0 * float(np.sqrt(rows.max())) * (1 + 1e-9)
    outside = None
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if (found := solve_right(profile, middle, outside)).stable:
            high, outside = middle, found
        else:
            low = middle
    return high


def gaps(profile: VarianceProfile, edge: float) -> list[tuple[Resolvent, ...]]:
    """Return the intervals of (0, edge) outside the spectrum of W, as resolvents from end to end, by increasing z.

    A hub, a node of very large degree, may detach: it adds a pair of eigenvalues beyond the bulk of the others. Between the bulk
    and the hub's eigenvalue lies a gap, in which communities still show (docs/theory.md, section 6.5).
    """
    found: list[tuple[Resolvent, ...]] = []
    inside: list[Resolvent] = []
    h = None
    for x in [*np.linspace(edge, 0.1 * edge, GAP_POINTS)[1:-1], 0.0]:
        at = Resolvent(x, np.zeros(0), False)
        if x:
            h = solve_complex(profile, complex(x, 5e-3 * edge), h)
            at = solve(profile, float(x), h.real)
        if at.stable:
            inside.append(at)
        elif inside:
            spacing = edge * 0.9 / (GAP_POINTS - 1)
            right, left = _reach(profile, inside[0], spacing), _reach(profile, inside[-1], -spacing)
            found.append((left, *inside[::-1], right))
            inside = []
    return found


def _reach(profile: VarianceProfile, start: Resolvent, step: float) -> Resolvent:
    """Walk from `start` as far as the solution stays stable and z above 0, to a thousandth of `step`."""
    at = start
    for _ in range(40):
        if abs(step) < 1e-3 * abs(start.z) * 1e-2:
            break
        beyond = solve(profile, at.z + step, at.h) if at.z + step > 0 else None
        if beyond is not None and beyond.stable:
            at = beyond
        else:
            step /= 2
    return at
