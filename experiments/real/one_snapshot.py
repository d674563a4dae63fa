"""One snapshot of a catalogue: its items under numbers that all snapshots share, and the neighbours of some of them.

An item has one number in all snapshots, by its name, or by its row where no snapshot has names. Which items are compared is
decided by a random place that belongs to the item, so that snapshots of a large catalogue measure the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.real.left_out import left_out
from experiments.real.named_errors import errors_of
from experiments.real.neighbour_lists import Lists, Similarity, shown_k
from experiments.real.own_matrices import OwnMatrix
from experiments.real.statistics import RESIDUAL
from simulate.plain_text import printable
from theory.analysis.inputs import as_rows
from theory.analysis.pipeline import require_operator_of

RANK = 32  # dimensions of a log or a graph
MEASURED = 5000  # items whose neighbours are compared, at most
SCORES = 10**8  # similarities computed for a snapshot, at most


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
            numbers = np.arange(_size(own))
            if _size(own) != _size(first):
                raise ValueError(
                    "snapshots without names of items must have as many items each, matched by number; "
                    f"got {_size(first)} and {_size(own)}"
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


def _vectors_of(own: OwnMatrix, rank: int | None) -> tuple[NDArray[np.float64], str]:
    """The rows of an embedding as they come, or on their first principal axes, and what they are."""
    columns = np.asarray(as_rows(own.data), dtype=np.float64)
    if not columns.any():
        raise ValueError(
            f"{printable(own.name)} must hold vectors with a direction; all its {len(columns):,} vectors are zero"
        )
    if rank is None:
        return columns, "vectors as they are"
    turned = theory.on_principal_axes(columns, rank)
    return turned, f"vectors on the first {turned.shape[1]:,} of {columns.shape[1]:,} principal axes"


def _size(own: OwnMatrix) -> int:
    return int(own.data.shape[1] if own.kind == "interactions" else own.data.shape[0])


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What is kept of a snapshot.

    `items` (n,) are the numbers of the items of its analysis; `norms`, `popularity` (of a log) and `spike` (n,) belong to them.
    `near` (m, k) are the neighbours of the items `asked` (m,), which are sorted. `told` says what was analysed, and `notes` what
    was done while reading.
    """

    name: str
    items: NDArray[np.int64]
    norms: NDArray[np.float64]
    popularity: NDArray[np.float64] | None
    spike: NDArray[np.int64] | None
    asked: NDArray[np.int64]
    near: NDArray[np.int64]
    told: str
    notes: tuple[str, ...]


def snapshot_of(
    own: OwnMatrix,
    numbering: Numbering,
    k: int,
    *,
    similarity: Similarity,
    rank: int | None,
    operator: str | None = None,
    spikes: bool = False,
) -> Snapshot:
    """Return a snapshot with the k neighbours of at most 5,000 of its items, and with its `spikes` where they are asked for.

    With `rank` None vectors are taken as they are, and logs and graphs at f = 32; else vectors on so many principal axes.

    Raises
    ------
    ValueError
        for a k that is not below the items with a direction, or what `Numbering.of` and `theory.analyse` refuse.
    """
    numbers, popularity, lacking = numbering.of(own), None, tuple[str, ...]()
    if own.kind == "embedding":
        require_operator_of(own.kind, operator)
        vectors, told = _vectors_of(own, rank)
        items = numbers
    else:
        with errors_of(own.name):
            found = theory.analyse(own.data, rank or RANK, kind=own.kind, operator=operator, tol=RESIDUAL)
        lacking = left_out(_size(own), found)
        vectors = np.asarray(found.embedding.vectors("full"), dtype=np.float64)
        items, told = numbers[found.items], f"{own.kind}, f = {vectors.shape[1]}"
        popularity = found.popularity if own.kind == "interactions" else None
    live = np.flatnonzero(vectors.any(axis=1))
    if k >= live.size:
        raise ValueError(
            f"k must be less than the items with a direction, {live.size} in {printable(own.name)}; got {shown_k(k)}"
        )
    most = min(MEASURED, max(1, SCORES // live.size))
    rows = np.sort(live[np.argsort(numbering.places[items[live]], kind="stable")[:most]])
    near = Lists(vectors, items, live, similarity).of_rows(rows, k)
    by_number = np.argsort(items[rows], kind="stable")
    return Snapshot(
        own.name,
        items,
        np.linalg.norm(vectors, axis=1),
        popularity,
        theory.partition_by_spikes(vectors).labels if spikes else None,
        items[rows][by_number],
        near[by_number],
        told,
        (*own.notes, *lacking),
    )
