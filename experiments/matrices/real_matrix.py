"""A real matrix, whatever it was read from: interactions of contexts and items, or a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True, eq=False)
class RealMatrix:
    """`interactions` (contexts x items, ones) or `graph` (symmetric), never both.

    `items` and `contexts` are names (object arrays of str); `labels` (items,) ints, -1 unknown, into
    `label_names`; `context_labels` (contexts,), such as a film's year; `times`, one per stored pair in the
    order of `interactions.data`; `notes` say what was done to the source on the way.
    """

    name: str
    interactions: sparse.csr_array | None = None
    graph: sparse.csr_array | None = None
    items: NDArray[Any] | None = None
    contexts: NDArray[Any] | None = None
    labels: NDArray[np.int64] | None = None
    label_names: NDArray[Any] | None = None
    context_labels: NDArray[Any] | None = None
    times: NDArray[Any] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.interactions is None) == (self.graph is None):
            raise ValueError(f"{self.name} must have either interactions or a graph")

    @property
    def matrix(self) -> sparse.csr_array:
        """The interactions, or the graph."""
        found = self.interactions if self.interactions is not None else self.graph
        assert found is not None
        return found

    @property
    def kind(self) -> Literal["interactions", "graph"]:
        """How the matrix is analysed: "interactions" or "graph"."""
        return "graph" if self.interactions is None else "interactions"

    @property
    def n_items(self) -> int:
        """The number of items (nodes of a graph)."""
        return int(self.matrix.shape[1])

    def restricted_to(self, items: NDArray[Any], name: str, note: str) -> RealMatrix:
        """Return the interactions of these items alone, all contexts kept."""
        if self.interactions is None:
            raise ValueError(f"{self.name} is a graph; only interactions can be restricted to items")
        times = None
        if self.times is not None:
            marked = self.interactions.copy()
            marked.data = np.arange(1, marked.nnz + 1, dtype=np.float64)
            times = self.times[sparse.csr_array(marked[:, items]).data.astype(np.int64) - 1]
        return RealMatrix(
            name,
            interactions=sparse.csr_array(self.interactions[:, items]),
            items=None if self.items is None else self.items[items],
            contexts=self.contexts,
            labels=None if self.labels is None else self.labels[items],
            label_names=self.label_names,
            context_labels=self.context_labels,
            times=times,
            notes=(*self.notes, note),
        )

    def __repr__(self) -> str:
        rows, columns = self.matrix.shape
        return f"RealMatrix({self.name}: {self.kind}, {rows:,} x {columns:,}, {self.matrix.nnz:,} pairs)"


def from_pairs(
    contexts: list[int] | NDArray[Any], items: list[int] | NDArray[Any], shape: tuple[int, int]
) -> sparse.csr_array:
    """Return the binary matrix of these pairs, repeats counted once, indices sorted."""
    matrix = sparse.coo_array((np.ones(len(items), np.float64), (contexts, items)), shape=shape).tocsr()
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return sparse.csr_array(matrix)


def majority_labels(
    interactions: sparse.csr_array, context_labels: NDArray[np.int64], n_labels: int
) -> NDArray[np.int64]:
    """Return each item's most frequent label among its contexts (the first of equals), -1 if none is known.

    >>> x = from_pairs([0, 1, 2], [0, 0, 1], (3, 2))
    >>> majority_labels(x, np.array([1, 1, -1]), 2).tolist()
    [1, -1]
    """
    known = np.flatnonzero(context_labels >= 0)
    indicator = sparse.csr_array(
        (np.ones(known.size), (known, context_labels[known])), shape=(interactions.shape[0], n_labels)
    )
    votes = (interactions.T @ indicator).toarray()
    return np.where(votes.sum(axis=1) > 0, votes.argmax(axis=1), -1).astype(np.int64)
