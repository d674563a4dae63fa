"""On which rays do the rows of a block model lie? Theorem 3.4, from the model to the rays.

With Psi the diagonal matrix of psi_c = sqrt(sum of theta_i^2 over block c) and Psi B Psi = H Lambda H', a row of the
population eigenvectors is (theta_i / psi_c) H_c. Scaled by |Lambda|^p it has the direction of H_c |Lambda|^p and the norm
theta_i ||H_c |Lambda|^p|| / psi_c: one ray for each block (docs/theory.md, sections 1.1 and 1.2). Nothing n x n is formed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel
from simulate.validation import require_instance, require_integer
from theory.analysis.scalings import Scaling, scaled


@dataclass(frozen=True, eq=False)
class Rays:
    """`directions` (K, f), unit or zero rows; `norms` (n,) of the rows; `cosines` (K, K); `labels` (n,)."""

    directions: NDArray[np.float64]
    norms: NDArray[np.float64]
    cosines: NDArray[np.float64]
    labels: NDArray[np.int64]


def rays(model: BlockModel, *, scaling: Scaling = "full", rank: int | None = None) -> Rays:
    """Return the rays on which the rows of the population embedding of `model` lie, in time O(n + K^3).

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
    psi = np.sqrt(model.block_sums(2))
    eigenvalues, h = model.block_spectrum()
    f = len(eigenvalues) if rank is None else require_integer(rank, "rank", least=1, most=len(eigenvalues))
    points = scaled(eigenvalues[:f], h[:, :f], scaling)
    lengths = np.linalg.norm(points, axis=1)
    directions = np.divide(points, lengths[:, None], out=np.zeros_like(points), where=lengths[:, None] > 0)
    scale = np.divide(lengths, psi, out=np.zeros_like(psi), where=psi > 0)
    return Rays(directions, model.propensities * scale[model.labels], directions @ directions.T, model.labels)
