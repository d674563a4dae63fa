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

from theory.kernels.resolvent_sums import NONZERO, POSITIVE, UPPER, resolvent_sums
from theory.prediction.variances import FloatArray, VarianceProfile

STEPS, STEPS_NEAR = 60, 20  # of Newton's method from h = 0 (27 were needed at most), and from nearby (6)


@dataclass(frozen=True, eq=False)
class Resolvent:
    """The block sums `h` (qK,) of theta^p g at a real z; `stable`: outside the spectrum of W, where rho(g^2 V) < 1."""

    z: float
    h: FloatArray
    stable: bool


def resolvent_diagonal(profile: VarianceProfile, found: Resolvent, rows: slice = slice(None)) -> NDArray[Any]:
    """Return g (n,) at the nodes of `profile`, which may be finer than the one that was solved."""
    return np.asarray(1.0 / (found.z - profile.spread(found.h, rows)))


def newton_terms(
    profile: VarianceProfile, h: NDArray[Any], z: complex, side: int
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Return the block sums (qK,) of theta^p g at g = 1 / (z - spread(h)), and their Jacobian in h (qK, qK).

    `side` is one of `theory.kernels.resolvent_sums`: None where z - spread(h) is not on it at some node.
    """
    q, k = profile.powers.shape[1], profile.n_blocks
    field = (profile.couplings @ h).reshape(q, k)
    sums, squares = np.zeros((q, k), field.dtype), np.zeros((q, q, k), field.dtype)
    at = z if np.iscomplexobj(field) else z.real
    if not resolvent_sums(profile.powers, profile.labels, profile.counts, field, at, side, sums, squares):
        return None
    moments = np.zeros((q, k, q, k), field.dtype)
    block = np.arange(k)
    moments[:, block, :, block] = squares.transpose(2, 0, 1)
    return sums.ravel(), np.asarray(moments.reshape(q * k, q * k) @ profile.couplings)


def solve(profile: VarianceProfile, z: float, start: FloatArray | None = None) -> Resolvent:
    """Solve g = 1 / (z - V g) at real z by Newton's method from h = 0, or from the solution at a nearby z.

    From h = 0 the solution right of the whole spectrum is found or none. A real solution with rho(g^2 V) < 1 continues to
    the upper half plane with Im g < 0 there, where the solution is unique: wherever it is found, it is that of the noise.
    For Poisson edges the block sums are increasing and convex in h, so that from h = 0 the steps only rise while there is a
    solution above; one that falls says that there is none.
    """
    h = np.zeros(len(profile.couplings)) if start is None else start.copy()
    identity = np.eye(len(h))
    rising = start is None and bool((profile.couplings >= 0).all())
    for _ in range(STEPS if start is None else STEPS_NEAR):
        found = newton_terms(profile, h, z, POSITIVE if start is None else NONZERO)
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

    Averaged iteration from `start` or 0, which keeps Im g < 0 and so cannot leave the branch; then Newton's method.

    Raises
    ------
    ArithmeticError
        if it has not converged after 4000 steps.
    """
    h = np.zeros(len(profile.couplings), complex) if start is None else start.astype(complex)
    identity = np.eye(len(h))
    found = newton_terms(profile, h, z, UPPER)
    for step in range(4000):
        if found is None:
            break
        sums, jacobian = found
        update = sums - h
        if np.abs(update).max() <= 1e-10 * max(np.abs(h).max(), 1e-300):
            return h
        if step >= 3:  # near enough for Newton, which is kept only if it stays in the lower half plane
            there = h + np.linalg.solve(identity - jacobian, update)
            if (beyond := newton_terms(profile, there, z, UPPER)) is not None:
                h, found = there, beyond
                continue
        h = h + 0.5 * update
        found = newton_terms(profile, h, z, UPPER)
    raise ArithmeticError(f"the vector equation of the noise did not converge at z = {z} within 4000 steps")
