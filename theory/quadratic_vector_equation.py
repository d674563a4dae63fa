"""The spectral density of the noise W = A - P, row by row: the quadratic vector equation of its variance profile.

With v_ij = Var A_ij, the resolvent of W has the diagonal g_i(z) = 1 / (z - sum_j v_ij g_j(z)) (Ajanki, Erdos and
Krueger 2017). For Poisson edges v_ij = theta_i theta_j B_kl and for Bernoulli edges v_ij = P_ij - P_ij^2, so that the sum
depends on K (or 2K) unknowns h_k = sum of theta g and h2_k = sum of theta^2 g over block k: Newton in those, O(nK) a step,
instead of iterating vectors of length n, which stalls near the edge (docs/theory.md, section 5.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel
from simulate.validation import require_choice

Law = Literal["bernoulli", "poisson"]
LAWS = ("bernoulli", "poisson")
FloatArray = NDArray[np.float64]
STEPS = 60


@dataclass(frozen=True, eq=False)
class VarianceProfile:
    """v_ij = sum_p s_p theta_i^p B_kl^p theta_j^p, p = 1 (Poisson) or p = 1, 2 with signs +, - (Bernoulli).

    `apply(x)` is V x for x (n,) or (n, m), in O(n K m) and without an n x n object.
    """

    powers: FloatArray  # (n, q): theta^p
    couplings: FloatArray  # (qK, qK): block-diagonal s_p B^p
    labels: NDArray[np.int64]
    n_blocks: int

    def sums(self, x: FloatArray) -> FloatArray:
        """Return the sums over blocks of theta^p x, (qK,) or (qK, m), p-major."""
        parts = []
        for p in range(self.powers.shape[1]):
            weighted = self.powers[:, p] * x.T if x.ndim > 1 else self.powers[:, p] * x
            if x.ndim == 1:
                parts.append(np.bincount(self.labels, weighted, minlength=self.n_blocks))
            else:
                parts.append(
                    np.stack(
                        [np.bincount(self.labels, row, minlength=self.n_blocks) for row in weighted], axis=1
                    )
                )
        return np.concatenate(parts)

    def spread(self, h: FloatArray) -> FloatArray:
        """Return sum_p theta_i^p (couplings h)_{p, block of i}, (n,) or (n, m): V x when h = sums(x)."""
        field = self.couplings @ h
        total = np.zeros(1)
        for p in range(self.powers.shape[1]):
            block = field[p * self.n_blocks : (p + 1) * self.n_blocks][self.labels]
            total = total + (self.powers[:, p, None] * block if h.ndim > 1 else self.powers[:, p] * block)
        return np.asarray(total)

    def apply(self, x: FloatArray) -> FloatArray:
        """Return V x."""
        return self.spread(self.sums(x))

    def jacobian(self, weights: FloatArray) -> FloatArray:
        """Return J (qK, qK) with sums(weights * spread(h)) = J h, for weights (n,)."""
        q, k_max = self.powers.shape[1], self.n_blocks
        moments = np.zeros((q * k_max, q * k_max))
        for a in range(q):
            for b in range(q):
                values = np.bincount(
                    self.labels, weights * self.powers[:, a] * self.powers[:, b], minlength=k_max
                )
                moments[a * k_max : (a + 1) * k_max, b * k_max : (b + 1) * k_max] = np.diag(values)
        return np.asarray(moments @ self.couplings)


def variance_profile(model: BlockModel, law: Law = "bernoulli") -> VarianceProfile:
    """Return the variances of the entries of A, loops included, as a sum of products.

    Raises
    ------
    ValueError
        for an unknown law, or Bernoulli edges with P > 1: clipping destroys the product form.

    Examples
    --------
    >>> model = BlockModel([1.0, 2.0], [0, 0], [[0.1]])
    >>> variance_profile(model).apply(np.ones(2)).round(3).tolist()
    [0.25, 0.4]
    """
    require_choice(law, "law", LAWS)
    theta, b = model.propensities, np.asarray(model.affinity)
    if law == "poisson":
        return VarianceProfile(theta[:, None], b, model.labels, model.n_blocks)
    if model.clipped_mass() > 0:
        raise ValueError(
            "P must be at most 1 for a prediction of Bernoulli edges; clipped models have no closed form"
        )
    zero = np.zeros_like(b)
    return VarianceProfile(
        np.stack([theta, theta**2], axis=1),
        np.block([[b, zero], [zero, -(b**2)]]),
        model.labels,
        model.n_blocks,
    )


@dataclass(frozen=True, eq=False)
class Resolvent:
    """g (n,) at a real z outside the spectrum of W; `stable`: the solution is the physical one, rho(g^2 V) < 1."""

    z: float
    g: FloatArray
    jacobian: FloatArray  # (qK, qK), of h -> sums(1 / (z - spread(h)))
    stable: bool


def solve(profile: VarianceProfile, z: float, start: FloatArray | None = None) -> Resolvent:
    """Solve g = 1 / (z - V g) at real z by Newton's method from h = 0, or from the solution at a nearby z.

    The result is `stable` where z lies outside the bulk of W; inside it Newton does not converge or leaves the branch.
    """
    q = profile.powers.shape[1] * profile.n_blocks
    h = np.zeros(q) if start is None else start.copy()
    identity = np.eye(q)
    for _ in range(STEPS):
        denominator = z - profile.spread(h)
        if not (np.all(denominator > 0) if start is None else np.all(denominator != 0)):
            return Resolvent(z, np.full(len(profile.labels), np.nan), identity, False)
        g = 1.0 / denominator
        jacobian = profile.jacobian(g**2)
        step = np.linalg.solve(identity - jacobian, profile.sums(g) - h)
        h = h + step
        if np.abs(step).max() <= 1e-12 * max(np.abs(h).max(), 1e-300):
            radius = float(np.abs(np.linalg.eigvals(jacobian)).max())
            return Resolvent(z, 1.0 / (z - profile.spread(h)), jacobian, radius < 1.0)
    return Resolvent(z, np.full(len(profile.labels), np.nan), identity, False)


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
    profile = variance_profile(model, law) if profile is None else profile
    rows = profile.apply(np.ones(model.n_nodes))
    low, high = float(np.sqrt(rows.mean())), 2.0 * float(np.sqrt(rows.max())) * (1 + 1e-9)
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if solve(profile, middle).stable:
            high = middle
        else:
            low = middle
    return high
