"""What is the resolvent of the noise, node by node? Solved as a quadratic vector equation.

With v_ij = Var A_ij, the resolvent (z - W)^-1 of the noise W = A - P has the diagonal g_i(z) = 1 / (z - sum_j v_ij g_j(z)) in
the limit of large graphs (Ajanki, Erdos and Krueger 2017). The sum depends on K (Poisson) or 2K (Bernoulli) block sums h of
theta^p g. Newton's method in these costs O(nK) a step; iterating the n numbers g themselves stalls near the edge of the
spectrum (docs/theory.md, section 5.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.kernels.resolvent_newton import NONE, STABLE, averaged_then_newton, newton
from theory.prediction.variances import FloatArray, VarianceProfile

STEPS, STEPS_NEAR = 60, 20  # of Newton's method from h = 0 (27 were needed at most), and from nearby (6)
STEPS_COMPLEX = 4000  # of averaged iteration and Newton's method together


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
    the upper half plane with Im g < 0 there, where the solution is unique: wherever it is found, it is that of the noise.
    """
    if start is None:
        return solve_right(profile, z)
    return _solve(profile, z, start, positive=False, rising=False, steps=STEPS_NEAR)


def solve_right(profile: VarianceProfile, z: float, farther: Resolvent | None = None) -> Resolvent:
    """Return the solution right of the whole spectrum, or none; `farther` is the one at a larger z, if it is known.

    For Poisson edges the block sums are increasing and convex in h, so that from h = 0, and from the solution at a larger z,
    the steps only rise while there is a solution above; one that falls says that there is none. For Bernoulli edges the
    search always begins at h = 0.
    """
    convex = bool((profile.couplings >= 0).all())
    start = farther.h if farther is not None and convex else np.zeros(len(profile.couplings))
    return _solve(profile, z, start, positive=True, rising=convex, steps=STEPS)


def _solve(
    profile: VarianceProfile, z: float, start: FloatArray, *, positive: bool, rising: bool, steps: int
) -> Resolvent:
    theta, counts, starts = profile.by_block
    h = start.reshape(-1, profile.n_blocks).copy()
    found = newton(theta, counts, starts, profile.couplings, z, h, positive, rising, steps)
    return Resolvent(z, np.full(h.size, np.nan) if found == NONE else h.ravel(), found == STABLE)


def solve_near(profile: VarianceProfile, z: float, known: Sequence[Resolvent]) -> Resolvent:
    """Solve at a z in the interval that the resolvents `known` span, from the nearest, else by small steps from it.

    Raises
    ------
    ArithmeticError
        if there is no solution to be found, although z is said to lie outside the spectrum: `known` are rounding.
    """
    nearest = sorted(known, key=lambda one: abs(one.z - z))
    for one in nearest:
        if (found := solve(profile, z, one.h)).stable:
            return found
    at = nearest[0]
    for x in np.linspace(at.z, z, 17)[1:]:
        at = solve(profile, float(x), at.h)
    if not np.isfinite(at.h).all():
        raise ArithmeticError(f"the vector equation of the noise has no solution at z = {z}")
    return at


def solve_complex(profile: VarianceProfile, z: complex, start: NDArray[Any] | None = None) -> NDArray[Any]:
    """Return the block sums h (qK,) of theta^p g at z in the upper half plane, where the solution is unique.

    Averaged iteration from `start` or 0, which keeps Im g < 0 and so cannot leave the branch; then Newton's method.

    Raises
    ------
    ArithmeticError
        if it has not converged after 4000 steps.
    """
    h = np.zeros(len(profile.couplings), complex) if start is None else start.astype(complex)
    h = h.reshape(-1, profile.n_blocks)
    theta, counts, starts = profile.by_block
    if not averaged_then_newton(theta, counts, starts, profile.couplings, complex(z), h, STEPS_COMPLEX):
        raise ArithmeticError(
            f"the vector equation of the noise did not converge at z = {z} within {STEPS_COMPLEX} steps"
        )
    return h.ravel()
