"""How far can a matrix be from a block model, if its rows lie near rays? The converse of Theorem 3.4, with a constant.

For the rows X of an embedding M = X C X' with C diagonal: C is Lambda, sign(Lambda), Lambda^-1 for the scalings `unit`,
`half`, `full`; and M^2 = X X' for `full`. With a_i = ||x_i||, phi_i the angle of x_i to its ray, theta_i = a_i cos phi_i and
B = D C D', an entry of M differs from theta_i theta_j B_kl by at most
||C|| a_i a_j sqrt(sin^2(phi_i + phi_j) + sin^2 phi_i sin^2 phi_j) (docs/theory.md, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_choice, require_finite, require_instance, require_labels
from theory.analysis.angles_to_axes import axes_of_blocks
from theory.analysis.embedding import Embedding
from theory.analysis.operators.table import OPERATORS
from theory.analysis.scalings import Scaling

Certified = Literal["M", "M^2"]


@dataclass(frozen=True, eq=False)
class Certificate:
    """How far M or M^2, restricted to the m rows on spikes, can be from a degree-corrected block model.

    `certifies` names the matrix and `scaling` the rows used. `rows` (m,) are their indices; `propensities` and `labels` (m,)
    and `affinity` (K, K) are the block model. `norms` (m,) and `angles` (m,), in radians, are those of the rows to their rays;
    `factor` is ||C||. The Frobenius norm of the difference is at most `frobenius_bound`.
    """

    certifies: str
    scaling: str
    rows: NDArray[np.int64]
    propensities: NDArray[np.float64]
    labels: NDArray[np.int64]
    affinity: NDArray[np.float64]
    norms: NDArray[np.float64]
    angles: NDArray[np.float64]
    factor: float
    frobenius_bound: float

    def entry_bound(self, i: ArrayLike, j: ArrayLike) -> NDArray[Any]:
        """Return the bound on |M_ij - theta_i theta_j B_kl|; i, j count along `rows` and broadcast."""
        # beyond a right angle theta is negative: the bound then needs |cos|, the angle to the line
        acute = np.minimum(self.angles, np.pi - self.angles)
        i, j = np.asarray(i), np.asarray(j)
        p, q = acute[i], acute[j]
        sine = np.sqrt(np.sin(p + q) ** 2 + (np.sin(p) * np.sin(q)) ** 2)
        return np.asarray(self.factor * self.norms[i] * self.norms[j] * sine)

    def words(self) -> str:
        """Return what the certificate proves, in a sentence."""
        worst, median = np.degrees([self.angles.max(), np.median(self.angles)])
        share = self.frobenius_bound / max(float(np.linalg.norm(self.norms) ** 2) * self.factor, 1e-300)
        behind = int((self.propensities < 0).sum())
        warning = f" {behind} rows point away from their ray: no DCBM with theta >= 0." if behind else ""
        return (
            f"{self.rows.size} rows lie within {worst:.3g} degrees (median {median:.3g}) of {len(self.affinity)} rays: "
            f"this certifies a block model for {self.certifies} with Frobenius error at most {self.frobenius_bound:.3g} "
            f"({share:.1%} of the scale ||C|| ||X||_F^2).{warning}"
        )


def certify(
    embedding: Embedding,
    labels: ArrayLike,
    *,
    scaling: Scaling = "full",
    certifies: Certified = "M^2",
    directions: ArrayLike | None = None,
) -> Certificate:
    """Return the certificate of the rows with a label >= 0.

    Parameters
    ----------
    labels : (n,) integers, -1 for rows on no spike.
    certifies : "M^2" needs the scaling `full`. "M" works with every scaling: the bound is best with `half` and grows by the
        condition number of Lambda with `full`.
    directions : (K, f) rays; by default the axis of each spike, which is the best choice.

    Raises
    ------
    ValueError
        for labels or directions that do not match, no row on a spike, M^2 without `full`, M with `full` where an
        eigenvalue is 0, or the embedding of an operator that is not symmetric, which is not U Lambda U'.

    Examples
    --------
    >>> e = Embedding(np.array([2.0, -1.0]), np.eye(2))
    >>> certify(e, [0, 1], scaling="half", certifies="M").affinity.tolist()
    [[1.0, 0.0], [0.0, -1.0]]
    """
    require_instance(embedding, "embedding", Embedding)
    require_choice(certifies, "certifies", ("M", "M^2"))
    if not OPERATORS[embedding.operator].symmetric:
        raise ValueError(f"embedding must be of a symmetric matrix; got that of {embedding.operator}")
    x, lam = embedding.vectors(scaling).astype(float), np.asarray(embedding.eigenvalues, float)
    z = require_labels(labels, "labels", len(x))
    rows = np.flatnonzero((z >= 0) & (np.linalg.norm(x, axis=1) > 0))
    if not rows.size:
        raise ValueError("labels must put at least one nonzero row on a spike; none is")
    core = _core(lam, scaling, certifies)
    x, z = x[rows], z[rows]
    d = (
        axes_of_blocks(x, z)
        if directions is None
        else require_finite(np.asarray(directions, float), "directions")
    )
    if d.ndim != 2 or d.shape[1] != x.shape[1] or len(d) <= z.max() or not np.linalg.norm(d, axis=1)[z].all():
        raise ValueError(
            f"directions must be nonzero, ({z.max() + 1} or more, {x.shape[1]}); got shape {d.shape}"
        )
    lengths = np.linalg.norm(d, axis=1, keepdims=True)
    d = np.divide(d, lengths, out=np.zeros_like(d), where=lengths > 0)
    theta = np.einsum("if,if->i", x, d[z])
    y = theta[:, None] * d[z]
    off, factor = np.linalg.norm(x - y, axis=1), float(np.abs(core).max())
    spread = _operator(x) + _operator(y)
    return Certificate(
        certifies, scaling, rows, theta, z, (d * core) @ d.T, np.linalg.norm(x, axis=1),
        np.arctan2(off, theta), factor, factor * spread * float(np.linalg.norm(off)),
    )  # fmt: skip


def _core(lam: NDArray[np.float64], scaling: str, certifies: str) -> NDArray[np.float64]:
    if certifies == "M^2":
        if scaling != "full":
            raise ValueError(
                f"certifies='M^2' needs scaling='full', whose Gram matrix is M^2; got {scaling!r}"
            )
        return np.ones_like(lam)
    if scaling == "full":
        if not lam.all():
            raise ValueError("eigenvalues must be nonzero to certify M from U Sigma; one is 0")
        return 1 / lam
    return lam if scaling == "unit" else np.sign(lam)


def _operator(x: NDArray[np.float64]) -> float:
    return float(np.sqrt(max(np.linalg.eigvalsh(x.T @ x)[-1], 0.0)))
