"""Which items stand in the list of similar items of each item: the k nearest among all that have a direction, by their numbers.

Lists of two analyses name items of the data, not rows of an embedding, so that they can be compared although each analysis has
rows of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.real.statistics import first_dimensions

Similarity = Literal["dot", "cosine"]
USUAL_K = 20  # neighbours, where nobody says how many


def shown_k(k: int) -> str:
    """Return k as an error shows it: who gave none learns that it was the default.

    >>> shown_k(20), shown_k(7)
    ('20 (the default)', '7')
    """
    return f"{k} (the default)" if k == USUAL_K else str(k)


@dataclass(frozen=True, eq=False)
class Lists:
    """Vectors of items: `vectors` (n, f), the `items` (n,) that they are, and the rows that have a direction, `live`."""

    vectors: NDArray[np.float64]
    items: NDArray[np.int64]
    live: NDArray[np.int64]
    similarity: Similarity

    @classmethod
    def of(cls, found: theory.Analysed, rank: int, similarity: Similarity) -> Lists:
        """Return the rows of U Sigma of an analysis at `rank`."""
        rows = np.asarray(first_dimensions(found.embedding, rank).vectors("full"), dtype=np.float64)
        return cls(rows, found.items, np.flatnonzero(rows.any(axis=1)), similarity)

    def rows_of_items(self, items: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row (q,) of each of these items of the data that has a direction here, -1 for the others."""
        place = np.full(int(max(self.items.max(), items.max(initial=0))) + 1, -1)
        place[self.items[self.live]] = self.live
        return place[items]

    def of_rows(self, rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return the k neighbours (q, k) of these live rows among all live rows, as items; -1 where there are fewer."""
        lists = np.full((rows.size, k), -1, dtype=np.int64)
        most = min(k, self.live.size - 1)
        if most >= 1 and rows.size:
            at = np.searchsorted(self.live, rows)
            near = theory.top_k(self.vectors[self.live], most, similarity=self.similarity, queries=at)
            lists[:, :most] = self.items[self.live[near.indices]]
        return lists
