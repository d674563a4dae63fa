"""Exact edge samplers: P_ij = theta_i theta_j B_{z_i z_j}, each pair once, in O(n K + m).

Within a pair of blocks a row walks its partners in order of decreasing theta, skips ahead by a geometric step under
the largest probability left, and keeps the landing with the ratio of the true probability to it (Miller and Hagberg
2011): the exact Bernoulli law, without a draw for each pair.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
from numba import njit
from numpy.typing import DTypeLike
from scipy import sparse

from simulate.block_models import BlockModel
from simulate.validation import require_choice, require_generator


def sample_graph(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    law: Literal["bernoulli", "poisson"] = "bernoulli",
    clip: bool = False,
    loops: bool = False,
    dtype: DTypeLike = np.float32,
) -> sparse.csr_array:
    """Return a symmetric adjacency matrix (n, n) drawn from `model`."""
    require_generator(rng)
    require_choice(law, "law", ("bernoulli", "poisson"))
    order = np.lexsort((-model.propensities, model.labels))
    theta = model.propensities[order]
    bounds = np.searchsorted(model.labels[order], np.arange(model.n_blocks + 1))
    if law == "bernoulli":
        mass = model.clipped_mass()
        if mass > 0 and not clip:
            raise ValueError(f"P must be at most 1 for Bernoulli edges; {mass:.3g} expected edges exceed it")
        if mass > 0:
            warnings.warn(f"P exceeds 1 and is cut: {mass:.3g} expected edges are lost", stacklevel=2)
        rows, columns, values = _bernoulli(theta, bounds, model.affinity, loops, rng)
    else:
        rows, columns, values = _poisson(theta, bounds, model.affinity, loops, rng)
    rows, columns = order[rows], order[columns]
    off = rows != columns
    both = (np.concatenate([rows, columns[off]]), np.concatenate([columns, rows[off]]))
    data = np.concatenate([values, values[off]]).astype(dtype)
    n = model.n_nodes
    graph = sparse.coo_array((data, both), shape=(n, n)).tocsr()
    graph.sum_duplicates()
    return graph


@njit(cache=True)
def _bernoulli(theta, bounds, affinity, loops, rng):  # type: ignore[no-untyped-def]
    rows, columns = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    k_max = len(bounds) - 1
    for k in range(k_max):
        for l in range(k, k_max):
            b = affinity[k, l]
            if b <= 0:
                continue
            for i in range(bounds[k], bounds[k + 1]):
                j = bounds[l] if l > k else (i if loops else i + 1)
                end = bounds[l + 1]
                if j >= end:
                    continue
                bound = min(1.0, theta[i] * theta[j] * b)
                while j < end and bound > 0:
                    if bound < 1.0:
                        step = np.log(1.0 - rng.random()) / np.log1p(-bound)
                        if step >= end - j:
                            break
                        j += np.int64(step)
                    true = min(1.0, theta[i] * theta[j] * b)
                    if rng.random() * bound < true:
                        rows.append(np.int64(i))
                        columns.append(np.int64(j))
                    bound = true
                    j += 1
    return np.array(rows), np.array(columns), np.ones(len(rows))


def _poisson(theta: Any, bounds: Any, affinity: Any, loops: bool, rng: np.random.Generator) -> Any:
    parts = []
    k_max = len(bounds) - 1
    for k in range(k_max):
        for l in range(k, k_max):
            left, right = theta[bounds[k] : bounds[k + 1]], theta[bounds[l] : bounds[l + 1]]
            mean = affinity[k, l] * left.sum() * right.sum() * (0.5 if k == l else 1.0)
            count = rng.poisson(mean)
            if not count:
                continue
            i = bounds[k] + np.searchsorted(np.cumsum(left) / left.sum(), rng.random(count), side="right")
            j = bounds[l] + np.searchsorted(np.cumsum(right) / right.sum(), rng.random(count), side="right")
            kept = i != j if not loops else np.ones(count, bool)
            parts.append((np.minimum(i, j)[kept], np.maximum(i, j)[kept]))
    rows = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, int)
    columns = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, int)
    return rows, columns, np.ones(rows.size)
