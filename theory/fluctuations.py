"""How far sampled rows stray from their rays: covariances in closed form, and two laws that predict P(cos > c).

First order. The noise of row i is sum_j W_ij m_j with m_j = u_j G, G = |Lambda|^(p) Lambda^(-1) (p = 0, 1/2, 1 for U,
U|Lambda|^(1/2), U|Lambda|), so its covariance is C_i = G U' diag(v_i) U G (Rubin-Delanchy, Cape, Tang, Priebe 2022;
finite n). For a DCBM it needs sums over blocks only: C_i = theta_i S1_c - theta_i^2 S2_c, without S2 for Poisson edges
(docs/theory.md, section 4.1).

Resummed. Near the spectral edge u_i = sum_j A'_ij (mean_j + N(0, C_j)) / (z_k - (V g(z_k))_i) with a fresh row A'_i and the
means and moments of `theory.outliers` (docs/theory.md, section 4.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel, sample_graph
from simulate.validation import require_choice, require_generator, require_integer, require_number
from theory.block_structure import rays
from theory.embedding import POWER, SCALINGS, Scaling
from theory.outliers import Outliers, outliers
from theory.quadratic_vector_equation import LAWS, FloatArray, Law

TRUSTED_RATIO = (
    1.1  # weakest eigenvalue over the edge, from which the resummed law was within 0.02 of samples
)


@dataclass(frozen=True, eq=False)
class RowCovariance:
    """C_i = theta_i S1[c(i)] - theta_i^2 S2[c(i)]; `first`, `second` (K, f, f), `propensities` and `labels` (n,)."""

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


def row_covariance(
    model: BlockModel, *, scaling: Scaling = "full", law: Law = "bernoulli", rank: int | None = None
) -> RowCovariance:
    """Return the first-order covariance of every row of the sampled embedding.

    S1_c = G H' diag_l(B_cl m3_l / psi_l^2) H G and S2_c = G H' diag_l(B_cl^2 m4_l / psi_l^2) H G, m_p the block sums of
    theta^p; G is signed, so that rows refer to the population eigenvectors.

    Raises
    ------
    ValueError
        for an unknown scaling or law, or a rank above that of Psi B Psi.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(300, 3, mean_degree=30, rng=np.random.default_rng(0))
    >>> row_covariance(model, law="poisson").of(0).shape
    (3, 3)
    """
    require_choice(scaling, "scaling", SCALINGS)
    require_choice(law, "law", LAWS)
    psi = np.sqrt(model.block_sums(2))
    lam, h = model.block_spectrum()
    f = len(lam) if rank is None else require_integer(rank, "rank", least=1, most=len(lam))
    lam, h = lam[:f], h[:, :f]
    g = np.abs(lam) ** POWER[scaling] / lam
    inverse = np.divide(1.0, psi**2, out=np.zeros_like(psi), where=psi > 0)
    hg = h * g

    def sandwich(weights: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("lf,cl,lg->cfg", hg, weights, hg))

    first = sandwich(model.affinity * (model.block_sums(3) * inverse))
    second = np.zeros_like(first)
    if law == "bernoulli":
        second = sandwich(model.affinity**2 * (model.block_sums(4) * inverse))
    return RowCovariance(first, second, model.propensities, model.labels)


def expected_squared_sine(
    model: BlockModel, *, scaling: Scaling = "full", law: Law = "bernoulli", rank: int | None = None
) -> FloatArray:
    """Return E sin^2 (n,) of the angle of each row to its ray, to first order: T / (|x|^2 + tr C), T = tr C - d'Cd.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(4000, 4, mean_degree=100, rng=np.random.default_rng(0))
    >>> round(float(expected_squared_sine(model, law="poisson").mean() * 100), 1)  # Gamma(4, 0.1) = 0.412, less 1/d
    0.4
    """
    covariance = row_covariance(model, scaling=scaling, law=law, rank=rank)
    ray = rays(model, scaling=scaling, rank=rank)
    total = covariance.traces()
    return np.asarray((total - covariance.along(ray.directions)) / np.maximum(ray.norms**2 + total, 1e-300))


@dataclass(frozen=True)
class CollinearFraction:
    """P(cos > c) over the rows, by `method`; `ratio` = weakest kept eigenvalue over the edge; `trusted`, `caveat`."""

    value: float
    ratio: float
    trusted: bool
    caveat: str


def surrogate(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    scaling: Scaling = "full",
    found: Outliers | None = None,
) -> FloatArray:
    """Draw rows (n, v) from the resummed local law, for the visible directions of `model`.

    A fresh graph supplies the rows, the predicted means and covariances their partners' coordinates.
    """
    require_generator(rng)
    found = outliers(model, law) if found is None else found
    deviations = found.moments - np.einsum("ik,il->ikl", found.means, found.means)
    # the covariance is positive up to rounding; its root by eigenvalues serves all rows at once
    values, vectors = np.linalg.eigh(deviations)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    partners = found.means + np.einsum("ikl,il->ik", root, rng.standard_normal(found.means.shape))
    fresh = sample_graph(model, rng, law=law, dtype=np.float64, loops=True)
    return np.asarray((fresh @ partners) / found.damping * np.abs(found.eigenvalues) ** POWER[scaling])


def collinear_fraction(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    cosine: float = 0.9,
    scaling: Scaling = "full",
    law: Law = "bernoulli",
    method: Literal["resummed", "gaussian"] = "resummed",
    rank: int | None = None,
) -> CollinearFraction:
    """Predict the share of sampled rows with cos > c to the axis of their block, for the visible directions.

    "gaussian" draws N(x_i, C_i) once a row; "resummed" draws the local law with the corrections near the edge. The
    resummed law was within 0.02 of samples where the weakest direction is at least 1.1 edges away. It knows only visible
    directions; with a larger `rank` the drowned ones are predicted to first order, which is wrong there and is said so.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(1000, 3, mean_degree=20, rng=np.random.default_rng(0))
    >>> 0.8 < collinear_fraction(model, np.random.default_rng(1), law="poisson").value < 1.0
    True
    """
    require_number(cosine, "cosine", above=0, below=1)
    require_choice(method, "method", ("resummed", "gaussian"))
    found = outliers(model, law)
    rank = (
        found.n_visible if rank is None else require_integer(rank, "rank", least=1, most=found.n_directions)
    )
    if rank == 0:
        return CollinearFraction(0.0, 0.0, False, "no direction stands out of the noise")
    if method == "resummed" and rank <= found.n_visible:
        rows = surrogate(model, rng, law=law, scaling=scaling, found=found)[:, :rank]
    else:
        rows = _gaussian(model, rng, law, scaling, rank)
    ratio = float(np.abs(model.spectrum()[0][rank - 1])) / found.edge
    caveats = []
    if rank > found.n_visible:
        caveats.append(
            f"{rank - found.n_visible} of {rank} directions are below the spectral edge: first order fails there"
        )
    elif ratio < TRUSTED_RATIO:
        caveats.append(f"the weakest direction is {ratio:.2f} edges away; trusted from {TRUSTED_RATIO} on")
    value = float((cosines_to_axes(rows, model.labels, model.n_blocks) > cosine).mean())
    return CollinearFraction(value, ratio, not caveats, "; ".join(caveats))


def cosines_to_axes(vectors: FloatArray, labels: NDArray[Any], n_blocks: int) -> FloatArray:
    """Return the cosine (n,) of each row to the leading right singular vector of its block's rows; 0 for zero rows."""
    cosines = np.zeros(len(vectors))
    for block in range(n_blocks):
        mine = np.flatnonzero(labels == block)
        if not mine.size:
            continue
        rows = vectors[mine]
        axis = np.linalg.eigh(rows.T @ rows)[1][:, -1]
        along = rows @ axis
        norms = np.linalg.norm(rows, axis=1)
        cosines[mine] = np.sign(along.sum()) * np.divide(
            along, norms, out=np.zeros_like(along), where=norms > 0
        )
    return cosines


def _gaussian(
    model: BlockModel, rng: np.random.Generator, law: Law, scaling: Scaling, rank: int
) -> FloatArray:
    require_generator(rng)
    covariance = row_covariance(model, scaling=scaling, law=law, rank=rank)
    eigenvalues, basis = model.spectrum()
    rows = basis[:, :rank] * np.abs(eigenvalues[:rank]) ** POWER[scaling]
    all_c = (
        model.propensities[:, None, None] * covariance.first[model.labels]
        - (model.propensities**2)[:, None, None] * covariance.second[model.labels]
    )
    values, vectors = np.linalg.eigh(all_c)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    return np.asarray(rows + np.einsum("ikl,il->ik", root, rng.standard_normal(rows.shape)))
