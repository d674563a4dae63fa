"""Growth: nested snapshots of a log or a graph, from early to late, each contained in the next.

Thinning by contexts keeps whole contexts, by interactions single pairs; with arriving items an item exists only from its
birth on. Every pair has one time in [0, 1), so a snapshot is all pairs before a date, and snapshots nest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.validation import require_choice, require_fraction, require_generator, require_matrix


@dataclass(frozen=True, eq=False)
class Growing:
    """`matrix`, the final log or graph; `times` (nnz,), in [0, 1), aligned with `matrix.data`; `births` (items,)."""

    matrix: sparse.csr_array
    times: NDArray[np.float64]
    births: NDArray[np.float64]

    def at(self, date: float) -> sparse.csr_array:
        """Return the snapshot of all pairs before `date` (0 nothing, 1 everything), in the final shape.

        >>> growing = grow_log(np.ones((4, 3)), np.random.default_rng(0))
        >>> growing.at(1.0).nnz, growing.at(0.0).nnz
        (12, 0)
        """
        require_fraction(date, "date")
        kept = self.times < date
        rows = np.repeat(np.arange(self.matrix.shape[0]), np.diff(self.matrix.indptr))[kept]
        snapshot = sparse.csr_array(
            (self.matrix.data[kept], (rows, self.matrix.indices[kept])), shape=self.matrix.shape
        )
        snapshot.sort_indices()
        return snapshot


def grow_log(
    interactions: Any,
    rng: np.random.Generator,
    *,
    by: Literal["contexts", "interactions"] = "contexts",
    arriving: float = 0.0,
) -> Growing:
    """Give every pair of a log a time, so that it grows to `interactions`.

    Parameters
    ----------
    by : "contexts": all pairs of a context have one uniform time; "interactions": each pair has its own.
    arriving : share of the items that are born at a uniform time; their pairs before that come at their birth or later, in
        the time that is left, in the same order.

    Raises
    ------
    ValueError
        for an unknown way of growing or a share outside [0, 1].

    Examples
    --------
    >>> growing = grow_log(np.ones((50, 4)), np.random.default_rng(0), by="interactions", arriving=0.5)
    >>> int((growing.births > 0).sum()), bool((growing.times >= growing.births[growing.matrix.indices]).all())
    (2, True)
    """
    require_generator(rng)
    require_choice(by, "by", ("contexts", "interactions"))
    require_fraction(arriving, "arriving")
    matrix = require_matrix(interactions, "interactions")
    if by == "contexts":
        times = np.repeat(rng.random(matrix.shape[0]), np.diff(matrix.indptr))
    else:
        times = rng.random(matrix.nnz)
    births = np.zeros(matrix.shape[1])
    late = rng.choice(births.size, round(arriving * births.size), replace=False)
    births[late] = rng.random(late.size)
    born = births[matrix.indices]
    return Growing(matrix, born + (1 - born) * times, births)


def grow_graph(graph: Any, rng: np.random.Generator, *, arriving: float = 0.0) -> Growing:
    """Give every edge of a symmetric graph one time; a share of nodes can arrive late.

    >>> ring = sparse.csr_array(np.roll(np.eye(9), 1, 0) + np.roll(np.eye(9), -1, 0))
    >>> half = grow_graph(ring, np.random.default_rng(0)).at(0.5)
    >>> bool((half != half.T).nnz)
    False
    """
    require_generator(rng)
    require_fraction(arriving, "arriving")
    matrix = require_matrix(graph, "graph")
    if matrix.shape[0] != matrix.shape[1] or (matrix != matrix.T).nnz:
        raise ValueError(f"graph must be a symmetric square matrix; got shape {matrix.shape}")
    births = np.zeros(matrix.shape[0])
    late = rng.choice(births.size, round(arriving * births.size), replace=False)
    births[late] = rng.random(late.size)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    upper = rows <= matrix.indices
    marks = sparse.csr_array(
        (rng.random(int(upper.sum())) + 1.0, (rows[upper], matrix.indices[upper])), shape=matrix.shape
    )
    both = sparse.csr_array(marks + sparse.triu(marks, k=1).T)
    both.sort_indices()
    born = np.maximum(births[rows], births[matrix.indices])
    return Growing(matrix, born + (1 - born) * (both.data - 1.0), births)
