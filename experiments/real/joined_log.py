"""A log beside vectors that were made from it: which of its items does each vector belong to?

A row is joined to the item of the log that has its very name, as text. Nothing else is tried: a name that the log lacks is
counted and said, of a name that occurs twice the first row counts, and vectors without names, or without a name in common with
the log, are refused. Where less than half of the vectors are joined, a warning names some that are not.

Pairs held out are joined by the names of items and of contexts. A pair whose item no vector names cannot be asked for, and one
whose context the log lacks, or of which it holds no item with a vector, has nothing to ask with: both are left out, counted and
said, so that recall is that of the vectors among the items that they name. To count such pairs as missed would measure which
items were given a vector, mixed with how good the vectors are; multiply recall by the share asked for to have it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
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
    real = _interactions(log, reading, "log")
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
    if 2 * len(shared) < len(row_of):
        notes.append(_warning(name, log, row_of, called))
    if repeated := len(ids) - len(row_of):
        notes.append(
            f"{repeated:,} vectors have a name that came before; only the first of a name was joined"
        )
    known = real.interactions
    assert known is not None
    asked = None
    if held_out is not None:
        known, asked, called, said = _held_out(real, called, held_out, reading, row_of)
        notes += said
    place = np.full(len(ids), -1, dtype=np.int64)
    counts = np.bincount(known.indices, minlength=known.shape[1])
    popularity = np.full(len(ids), np.nan)
    for k, item in enumerate(called):
        if item in row_of:
            place[row_of[item]] = k
            popularity[row_of[item]] = counts[k] or np.nan
    return JoinedLog(known, place, popularity, asked, tuple(notes))


def _warning(name: str, log: str, row_of: Mapping[str, int], called: list[str]) -> str:
    """That less than half of the vectors are joined, with some names of each side that are not."""
    in_log = set(called)
    text = f"warning: less than half of the vectors are joined; {name} alone has {_some(x for x in row_of if x not in in_log)}"
    alone = _some(item for item in called if item not in row_of)
    return f"{text}, {log} alone has {alone}" if alone else text


def _some(names: Iterable[str]) -> str:
    """The first two of some names."""
    return " and ".join(map(repr, islice(names, 2)))


def _interactions(log: str, reading: Mapping[str, Any], option: str) -> RealMatrix:
    """A file read as interactions, whatever its shape; a data set by its name must hold some."""
    try:
        real = load(log, kind=None if log in names() else "interactions", **reading)
    except ValueError as error:
        if str(error).startswith("matrix must"):  # a file that is not there
            raise ValueError(str(error).replace("matrix must", f"{option} must", 1)) from None
        raise
    if real.interactions is None:
        raise ValueError(f"{log} must hold interactions to be joined with vectors; it holds a graph")
    return real


def _names(real: RealMatrix, log: str) -> list[str]:
    if real.items is None:
        raise ValueError(f"{log} must have names of its items to be joined with vectors; it has none")
    return [name_of(item) for item in real.items]


def _held_out(
    real: RealMatrix, called: list[str], held_out: str, reading: Mapping[str, Any], row_of: Mapping[str, int]
) -> tuple[sparse.csr_array, sparse.csr_array, list[str], list[str]]:
    """The log with columns for items that only the pairs held out have, these pairs, all names, and sentences."""
    known = real.interactions
    more = _interactions(held_out, reading, "held_out")
    assert known is not None and more.interactions is not None
    if real.contexts is None or more.contexts is None:
        raise ValueError(f"{held_out} must have names of its contexts to be joined with the log; it has none")
    context_of = {name_of(context): k for k, context in enumerate(real.contexts)}
    column_of = {item: k for k, item in enumerate(called)}
    of_held_out = _names(more, held_out)
    columns = [column_of.setdefault(item, len(column_of)) for item in of_held_out]
    shape = (known.shape[0], len(column_of))
    wide = sparse.csr_array((known.data, known.indices, known.indptr), shape=shape)
    can_ask = wide @ np.array([item in row_of for item in column_of], dtype=np.float64) > 0
    pairs = more.interactions.tocoo()
    contexts = np.array([context_of.get(name_of(c), -1) for c in more.contexts])[pairs.coords[0]]
    items = np.array(columns)[pairs.coords[1]]
    nameless = ~np.array([item in row_of for item in of_held_out])[pairs.coords[1]]
    strange = ~nameless & (contexts < 0)
    silent = ~nameless & ~strange & ~can_ask[contexts]
    kept = ~(nameless | strange | silent)
    asked = from_pairs(contexts[kept], items[kept], shape)
    new = sparse.csr_array(asked - asked.multiply(wide > 0))
    new.eliminate_zeros()
    without = _some(item for item in of_held_out if item not in row_of)
    lacking = _some(name for c in more.contexts if (name := name_of(c)) not in context_of)
    left_out = [
        f"{count:,} pairs of {held_out} {why}"
        for count, why in (
            (
                int(nameless.sum()),
                f"are of items that no vector names, such as {without}: left out, not counted as missed",
            ),
            (int(strange.sum()), f"are of contexts that the log lacks, such as {lacking}: left out"),
            (int(silent.sum()), "are of contexts of which the log holds no item with a vector: left out"),
            (asked.nnz - new.nnz, "are in the log too: left out"),
        )
        if count
    ]
    if not new.nnz:
        raise ValueError(_nothing_new(held_out, pairs.nnz, int(strange.sum()), left_out))
    notes = [f"{new.nnz:,} of {pairs.nnz:,} pairs of {held_out} are asked for", *left_out]
    return wide, new, list(column_of), notes


def _nothing_new(held_out: str, pairs: int, strange: int, left_out: list[str]) -> str:
    """Why no pair held out can be asked for, where `strange` are of contexts that the log lacks."""
    reasons = "; ".join(left_out)
    if strange == pairs:
        return f"all {pairs:,} pairs of {held_out} are of contexts that are not in the log; give pairs of contexts of the log"
    if len(left_out) == 1 and left_out[0].endswith("are in the log too: left out"):
        return f"all {pairs:,} pairs of {held_out} are in the log already; give pairs that are not"
    return (
        f"held_out {held_out} must hold pairs of contexts of the log that it does not hold, of items that a vector names; none "
        f"of its {pairs:,} pairs can be asked for ({reasons})"
    )
