"""Growth: snapshots of a log or a graph at different dates, each contained in the next.

Every interaction, and every edge, gets one time in [0, 1); a snapshot holds what has a time before its date. Times are uniform,
so that a snapshot at date t is the whole thinned to the share t. An item (a node) that arrives late has a birth b in [0, 1),
and its times are moved to b + (1 - b) time: it has nothing before its birth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.changes.thinning import as_counts
from simulate.validation import (
    require_choice,
    require_fraction,
    require_generator,
    require_matrix,
    require_symmetric,
)


@dataclass(frozen=True, eq=False)
class Growing:
    """What grows, as dated events: an interaction of a log, or an edge of a graph in both directions.

    Attributes
    ----------
    shape : of the final matrix.
    rows, columns, weights : (m,) of the events; the final matrix is their sum.
    times : (m,) in [0, 1).
    births : (columns,) in [0, 1): nothing of an item (a node) comes before its birth; 0 for those that are there at the start.
    """

    shape: tuple[int, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    weights: NDArray[Any]
    times: NDArray[np.float64]
    births: NDArray[np.float64]

    def at(self, date: float) -> sparse.csr_array:
        """Return the snapshot of all events before `date` (0 nothing, 1 everything), in the final shape.

        >>> growing = grow_log(np.ones((4, 3)), np.random.default_rng(0))
        >>> growing.at(1.0).nnz, growing.at(0.0).nnz
        (12, 0)
        """
        require_fraction(date, "date")
        kept = self.times < date
        snapshot = sparse.csr_array(
            (self.weights[kept], (self.rows[kept], self.columns[kept])), shape=self.shape
        )
        snapshot.sum_duplicates()
        return snapshot


def grow_log(
    interactions: Any,
    rng: np.random.Generator,
    *,
    by: Literal["contexts", "interactions"] = "contexts",
    arriving: float = 0.0,
) -> Growing:
    """Give every interaction of a log a time, so that the log grows to `interactions`.

    Parameters
    ----------
    interactions : contexts x items, sparse or dense.
    by : "contexts": all interactions of a context have the same uniform time; "interactions": each has its own.
    arriving : share of the items that arrive late, at a uniform time; their interactions keep their order.

    Returns
    -------
    One event per entry, row by row.

    Raises
    ------
    ValueError
        for an unknown way of growing or a share outside [0, 1].

    Examples
    --------
    >>> growing = grow_log(np.ones((50, 4)), np.random.default_rng(0), by="interactions", arriving=0.5)
    >>> int((growing.births > 0).sum()), bool((growing.times >= growing.births[growing.columns]).all())
    (2, True)
    """
    require_generator(rng)
    require_choice(by, "by", ("contexts", "interactions"))
    matrix = require_matrix(interactions, "interactions")
    entries = sparse.coo_array(matrix)
    if by == "contexts":
        times = np.repeat(rng.random(matrix.shape[0]), np.diff(matrix.indptr))
    else:
        times = rng.random(matrix.nnz)
    births = _births(matrix.shape[1], arriving, rng)
    rows, columns = entries.coords
    return Growing(matrix.shape, rows, columns, entries.data, _later(births[columns], times), births)


def grow_graph(graph: Any, rng: np.random.Generator, *, arriving: float = 0.0) -> Growing:
    """Give every edge of a symmetric graph a time, so that the graph grows to `graph`.

    Where all weights are whole numbers, a weight is a count of edges, and each of these gets a time, as in `thin_graph`.
    Time and memory grow in proportion to the edges so counted.

    Parameters
    ----------
    graph : symmetric matrix (n, n), sparse or dense.
    arriving : share of the nodes that arrive late, at a uniform time; an edge comes after both its nodes.

    Returns
    -------
    One event per edge and direction.

    Raises
    ------
    ValueError
        for a graph that is not symmetric or a share outside [0, 1].

    Examples
    --------
    >>> ring = sparse.csr_array(np.roll(np.eye(9), 1, 0) + np.roll(np.eye(9), -1, 0))
    >>> half = grow_graph(ring, np.random.default_rng(0)).at(0.5)
    >>> bool((half != half.T).nnz)
    False
    """
    require_generator(rng)
    matrix = require_symmetric(graph, "graph")
    births = _births(matrix.shape[0], arriving, rng)
    upper = sparse.coo_array(sparse.triu(matrix))
    (i, j), weights = upper.coords, upper.data
    if (counts := as_counts(weights)) is not None:
        i, j, weights = np.repeat(i, counts), np.repeat(j, counts), np.ones(counts.sum(), matrix.dtype)
    times = _later(np.maximum(births[i], births[j]), rng.random(i.size))
    other = i != j  # a loop has one direction
    return Growing(
        matrix.shape,
        np.concatenate([i, j[other]]),
        np.concatenate([j, i[other]]),
        np.concatenate([weights, weights[other]]),
        np.concatenate([times, times[other]]),
        births,
    )


def _births(n: int, arriving: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Births of n items, of which the share `arriving` is late."""
    births = np.zeros(n)
    late = rng.choice(n, round(require_fraction(arriving, "arriving") * n), replace=False)
    births[late] = rng.random(late.size)
    return births


def _later(births: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The times, moved into what is left after the births."""
    return np.asarray(births + (1 - births) * times)
