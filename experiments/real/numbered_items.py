"""Which items of several snapshots are the same? Each has one number, by its name, or by its row where no snapshot has names."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from experiments.real.own_matrices import OwnMatrix
from simulate.plain_text import printable


class Numbering:
    """Numbers of items by name, the same in every snapshot that is numbered, each with a random place in [0, 1)."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._known: dict[str, int] = {}
        self._first: OwnMatrix | None = None
        self.places: NDArray[np.float64] = np.empty(0)

    def of(self, own: OwnMatrix) -> NDArray[np.int64]:
        """Return the number of each row (column of interactions) of the next snapshot.

        Raises
        ------
        ValueError
            for a name that stands twice, a snapshot without names beside one with names, or another number of items where no
            snapshot has names.

        Examples
        --------
        >>> numbering = Numbering(0)
        >>> snapshots = [OwnMatrix("x", "embedding", np.eye(2), np.array(list(names))) for names in ("ab", "bc")]
        >>> [numbering.of(one).tolist() for one in snapshots]
        [[0, 1], [1, 2]]
        """
        first = self._first = self._first or own
        if (own.items is None) != (first.items is None):
            without = own if own.items is None else first
            raise ValueError(
                f"all snapshots must have names of items, or none; {printable(without.name)} has none"
            )
        if own.items is None:
            numbers = np.arange(size_of(own))
            if size_of(own) != size_of(first):
                raise ValueError(
                    "snapshots without names of items must have as many items each, matched by number; "
                    f"got {size_of(first)} and {size_of(own)}"
                )
        else:
            numbers = self._by_name(own)
        more = int(numbers.max(initial=-1)) + 1 - self.places.size
        self.places = np.concatenate([self.places, self._rng.random(max(0, more))])
        return numbers

    def names(self) -> list[str]:
        """Return the names of the numbered items, in the order of their numbers; empty where snapshots have none."""
        return list(self._known)

    def _by_name(self, own: OwnMatrix) -> NDArray[np.int64]:
        seen: set[str] = set()
        numbers = np.empty(len(cast(Any, own.items)), dtype=np.int64)
        for row, name in enumerate(map(str, cast(Any, own.items))):
            if name in seen:
                raise ValueError(
                    f"the items of a snapshot must have different names; {printable(own.name)} names "
                    f"'{printable(name)}' twice"
                )
            seen.add(name)
            numbers[row] = self._known.setdefault(name, len(self._known))
        return numbers


def size_of(own: OwnMatrix) -> int:
    """Return the number of rows of vectors, or of items of a log or a graph."""
    return int(own.data.shape[1] if own.kind == "interactions" else own.data.shape[0])
