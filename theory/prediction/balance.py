"""Where does the signal of a block model balance its noise? An r x r matrix, singular at every outlier.

With P = U Lambda U' of rank r and g(z) the diagonal of the noise's resolvent, z is an eigenvalue of A = P + W outside the
spectrum of W where Lambda^-1 - G(z), G(z) = U' diag(g(z)) U, is singular (Benaych-Georges and Nadakuditi 2011, for a
variance profile; docs/theory.md, section 5.1). G follows from sums over blocks: nothing here is n x n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from theory.prediction.resolvent import Resolvent, resolvent_diagonal, solve_near
from theory.prediction.variances import FloatArray, VarianceProfile

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


@dataclass(frozen=True, eq=False)
class Balance:
    """Lambda^-1 - G(z) and what follows from it.

    `profile` of the noise, perhaps of cells; `eigenvalues` (r,) and `h` (K, r) of Psi B Psi; `inverse_psi` (K,), 0 for an empty
    block. A row of U is theta_i inverse_psi_c h_c.
    """

    profile: VarianceProfile
    eigenvalues: FloatArray
    h: FloatArray
    inverse_psi: FloatArray

    def projected(self, found: Resolvent) -> FloatArray:
        """Return G = U' diag(g) U (r, r)."""
        g = resolvent_diagonal(self.profile, found)
        weights = self.profile.counts * self.profile.powers[:, 0] ** 2 * g
        share = np.bincount(self.profile.labels, weights, minlength=self.profile.n_blocks)
        return np.asarray((self.h.T * (share * self.inverse_psi**2)) @ self.h)

    def hubs_beyond(self, found: Resolvent) -> int:
        """How many nodes have detached and lie beyond z, each with its mirror image: they have g < 0."""
        return int(self.profile.counts[resolvent_diagonal(self.profile, found) < 0].sum())

    def signal_beyond(self, found: Resolvent) -> int:
        """How many eigenvalues P adds to those of the noise beyond |z|, by the inertia of Lambda^-1 - G on either side."""
        both = np.concatenate([np.linalg.eigvalsh(self.matrix(found, sign)) for sign in (1.0, -1.0)])
        return int((both < -1e-7).sum()) - len(self.eigenvalues)

    def matrix(self, found: Resolvent, sign: float) -> FloatArray:
        """Return sign(Lambda) - |Lambda|^(1/2) G |Lambda|^(1/2), times `sign` first: its eigenvalues grow with z."""
        root = np.sqrt(np.abs(self.eigenvalues))
        return np.asarray(
            np.diag(sign * np.sign(self.eigenvalues)) - root[:, None] * self.projected(found) * root
        )

    def crossings(
        self, sign: float, known: tuple[Resolvent, ...]
    ) -> list[tuple[float, Resolvent, FloatArray]]:
        """Return (z, resolvent at |z|, b) of every outlier of this sign in the interval that `known` spans."""

        def balances(at: Resolvent) -> FloatArray:
            return np.asarray(np.linalg.eigvalsh(self.matrix(at, sign)))

        left, right = known[0], known[-1]
        below, above = (int((balances(end) < 0).sum()) for end in (left, right))
        found = []
        for k in range(above, below):

            def crossing(x: float, k: int = k) -> float:
                return float(balances(solve_near(self.profile, x, known))[k])

            z = float(optimize.brentq(crossing, left.z, right.z, xtol=1e-10 * right.z))
            at = solve_near(self.profile, z, known)
            # eigenvalues that meet at one z share a null space: the k-th vector is orthogonal to the others
            null = np.linalg.eigh(self.matrix(at, sign))[1][:, k]
            found.append((sign * z, at, np.sqrt(np.abs(self.eigenvalues)) * null))
        return found


def balance_of(sample: PredictedSample) -> Balance:
    """Return the balance of signal and noise of `sample`, with the noise on cells of nearly equal propensity."""
    model = sample.split_model
    eigenvalues, h = model.block_spectrum()
    psi = np.sqrt(model.block_sums(2))
    inverse_psi = np.divide(1.0, psi, out=np.zeros_like(psi), where=psi > 0)
    return Balance(sample.cells, eigenvalues, h, inverse_psi)
