"""Which inputs of a comparison share named items, and how does each such pair agree? The pairs, and their trial."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices.named_vectors import name_of
from experiments.real.description import named_rows
from experiments.real.named_side_by_side import FEWEST, NamedSide, beside_each_other, few_shared, shared_rows
from experiments.real.own_vectors import OwnVectors
from experiments.real.prepared import Prepared, prepared, prepared_vectors
from experiments.real.reading_options import options_of


def pairs_of(names: Sequence[str], known: Mapping[str, Sequence[str] | None]) -> list[tuple[str, str]]:
    """Return the pairs of inputs that share at least six items; `known` gives the names of the items of each, or None.

    >>> few = [f"song {k}" for k in range(9)]
    >>> pairs_of(["a", "b", "c"], {"a": few, "b": few[2:], "c": few[:3]})
    [('a', 'b')]
    """
    return [
        (one, other)
        for one, other in itertools.combinations(names, 2)
        if (first := known[one]) is not None
        and (second := known[other]) is not None
        and len(shared_rows(list(first), list(second))[0]) >= FEWEST
    ]


def pairs_apart(names: Sequence[str], known: Mapping[str, Sequence[str] | None]) -> list[str]:
    """Return a sentence on each pair of inputs that do not stand beside each other: how many items they share.

    >>> few = [f"song {k}" for k in range(9)]
    >>> pairs_apart(["a.npz", "c.npy"], {"a.npz": few, "c.npy": None})
    ['a.npz and c.npy do not stand beside each other: c.npy has no names']
    >>> pairs_apart(["a.npz", "b.npz"], {"a.npz": few, "b.npz": few[:5]})
    ['a.npz and b.npz do not stand beside each other: they share 5 named items, and 6 are needed']
    """
    told = []
    for one, other in itertools.combinations(names, 2):
        two = [Path(name).name for name in (one, other)]
        first, second = known[one], known[other]
        if first is None or second is None:
            which = " and ".join(name for name, of in zip(two, (first, second)) if of is None)
            why = f"{which} {'have' if first is second else 'has'} no names"
        else:
            both = len({*first} & {*second} - {""})
            if both >= FEWEST:
                continue
            why = f"they share {both} named item{'s' * (both != 1)}, and {FEWEST} are needed"
            warned = few_shared(list(first), list(second))
            why += f" ({warned})" if warned else ""
        told.append(f"{two[0]} and {two[1]} do not stand beside each other: {why}")
    return told


def item_names(own: Prepared | OwnVectors, titled: bool) -> list[str] | None:
    """Return the names by which items are joined, "" for a name that came before; None where there are none.

    Parameters
    ----------
    titled
        whether all names come from a table of items: of vectors, the ids in their file are taken otherwise.
    """
    if isinstance(own, OwnVectors):
        found = own.items if titled else own.ids
    else:
        found = None if own.real.items is None else np.asarray(own.real.items)[own.found.items]
    if found is None:
        return None
    seen: set[str] = set()
    names = []
    for name in map(name_of, found):
        names.append("" if name in seen else name)
        seen.add(name)
    return names


def pair_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Put two inputs beside each other; the row holds JSON text."""
    first = _side(cell, cell["matrix"], cell["rank"], cell["vectors"])
    second = _side(cell, cell["other"], cell["other_rank"], cell["other_vectors"])
    found = beside_each_other(first, second, rngs["draw"])
    return {"pair": json.dumps(found, separators=(",", ":"))}


def _side(cell: Mapping[str, Any], name: str, rank: int, vectors: bool) -> NamedSide:
    reading = options_of(cell["reading"])
    titled = "items" in reading
    if vectors:
        own = prepared_vectors(name, reading, rank=rank, log=cell["log"], held_out=cell["held_out"])
        rows, columns, labels = own.named(rank), own.columns, own.labels
        names = item_names(own, titled)
        log, place = own.log, None if own.log is None else own.log.place
    else:
        matrix = prepared(name, reading, binary=cell["binary"], rank=rank, operator=cell["operator"])
        rows = named_rows(matrix.real, matrix.found, rank)
        names, columns, labels, log, place = item_names(matrix, titled), rows.vectors, rows.labels, None, None
    kept = np.array([k for k, item in enumerate(names or ()) if item], dtype=np.int64)
    return NamedSide(
        [(names or [])[k] for k in kept],
        rows.vectors[kept],
        rows.partition.labels[kept] if rows.partition.resolved else np.full(len(kept), -1),
        np.asarray(columns)[kept],
        None if labels is None else labels[kept],
        None if place is None else place[kept],
        log,
    )
