"""Thinning: keep each edge, or each interaction of a log, with a given probability, as in a snapshot taken earlier.

If A_ij is Poisson with mean P_ij, the thinned entry is Poisson with mean keep P_ij and independent of what was taken away;
a Bernoulli edge stays a Bernoulli edge, of probability keep P_ij (the colouring theorem; Kingman, Poisson Processes, 1993).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.validation import (
    require_choice,
    require_fraction,
    require_generator,
    require_matrix,
    require_symmetric,
)


def thin_graph(graph: Any, keep: float, rng: np.random.Generator) -> sparse.csr_array:
    """Keep each edge of a symmetric graph with probability `keep`, independently of the others.

    Where all weights are whole numbers, a weight is a count of edges, and each of these is kept or taken away by itself.
    Otherwise an edge is kept with its whole weight or taken away.

    Parameters
    ----------
    graph : symmetric matrix (n, n), sparse or dense.
    keep : the probability, from 0 to 1.

    Returns
    -------
    The thinned graph, a symmetric csr_array (n, n) of the same dtype without stored zeros. Time and memory grow in proportion
    to the edges.

    Raises
    ------
    ValueError
        for a graph that is not symmetric, or a `keep` outside [0, 1].

    Examples
    --------
    >>> ring = sparse.csr_array(2 * np.roll(np.eye(500), 1, 0) + 2 * np.roll(np.eye(500), -1, 0))
    >>> half = thin_graph(ring, 0.5, np.random.default_rng(0))
    >>> bool((half != half.T).nnz), np.unique(half.data).tolist(), bool(400 < half.sum() / 2 < 600)
    (False, [1.0, 2.0], True)
    """
    require_fraction(keep, "keep")
    require_generator(rng)
    whole = require_symmetric(graph, "graph")
    upper = sparse.coo_array(sparse.triu(whole))
    counts = as_counts(upper.data)
    kept = upper.data * (rng.random(upper.nnz) < keep) if counts is None else rng.binomial(counts, keep)
    half = sparse.csr_array((kept.astype(whole.dtype), upper.coords), shape=whole.shape)
    half.eliminate_zeros()
    return sparse.csr_array(half + sparse.triu(half, k=1).T)


def thin_log(
    interactions: Any,
    keep: float,
    rng: np.random.Generator,
    *,
    by: Literal["contexts", "interactions"] = "contexts",
) -> sparse.csr_array:
    """Keep each context of a log, or each interaction, with probability `keep`, independently of the others, in the same shape.

    Parameters
    ----------
    interactions : matrix (contexts, items), sparse or dense; an entry is kept with its whole value or taken away.
    keep : the probability, from 0 to 1.
    by : "contexts": all interactions of a context are kept or none; "interactions": each is kept by itself. As in `grow_log`.

    Time and memory grow in proportion to the interactions.

    Raises
    ------
    ValueError
        for a `keep` outside [0, 1], or another way.

    Examples
    --------
    >>> half = thin_log(np.ones((100, 10)), 0.5, np.random.default_rng(0), by="interactions")
    >>> half.shape, bool(400 < half.nnz < 600)
    ((100, 10), True)
    """
    require_fraction(keep, "keep")
    require_generator(rng)
    require_choice(by, "by", ("contexts", "interactions"))
    whole = sparse.coo_array(require_matrix(interactions, "interactions"))
    if by == "contexts":
        kept = (rng.random(whole.shape[0]) < keep)[whole.coords[0]]
    else:
        kept = rng.random(whole.nnz) < keep
    rows, columns = whole.coords
    return sparse.csr_array((whole.data[kept], (rows[kept], columns[kept])), shape=whole.shape)


def as_counts(weights: NDArray[Any]) -> NDArray[np.int64] | None:
    """Return the weights (m,) as counts of edges, or None unless all are whole numbers of at least 0.

    >>> as_counts(np.array([2.0, 1.0])), as_counts(np.array([0.5]))
    (array([2, 1]), None)
    """
    counts = weights.astype(np.int64)
    return counts if (counts == weights).all() and counts.min(initial=0) >= 0 else None
