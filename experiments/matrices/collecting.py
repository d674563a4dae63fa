"""Pairs collected while a file is read: 8 bytes per pair, 16 with times, and one copy of each name.

Contexts and items are numbered as they first appear; a pair counts once however often it is listed.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.finishing import finish_interactions
from experiments.matrices.identifiers import note_on_numbers, whole_numbers
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

    def plain_ids(self) -> tuple[str, ...]:
        """Join ids that are one whole number in several forms (`identifiers`), and say so.

        >>> collector = PairCollector()
        >>> for context, item in (("1", "99999"), ("1.0", "1e+05"), ("2.0", "100000")):
        ...     collector.add(context, item)
        >>> notes = collector.plain_ids()
        >>> list(collector.contexts), list(collector.items), len(notes)
        (['1', '2'], ['99999', '100000'], 2)
        """
        notes: tuple[str, ...] = ()
        for what, known, places in (
            ("context", self.contexts, self._rows),
            ("item", self.items, self._columns),
        ):
            plain = whole_numbers(map(str, known))
            notes += note_on_numbers(what, plain)
            if plain:
                names = [plain.get(name, name) for name in map(str, known)]
                known.clear()
                joined = _numbered(names, np.array(places, dtype=np.int32), known)
                places[:] = array("i", joined.tobytes())
        return notes

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
        return finish_interactions(
            name,
            np.array(self._rows),
            np.array(self._columns),
            (len(self.contexts), len(self.items)),
            times=np.array(self._times) if self._times else None,
            items=object_names(map(str, self.items) if item_names is None else item_names),
            contexts=object_names(map(str, self.contexts) if context_names is None else context_names),
            notes=notes,
            **more,
        )


def _numbered(
    names: Sequence[Hashable], codes: NDArray[np.int32], known: dict[Hashable, int]
) -> NDArray[np.int32]:
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int32)[codes]
