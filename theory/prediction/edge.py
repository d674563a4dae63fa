"""The spectral density of the noise W = A - P, row by row: the quadratic vector equation of its variance profile.

With v_ij = Var A_ij, the resolvent of W has the diagonal g_i(z) = 1 / (z - sum_j v_ij g_j(z)) (Ajanki, Erdos and
Krueger 2017). The sum depends on K (Poisson) or 2K (Bernoulli) block sums h: Newton in those, O(nK) a step, instead of
iterating vectors of length n, which stalls near the edge (docs/theory.md, section 5.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel, Law
from theory.kernels.resolvent_sums import NONZERO, POSITIVE, UPPER
from theory.prediction.variances import FloatArray, VarianceProfile, variance_profile

STEPS, STEPS_NEAR = 60, 20  # of Newton's method from h = 0 (27 were needed at most), and from nearby (6)
BEYOND = 1e-7  # how far outside the edge, relatively, the resolvent is looked at
GAP_POINTS = 50  # where a gap below the edge is looked for


@dataclass(frozen=True, eq=False)
class Resolvent:
    """The block sums `h` (qK,) of theta^p g at a real z; `stable`: outside the spectrum of W, where rho(g^2 V) < 1."""

    z: float
    h: FloatArray
    stable: bool


def resolvent_diagonal(profile: VarianceProfile, found: Resolvent, rows: slice = slice(None)) -> NDArray[Any]:
    """Return g (n,) at the nodes of `profile`, which may be finer than the one that was solved."""
    return np.asarray(1.0 / (found.z - profile.spread(found.h, rows)))


def solve(profile: VarianceProfile, z: float, start: FloatArray | None = None) -> Resolvent:
    """Solve g = 1 / (z - V g) at real z by Newton's method from h = 0, or from the solution at a nearby z.

    From h = 0 the solution right of the whole spectrum is found or none. A real solution with rho(g^2 V) < 1 continues to
    the upper half plane with Im g < 0 there, where the solution is unique: wherever it is found it is the physical one.
    For Poisson edges the block sums are increasing and convex in h, so that from h = 0 the steps only rise while there is a
    solution above; one that falls says that there is none.
    """
    h = np.zeros(profile.n_unknowns) if start is None else start.copy()
    identity = np.eye(len(h))
    rising = start is None and bool((profile.couplings >= 0).all())
    for _ in range(STEPS if start is None else STEPS_NEAR):
        found = profile.newton(h, z, POSITIVE if start is None else NONZERO)
        if found is None:
            break
        sums, jacobian = found
        if not (np.isfinite(jacobian).all() and np.isfinite(sums).all()):
            break
        try:
            step = np.linalg.solve(identity - jacobian, sums - h)
        except np.linalg.LinAlgError:  # exactly singular: the edge itself
            break
        h = h + step
        if not np.isfinite(h).all() or (rising and step.min() < -1e-6 * np.abs(h).max()):
            break
        if np.abs(step).max() <= 1e-10 * max(np.abs(h).max(), 1e-300):
            radius = float(np.abs(np.linalg.eigvals(jacobian)).max())
            return Resolvent(z, h, radius < 1.0)
    return Resolvent(z, np.full(len(h), np.nan), False)


def solve_near(profile: VarianceProfile, z: float, known: Sequence[Resolvent]) -> Resolvent:
    """Solve at a z in the interval that the resolvents `known` span, from the nearest, else by small steps from it."""
    nearest = sorted(known, key=lambda one: abs(one.z - z))
    for one in nearest:
        if (found := solve(profile, z, one.h)).stable:
            return found
    at = nearest[0]
    for x in np.linspace(at.z, z, 17)[1:]:
        at = solve(profile, float(x), at.h)
    return at


def solve_complex(profile: VarianceProfile, z: complex, start: NDArray[Any] | None = None) -> NDArray[Any]:
    """Return the block sums h (qK,) of theta^p g at z in the upper half plane, where the solution is unique.

    Averaged iteration, which keeps Im g < 0 and so cannot leave the branch, from `start` or 0.
    """
    h = np.zeros(profile.n_unknowns, complex) if start is None else start.astype(complex)
    identity = np.eye(len(h))
    found = profile.newton(h, z, UPPER)
    for step in range(4000):
        if found is None:
            break
        sums, jacobian = found
        update = sums - h
        if np.abs(update).max() <= 1e-10 * max(np.abs(h).max(), 1e-300):
            return h
        if step >= 3:  # near enough for Newton, which is kept only if it stays in the lower half plane
            there = h + np.linalg.solve(identity - jacobian, update)
            if (beyond := profile.newton(there, z, UPPER)) is not None:
                h, found = there, beyond
                continue
        h = h + 0.5 * update
        found = profile.newton(h, z, UPPER)
    raise ArithmeticError(f"the vector equation has not settled at z = {z}")


def spectral_edge(
    model: BlockModel, law: Law = "bernoulli", *, profile: VarianceProfile | None = None
) -> float:
    """Return the right edge of the spectrum of W: the smallest z above which g solves the equation stably.

    By bisection to a relative width of 1e-9 between a lower bound, sqrt of the mean row variance, and 2 sqrt(max).

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(1000, 2, mean_degree=25, rng=np.random.default_rng(0))
    >>> round(spectral_edge(model, "poisson"), 2)  # 2 sqrt(25), up to the diagonal
    10.01
    """
    profile = variance_profile(model, law).condensed() if profile is None else profile
    rows = profile.spread(profile.sums(np.ones(len(profile.counts))))
    low = float(np.sqrt(np.average(rows, weights=profile.counts)))
    high = 2.0 * float(np.sqrt(rows.max())) * (1 + 1e-9)
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if solve(profile, middle).stable:
            high = middle
        else:
            low = middle
    return high


def gaps(profile: VarianceProfile, edge: float) -> list[tuple[Resolvent, ...]]:
    """Return the intervals of (0, edge) outside the spectrum of W, as resolvents from end to end, by increasing z.

    A hub that detaches from the bulk has a band of its own, and below it lies a gap in which communities still show.
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


def noise_levels(profile: VarianceProfile, edge: float, count: int) -> FloatArray:
    """Return the expected magnitudes (count,) of the largest noise eigenvalues: quantiles of the density of |x|.

    The density is -sum_i Im g_i(x + i 0) / (n pi), taken at 1e-3 of the edge above the real line.
    """
    grid = np.linspace(0.0, edge, 120)
    density = np.empty(len(grid))
    h = None
    for k, x in enumerate(grid[::-1]):
        h = solve_complex(profile, complex(x, 1e-3 * edge), h)
        g = 1.0 / (complex(x, 1e-3 * edge) - profile.spread(h))
        density[len(grid) - 1 - k] = max(-float(g.imag @ profile.counts), 0.0)
    mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    share = 1 - (np.arange(count) + 0.5) / profile.counts.sum()
    return np.asarray(np.interp(share, mass / mass[-1], grid))
