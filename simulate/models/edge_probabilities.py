"""The largest edge probability, and the edges lost by clipping at 1, for P_ij = theta_i theta_j B_{z_i z_j}.

Both come from the largest propensities of each block, so that the matrix P is never formed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class WorstPair(NamedTuple):
    """Two nodes and the probability of an edge between them."""

    i: int
    j: int
    probability: float


def most_popular_of_each_block(theta: NDArray[Any], labels: NDArray[Any], n_blocks: int) -> NDArray[np.int64]:
    """Return (K,) the node of largest theta >= 0 in each block, the first of equals, -1 for none."""
    largest = np.full(n_blocks, -1.0)
    np.maximum.at(largest, labels, theta)
    found = np.full(n_blocks, -1)
    top = np.flatnonzero((theta == largest[labels]) & (theta >= 0))[::-1]
    found[labels[top]] = top  # the first of equals is written last
    return found


def clipped_mass(
    rows: NDArray[Any],
    row_labels: NDArray[Any],
    columns: NDArray[Any],
    labels: NDArray[Any],
    affinity: NDArray[Any],
) -> float:
    """Return the sum over all (i, j) of max(0, theta_i theta_j B - 1), with P sorted away instead of formed."""
    reach = rows.max(initial=0.0) * columns.max(initial=0.0) * affinity.max(initial=0.0)
    if reach <= 1:
        return 0.0

    def able_nodes(theta: NDArray[Any], z: NDArray[Any], n_blocks: int) -> list[NDArray[Any]]:
        # a pair exceeds 1 only if both its nodes do so with the most popular partner; few are left to look at
        kept = np.flatnonzero(theta * (reach / theta.max()) > 1)
        return [np.sort(theta[kept[z[kept] == k]])[::-1] for k in range(n_blocks)]

    partners = able_nodes(columns, labels, affinity.shape[1])
    hubs = able_nodes(rows, row_labels, affinity.shape[0])
    sums = [np.concatenate([[0.0], np.cumsum(partner)]) for partner in partners]
    highest, highest_partner = (
        np.array([x[0] if x.size else 0.0 for x in side]) for side in (hubs, partners)
    )
    mass = 0.0
    # of many blocks few pairs of blocks hold a pair of nodes with P > 1
    for k, other in np.argwhere(np.multiply.outer(highest, highest_partner) * affinity > 1):
        b, partner = affinity[k, other], partners[other]
        able = hubs[k][hubs[k] * partner[0] * b > 1]
        # partners descend, so those with P > 1 come first
        count = np.searchsorted(-partner, -1.0 / (able * b), side="left")
        mass += float((able * b * sums[other][count] - count).sum())
    return mass
