"""Interactions in parts by their contexts, each part in order of contexts and, as an index, in order of items.

A context lies in one part, chosen by its number, so that repeats of a pair (context, item) meet and are dropped there, wherever
in the log they stand. The contexts that hold an item are found in each part by two binary searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # spreads numbers that come in rows over the parts (Fibonacci hashing)
MOST_PARTS = 1 << 16


@dataclass(frozen=True, eq=False)
class ContextPart:
    """The pairs of some contexts, each once.

    Attributes
    ----------
    starts : (contexts + 1,) where the items of each context begin in `items`.
    items : (m,) of all contexts, one after the other, sorted in each.
    ordered : (m,) the same items, sorted.
    places : (m,) the place in `items` of each of `ordered`.
    """

    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    ordered: NDArray[np.int32]
    places: NDArray[np.int64]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the four arrays by name."""
        return {"starts": self.starts, "items": self.items, "ordered": self.ordered, "places": self.places}


def part_of(contexts: NDArray[np.int64], parts: int) -> NDArray[np.uint16]:
    """Return the part, from 0 to `parts` - 1, that each context lies in.

    >>> part_of(np.array([0, 1, 2, 1]), 3).tolist()
    [0, 1, 2, 1]
    """
    high = (contexts.astype(np.uint64) * GOLDEN) >> np.uint64(40)
    return (high % np.uint64(parts)).astype(np.uint16)


def context_part(contexts: NDArray[np.int64], items: NDArray[np.int32], n_items: int) -> ContextPart:
    """Return the pairs, in any order and perhaps repeated, as a part.

    Examples
    --------
    >>> part = context_part(np.array([7, 2, 7, 7]), np.array([1, 0, 0, 1], np.int32), 2)
    >>> part.starts.tolist(), part.items.tolist(), part.ordered.tolist(), part.places.tolist()
    ([0, 1, 3], [0, 0, 1], [0, 0, 1], [0, 1, 2])
    """
    if contexts.size and int(contexts.max()) >= (2**63 - 1) // max(n_items, 1):
        contexts = np.unique(contexts, return_inverse=True)[1]  # numbers of contexts may be anything
    pairs = np.unique(contexts.astype(np.int64) * n_items + items)
    owner = pairs // n_items
    kept = (pairs - owner * n_items).astype(np.int32)
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    places = np.argsort(kept, kind="stable")
    return ContextPart(np.append(begins, kept.size).astype(np.int64), kept, kept[places], places)


def of_each_item(part: ContextPart) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Return the items of a part, how many of its contexts hold each, and how many other items these contexts hold.

    >>> counted = of_each_item(context_part(np.array([7, 2, 7]), np.array([1, 0, 0], np.int32), 2))
    >>> [array.tolist() for array in counted]
    [[0, 1], [2, 1], [1, 1]]
    """
    lengths = np.diff(part.starts)
    begins = np.flatnonzero(np.diff(part.ordered, prepend=-1))
    others = np.repeat(lengths - 1, lengths)[part.places]
    occurrences = np.diff(np.append(begins, part.ordered.size))
    summed = np.add.reduceat(others, begins) if begins.size else others
    return part.ordered[begins], occurrences.astype(np.int64), summed.astype(np.int64)
