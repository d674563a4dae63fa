"""How far do sampled rows stray from their rays? Covariances in closed form, to first order.

The noise of row i is sum_j W_ij m_j with m_j = u_j G, G = |Lambda|^(p) Lambda^(-1) (p = 0, 1/2, 1 for U,
U|Lambda|^(1/2), U|Lambda|), so its covariance is C_i = G U' diag(v_i) U G (Rubin-Delanchy, Cape, Tang, Priebe 2022;
finite n). For a DCBM it needs sums over blocks only: C_i = theta_i S1_c - theta_i^2 S2_c, without S2 for Poisson edges
(docs/theory.md, section 4.1).

`theory.prediction.collinear_share` turns it into P(cos > c); `theory.prediction.surrogate_rows` corrects it near the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_choice, require_generator, require_integer
from theory.analysis.scalings import POWER, SCALINGS, Scaling
from theory.prediction.variances import FloatArray
from theory.theorem.rays import rays

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


@dataclass(frozen=True, eq=False)
class RowCovariance:
    """Covariances of n rows in f dimensions, C_i = theta_i S1_c - theta_i^2 S2_c with c the block of row i.

    `first` = S1 and `second` = S2 (K, f, f), `propensities` theta and `labels` c (n,). K counts the blocks of
    `PredictedSample.split_model`.
    """

    first: FloatArray
    second: FloatArray
    propensities: FloatArray
    labels: NDArray[np.int64]

    def of(self, i: int) -> FloatArray:
        """Return C_i (f, f)."""
        theta, c = self.propensities[i], self.labels[i]
        return np.asarray(theta * self.first[c] - theta**2 * self.second[c])

    def traces(self) -> FloatArray:
        """Return tr C_i (n,)."""
        one, two = np.einsum("kff->k", self.first), np.einsum("kff->k", self.second)
        return np.asarray(self.propensities * one[self.labels] - self.propensities**2 * two[self.labels])

    def along(self, directions: FloatArray) -> FloatArray:
        """Return d' C_i d (n,) for the direction (K, f) of each block."""
        one = np.einsum("kf,kfg,kg->k", directions, self.first, directions)
        two = np.einsum("kf,kfg,kg->k", directions, self.second, directions)
        return np.asarray(self.propensities * one[self.labels] - self.propensities**2 * two[self.labels])

    def draw(self, rng: np.random.Generator) -> FloatArray:
        """Draw N(0, C_i) once for each row (n, f), by one factorisation for each block: C = theta M diag(1 - theta w) M'."""
        drawn = require_generator(rng).standard_normal((len(self.propensities), self.first.shape[1]))
        for block, (first, second) in enumerate(zip(self.first, self.second)):
            mine = np.flatnonzero(self.labels == block)
            theta = self.propensities[mine, None]
            values, vectors = np.linalg.eigh(first)
            root = vectors * np.sqrt(np.maximum(values, 0.0))
            back = np.linalg.pinv(root, rcond=1e-9)
            w, turn = np.linalg.eigh(back @ second @ back.T)
            drawn[mine] = (drawn[mine] * np.sqrt(np.maximum(theta * (1 - theta * w), 0.0))) @ (root @ turn).T
        return np.asarray(drawn)


def row_covariance_of(
    sample: PredictedSample, *, scaling: Scaling = "full", rank: int | None = None
) -> RowCovariance:
    """Return the first-order covariance of every row of the sampled embedding.

    S1_c = G H' diag_l(B_cl m3_l / psi_l^2) H G and S2_c = G H' diag_l(B_cl^2 m4_l / psi_l^2) H G, m_p the block sums of
    theta^p, H and psi^2 = m2 those of Psi B Psi; G is signed, so that rows refer to the population eigenvectors.

    Trusted where every kept direction is well above the edge of the noise, from about 3 edges on; nearer, rows stray farther
    than to first order (see `expected_squared_sine`), and `PredictedSample.surrogate` corrects it.

    Parameters
    ----------
    rank : the number f of directions kept, at most the rank of P; all of them by default.

    Raises
    ------
    ValueError
        for an unknown scaling, or a rank above that of P.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(300, 3, mean_degree=30, rng=np.random.default_rng(0))
    >>> PredictedSample(model, "poisson").row_covariance().of(0).shape
    (3, 3)
    """
    require_choice(scaling, "scaling", SCALINGS)
    model, profile = sample.split_model, sample.profile
    psi = np.sqrt(model.block_sums(2))
    lam, h = model.block_spectrum()
    f = len(lam) if rank is None else require_integer(rank, "rank", least=1, most=len(lam))
    lam, h = lam[:f], h[:, :f]
    g = np.abs(lam) ** POWER[scaling] / lam
    inverse = np.divide(1.0, psi**2, out=np.zeros_like(psi), where=psi > 0)
    hg = h * g

    def sandwich(weights: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("lf,cl,lg->cfg", hg, weights, hg))

    k = model.n_blocks
    first = sandwich(profile.couplings[:k, :k] * (model.block_sums(3) * inverse))
    second = np.zeros_like(first)
    if sample.law == "bernoulli":
        second = sandwich(-profile.couplings[k:, k:] * (model.block_sums(4) * inverse))
    return RowCovariance(first, second, model.propensities, model.labels)


def expected_squared_sine_of(
    sample: PredictedSample, *, scaling: Scaling = "full", rank: int | None = None
) -> FloatArray:
    """Return E sin^2 (n,) of the angle of each row to its ray, to first order: T / (|x|^2 + tr C), T = tr C - d'Cd.

    x is the population row, d the direction of its ray (docs/theory.md, section 4.2). For balanced
    blocks it has the closed form of section 4.3.

    Trusted from about 3 edges on: between 3 and 5 edges its mean over rows was 0.74 to 1.00 times that of single samples of
    2,000 nodes, 0.89 times in the mean of many; it was 0.47 to 0.68 times on the eight models of docs/theory.md, section 10,
    between 1.05 and 1.5 edges (n = 3,000).

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(4000, 4, mean_degree=100, rng=np.random.default_rng(0))
    >>> squares = PredictedSample(model, "poisson").expected_squared_sine()
    >>> round(float(squares.mean() * 100), 1)  # Gamma(4, 0.1) = 0.412, less 1/d
    0.4
    """
    covariance = row_covariance_of(sample, scaling=scaling, rank=rank)
    ray = rays(sample.split_model, scaling=scaling, rank=rank)
    total = covariance.traces()
    return np.asarray((total - covariance.along(ray.directions)) / np.maximum(ray.norms**2 + total, 1e-300))
