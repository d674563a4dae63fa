"""A log beside vectors that were made from it: which of its items does each vector belong to?

A row is joined to the item of the log that has its very name, as text. Nothing else is tried: a name that the log lacks is
counted and said, of a name that occurs twice the first row counts, and vectors without names, or without a name in common with
the log, are refused. Pairs held out are joined by the names of items and of contexts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices import RealMatrix, load
from experiments.matrices.catalogue import names
from experiments.matrices.named_vectors import name_of
from experiments.matrices.real_matrix import from_pairs


@dataclass(frozen=True, eq=False)
class JoinedLog:
    """A log and, for each row of the vectors, its item there.

    `known` (contexts, items) is the log; items that only the pairs held out have come last. `place` (n,) is the column of each
    row, -1 for a row that neither holds. `popularity` (n,) counts the contexts of the log that hold a row's item, NaN where
    none does. `asked` (contexts, items) holds the pairs held out, without those that the log holds too; None where none were
    given. `notes` say what was joined.
    """

    known: sparse.csr_array
    place: NDArray[np.int64]
    popularity: NDArray[np.float64]
    asked: sparse.csr_array | None
    notes: tuple[str, ...]


def joined_log(
    name: str,
    ids: NDArray[Any] | None,
    log: str,
    held_out: str | None,
    reading: Mapping[str, Any],
) -> JoinedLog:
    """Return a log joined to the rows `ids` of the vectors `name`.

    Parameters
    ----------
    log, held_out
        files, or names of the catalogue, of interactions.
    reading
        options of `experiments.matrices.load`, the same for both.

    Raises
    ------
    ValueError, OSError
        for vectors without names, nothing in common, a log without names of its items, or files that cannot be read.
    """
    if ids is None:
        raise ValueError(
            f"{name} must have names to be joined with {log}; its rows have none (a file of vectors with names, such as .vec, "
            ".csv, .parquet or an .npz with an array of names, has them)"
        )
    real = _interactions(log, reading)
    called = _names(real, log)
    row_of: dict[str, int] = {}
    for row, item in enumerate(map(name_of, ids)):
        row_of.setdefault(item, row)
    shared = [k for k, item in enumerate(called) if item in row_of]
    if not shared:
        raise ValueError(
            f"{log} must have items in common with {name}; none of its {len(called):,} items, such as {called[0]!r}, is among "
            f"the {len(ids):,} names of the vectors, such as {name_of(ids[0])!r} "
            "(--columns says which columns hold contexts and items)"
        )
    notes = [f"{len(shared):,} of {len(ids):,} vectors are items of {log}, which holds {len(called):,}"]
    if repeated := len(ids) - len(row_of):
        notes.append(
            f"{repeated:,} vectors have a name that came before; only the first of a name was joined"
        )
    known = real.interactions
    assert known is not None
    asked = None
    if held_out is not None:
        known, asked, called, said = _held_out(real, called, held_out, reading)
        notes += said
    place = np.full(len(ids), -1, dtype=np.int64)
    counts = np.bincount(known.indices, minlength=known.shape[1])
    popularity = np.full(len(ids), np.nan)
    for k, item in enumerate(called):
        if item in row_of:
            place[row_of[item]] = k
            popularity[row_of[item]] = counts[k] or np.nan
    return JoinedLog(known, place, popularity, asked, tuple(notes))


def _interactions(log: str, reading: Mapping[str, Any]) -> RealMatrix:
    """A file read as interactions, whatever its shape; a data set by its name must hold some."""
    real = load(log, kind=None if log in names() else "interactions", **reading)
    if real.interactions is None:
        raise ValueError(f"{log} must hold interactions to be joined with vectors; it holds a graph")
    return real


def _names(real: RealMatrix, log: str) -> list[str]:
    if real.items is None:
        raise ValueError(f"{log} must have names of its items to be joined with vectors; it has none")
    return [name_of(item) for item in real.items]


def _held_out(
    real: RealMatrix, called: list[str], held_out: str, reading: Mapping[str, Any]
) -> tuple[sparse.csr_array, sparse.csr_array, list[str], list[str]]:
    """The log with columns for items that only the pairs held out have, these pairs, all names, and sentences."""
    known = real.interactions
    more = _interactions(held_out, reading)
    assert known is not None and more.interactions is not None
    if real.contexts is None or more.contexts is None:
        raise ValueError(f"{held_out} must have names of its contexts to be joined with the log; it has none")
    context_of = {name_of(context): k for k, context in enumerate(real.contexts)}
    column_of = {item: k for k, item in enumerate(called)}
    columns = [column_of.setdefault(item, len(column_of)) for item in _names(more, held_out)]
    pairs = more.interactions.tocoo()
    contexts = np.array([context_of.get(name_of(c), -1) for c in more.contexts])[pairs.coords[0]]
    items, strange = np.array(columns)[pairs.coords[1]], int((contexts < 0).sum())
    shape = (known.shape[0], len(column_of))
    wide = sparse.csr_array((known.data, known.indices, known.indptr), shape=shape)
    asked = from_pairs(contexts[contexts >= 0], items[contexts >= 0], shape)
    new = sparse.csr_array(asked - asked.multiply(wide > 0))
    new.eliminate_zeros()
    if not new.nnz:
        raise ValueError(_nothing_new(held_out, pairs.nnz, strange))
    notes = [f"{new.nnz:,} of {pairs.nnz:,} pairs of {held_out} are asked for"]
    if strange:
        notes.append(f"{strange:,} pairs of {held_out} are of contexts that the log lacks")
    if asked.nnz > new.nnz:
        notes.append(f"{asked.nnz - new.nnz:,} pairs of {held_out} are in the log too")
    return wide, new, list(column_of), notes


def _nothing_new(held_out: str, pairs: int, strange: int) -> str:
    """Why no pair held out can be asked for: `strange` are of contexts that the log lacks, and it holds the others."""
    if not strange:
        return f"all {pairs:,} pairs of {held_out} are in the log already; give pairs that are not"
    lacks = f"{'all ' * (strange == pairs)}{strange:,} {f'of the {pairs:,} ' * (strange < pairs)}pairs of {held_out}"
    rest = "" if strange == pairs else ", which holds the others already"
    return f"{lacks} are of contexts that are not in the log{rest}; give pairs of contexts of the log that it does not hold"
