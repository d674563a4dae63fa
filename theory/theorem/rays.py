"""Theorem 3.4 as something that runs: the rays of a block model, and the block model of rays.

DCBM => rays. With Psi B Psi = H Lambda H', a row of U is (theta_i / psi_c) H_c; scaled by |Lambda|^p it has the
direction of H_c |Lambda|^p and the norm theta_i ||H_c |Lambda|^p|| / psi_c (docs/theory.md, sections 1.1 and 1.2).

Rays => DCBM. If U_i = a_i d_c then (U Lambda U')_ij = a_i a_j d_k' Lambda d_l (docs/theory.md, section 1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.linalg import LinearOperator

from simulate import BlockModel
from simulate.validation import (
    require_array,
    require_choice,
    require_instance,
    require_integer,
    require_labels,
)
from theory.analysis.embedding import embed
from theory.analysis.scalings import POWER, SCALINGS, Scaling
from theory.analysis.spikes import spikiness


@dataclass(frozen=True, eq=False)
class Rays:
    """`directions` (K, f), unit or zero rows; `norms` (n,) of the rows; `cosines` (K, K); `labels` (n,)."""

    directions: NDArray[np.float64]
    norms: NDArray[np.float64]
    cosines: NDArray[np.float64]
    labels: NDArray[np.int64]


def rays(model: BlockModel, *, scaling: Scaling = "full", rank: int | None = None) -> Rays:
    """Return the rays on which the rows of the population embedding of `model` lie.

    Parameters
    ----------
    rank : the number f of eigenpairs kept, at most the rank of Psi B Psi; all of them by default.

    Raises
    ------
    ValueError
        if `rank` is out of range or the scaling unknown.

    Examples
    --------
    >>> model = BlockModel([1.0, 2.0, 3.0], [0, 0, 1], [[0.2, 0.1], [0.1, 0.4]])
    >>> rays(model).norms.round(3).tolist()
    [0.539, 1.077, 3.662]
    """
    require_instance(model, "model", BlockModel)
    require_choice(scaling, "scaling", SCALINGS)
    psi = np.sqrt(model.block_sums(2))
    eigenvalues, h = model.block_spectrum()
    f = len(eigenvalues) if rank is None else require_integer(rank, "rank", least=1, most=len(eigenvalues))
    points = h[:, :f] * np.abs(eigenvalues[:f]) ** POWER[scaling]
    lengths = np.linalg.norm(points, axis=1)
    directions = np.divide(points, lengths[:, None], out=np.zeros_like(points), where=lengths[:, None] > 0)
    scale = np.divide(lengths, psi, out=np.zeros_like(psi), where=psi > 0)
    return Rays(directions, model.propensities * scale[model.labels], directions @ directions.T, model.labels)


@dataclass(frozen=True, eq=False)
class HollowRows:
    """Rows of P without its diagonal: `eigenvalues` (f,), `basis` (n, f), and the `angles` (n,) of `rows` to their ray."""

    eigenvalues: NDArray[np.float64]
    basis: NDArray[np.float64]
    rows: NDArray[np.float64]
    angles: NDArray[np.float64]


def hollow_rows(model: BlockModel, *, scaling: Scaling = "full", rank: int | None = None) -> HollowRows:
    """Return the population embedding without self-loops, E A = P - D with D_ii = theta_i^2 B_cc, and how far rays bend.

    w_ik (lambda_k + D_ii) / theta_i is constant in a block (docs/theory.md, section 1.6): its limit for a small theta is the
    direction to which `angles` refer, in radians. Matrix-free: O(nK) for each product.

    Raises
    ------
    ValueError
        if `rank` is not below the number of nodes, or the scaling unknown.

    Examples
    --------
    >>> model = BlockModel(np.ones(40), np.repeat([0, 1], 20), [[0.5, 0.1], [0.1, 0.5]])
    >>> hollow_rows(model).eigenvalues.round(6).tolist()  # 20 (0.5 +- 0.1) - 0.5
    [11.5, 7.5]
    """
    require_instance(model, "model", BlockModel)
    require_choice(scaling, "scaling", SCALINGS)
    n, theta, labels = model.n_nodes, model.propensities, model.labels
    most = min(len(model.block_spectrum()[0]), n - 1)
    if not most:
        raise ValueError(
            "model must have an eigenvalue to embed: an affinity or propensities that are not all 0"
        )
    f = most if rank is None else require_integer(rank, "rank", least=1, most=most)
    diagonal = theta**2 * np.diag(model.affinity)[labels]

    def product(x: NDArray[Any]) -> NDArray[Any]:
        x = x.ravel()
        sums = np.bincount(labels, theta * x, minlength=model.n_blocks)
        return np.asarray(theta * (model.affinity @ sums)[labels] - diagonal * x)

    operator = LinearOperator((n, n), matvec=product, dtype=np.float64)
    found = embed(operator, f)
    lam = found.eigenvalues
    # divided by its own bend a row is on the ray of its block: theta times a constant of the block
    straight = found.basis * (lam + diagonal[:, None]) / lam
    power = np.abs(lam) ** POWER[scaling]
    rows, limit = found.basis * power, straight * power
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(limit, axis=1)
    cosines = np.divide((rows * limit).sum(1), lengths, out=np.ones(n), where=lengths > 0)
    return HollowRows(lam, found.basis, rows, np.arccos(np.clip(cosines, -1, 1)))


def merged_communities(
    model: BlockModel, *, scaling: Scaling = "full", rank: int | None = None, cosine: float = 0.9
) -> NDArray[np.int64]:
    """Return for each block (K,) the number of the spike that it joins in the population; -1 for blocks without a ray.

    Rays within `cosine` of the ray of a louder block count as one with it (docs/theory.md, section 1.7).

    Examples
    --------
    >>> near = BlockModel(np.ones(40), np.repeat([0, 1], 20), [[1.0, 0.7], [0.7, 1.0]])
    >>> merged_communities(near).tolist(), merged_communities(near, scaling="half").tolist()
    ([0, 0], [0, 1])
    """
    require_instance(model, "model", BlockModel)
    found = rays(model, scaling=scaling, rank=rank)
    loudest = np.zeros(model.n_blocks)
    np.maximum.at(loudest, found.labels, found.norms)
    return spikiness(found.directions * loudest[:, None], cosine=cosine, coverage=1.0).membership


@dataclass(frozen=True, eq=False)
class RecoveredBlockModel:
    """theta (n,), 0 off the spikes; labels (n,), -1 off the spikes; affinity (K, K), real; largest sine to the rays."""

    propensities: NDArray[np.float64]
    labels: NDArray[np.int64]
    affinity: NDArray[np.float64]
    departure: float


def block_model_from_spikes(
    basis: ArrayLike, eigenvalues: ArrayLike, labels: ArrayLike
) -> RecoveredBlockModel:
    """Return the block model of the rows that lie on spikes: theta = length along the ray, B = D Lambda D'.

    Parameters
    ----------
    basis : (n, f) eigenvectors.
    eigenvalues : (f,) with their signs.
    labels : (n,) the spike of each row, -1 for rows on none.

    Raises
    ------
    ValueError
        if the shapes do not match or no row is on a spike.

    Examples
    --------
    >>> u = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    >>> block_model_from_spikes(u, [2.0, -1.0], [0, 0, 1]).affinity.tolist()
    [[2.0, 0.0], [0.0, -1.0]]
    """
    u, lam = require_array(basis, "basis"), require_array(eigenvalues, "eigenvalues")
    if u.ndim != 2 or lam.shape != (u.shape[1],):
        raise ValueError(
            f"basis (n, f) and eigenvalues (f,) must match; got shapes {u.shape} and {lam.shape}"
        )
    z = require_labels(labels, "labels", len(u))
    n_spikes = int(z.max(initial=-1)) + 1
    if n_spikes == 0:
        raise ValueError("labels must put at least one row on a spike; all are -1")
    directions, theta, departure = np.zeros((n_spikes, u.shape[1])), np.zeros(len(u)), 0.0
    for spike in range(n_spikes):
        mine = np.flatnonzero(z == spike)
        if not mine.size:
            continue
        direction = np.linalg.svd(u[mine], full_matrices=False)[2][0]
        along = u[mine] @ direction
        if along.sum() < 0:
            direction, along = -direction, -along
        directions[spike], theta[mine] = direction, along
        norms = np.linalg.norm(u[mine], axis=1)
        off = np.linalg.norm(u[mine] - along[:, None] * direction, axis=1)
        sines = np.divide(off, norms, out=np.zeros_like(off), where=norms > 0)
        departure = max(departure, float(np.where(along >= 0, sines, 2.0).max()))
    return RecoveredBlockModel(theta, z.astype(np.int64), (directions * lam) @ directions.T, departure)
