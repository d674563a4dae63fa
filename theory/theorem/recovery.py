"""Which block model do rows on spikes come from? Theorem 3.4, from the rays back to the model.

If U_i = a_i d_c for every row of block c, then (U Lambda U')_ij = a_i a_j d_k' Lambda d_l: a block model whose propensities
are the lengths along the rays and whose affinity is D Lambda D' (docs/theory.md, section 1.4). Its entries may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_array, require_labels
from theory.analysis.angles_to_axes import axes_of_blocks


@dataclass(frozen=True, eq=False)
class RecoveredBlockModel:
    """The block model of rows on spikes.

    `propensities` (n,), 0 off the spikes; `labels` (n,), -1 off the spikes; `affinity` (K, K), which may be negative;
    `departure`, the largest sine between a row and its ray, or 2 where a row points away from it.
    """

    propensities: NDArray[np.float64]
    labels: NDArray[np.int64]
    affinity: NDArray[np.float64]
    departure: float


def block_model_from_spikes(
    basis: ArrayLike, eigenvalues: ArrayLike, labels: ArrayLike
) -> RecoveredBlockModel:
    """Return the block model of the rows that lie on spikes: theta is the length along the ray, B = D Lambda D'.

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
    if not (z >= 0).any():
        raise ValueError("labels must put at least one row on a spike; all are -1")
    on = np.flatnonzero(z >= 0)
    directions = axes_of_blocks(u, z)
    along = (u[on] * directions[z[on]]).sum(axis=1)
    norms = np.linalg.norm(u[on], axis=1)
    off = np.linalg.norm(u[on] - along[:, None] * directions[z[on]], axis=1)
    sines = np.divide(off, norms, out=np.zeros_like(off), where=norms > 0)
    theta = np.zeros(len(u))
    theta[on] = along
    departure = float(np.where(along >= 0, sines, 2.0).max())
    return RecoveredBlockModel(theta, z, (directions * lam) @ directions.T, departure)
