"""Pairs collected while a file is read: 8 bytes per pair, 16 with times, and one copy of each name.

Contexts and items are numbered as they first appear; a pair counts once however often it is listed.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices.real_matrix import RealMatrix


def object_names(names: Any) -> NDArray[np.object_]:
    """Return names as an object array; in a fixed-width array every name would take the room of the longest.

    >>> object_names(["a", "bc"])
    array(['a', 'bc'], dtype=object)
    """
    listed = list(names)
    out = np.empty(len(listed), dtype=object)
    out[:] = listed
    return out


class PairCollector:
    """Collects pairs (context, item) or triples (context, item, time), one at a time or by columns.

    Examples
    --------
    >>> collector = PairCollector()
    >>> for context, item in (("p", "x"), ("p", "y"), ("q", "y"), ("q", "y")):
    ...     collector.add(context, item)
    >>> matrix = collector.finish("toy")
    >>> matrix.interactions.toarray().tolist(), matrix.notes
    ([[1.0, 1.0], [0.0, 1.0]], ('1 of 4 pairs was listed before; each pair counts once',))
    """

    def __init__(self) -> None:
        self.contexts: dict[Hashable, int] = {}
        self.items: dict[Hashable, int] = {}
        self._rows, self._columns = array("i"), array("i")
        self._times = array("d")

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, context: Hashable, item: Hashable, time: float | None = None) -> None:
        """Add a pair; either every pair has a time (days since 1970-01-01) or none has."""
        self._rows.append(self.contexts.setdefault(context, len(self.contexts)))
        self._columns.append(self.items.setdefault(item, len(self.items)))
        if time is not None:
            self._times.append(time)

    def add_columns(
        self,
        contexts: tuple[Sequence[Hashable], NDArray[np.int32]],
        items: tuple[Sequence[Hashable], NDArray[np.int32]],
        times: NDArray[np.float64] | None = None,
    ) -> None:
        """Add pairs in their order: for each side its names, as they first appear, and for each pair the place of its name.

        >>> collector = PairCollector()
        >>> collector.add_columns((["p", "q"], np.array([0, 0, 1])), (["x", "y"], np.array([0, 1, 1])))
        >>> collector.finish("toy").interactions.toarray().tolist()
        [[1.0, 1.0], [0.0, 1.0]]
        """
        self._rows.frombytes(_numbered(*contexts, self.contexts).tobytes())
        self._columns.frombytes(_numbered(*items, self.items).tobytes())
        if times is not None:
            self._times.frombytes(times.tobytes())

    def finish(
        self,
        name: str,
        *,
        item_names: Any = None,
        context_names: Any = None,
        notes: tuple[str, ...] = (),
        **more: Any,
    ) -> RealMatrix:
        """Return the matrix; a repeated pair counts once, with its earliest time.

        Raises
        ------
        ValueError
            for fewer than two contexts or two items: nothing can co-occur.
        """
        if len(self.contexts) < 2 or len(self.items) < 2:
            raise ValueError(
                f"{name}: expected at least 2 contexts and 2 items; found {len(self.contexts)} "
                f"context(s) and {len(self.items)} item(s)"
            )
        rows, columns = np.array(self._rows), np.array(self._columns)
        times = np.array(self._times) if self._times else None
        if times is not None and len(times) != len(rows):
            raise ValueError(
                f"{name}: expected a time for each of {len(rows)} pairs; found {len(times)} times"
            )
        places = rows * np.int64(len(self.items)) + columns
        if times is None:
            places.sort()
        else:
            order = np.lexsort((times, places))
            places, times = places[order], times[order]
        first = np.ones(len(places), dtype=bool)
        first[1:] = places[1:] != places[:-1]
        repeated = int((~first).sum())
        if repeated:
            verb = "was" if repeated == 1 else "were"
            notes = (
                *notes,
                f"{repeated:,} of {len(rows):,} pairs {verb} listed before; each pair counts once",
            )
        rows, columns = np.divmod(places[first], len(self.items))
        shape = (len(self.contexts), len(self.items))
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
        index = np.int32 if len(rows) < 2**31 else np.int64
        x = sparse.csr_array((np.ones(len(rows)), columns.astype(index), indptr.astype(index)), shape=shape)
        return RealMatrix(
            name,
            interactions=x,
            items=object_names(map(str, self.items) if item_names is None else item_names),
            contexts=object_names(map(str, self.contexts) if context_names is None else context_names),
            times=None if times is None else times[first],
            notes=notes,
            **more,
        )


def _numbered(
    names: Sequence[Hashable], codes: NDArray[np.int32], known: dict[Hashable, int]
) -> NDArray[np.int32]:
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int32)[codes]
