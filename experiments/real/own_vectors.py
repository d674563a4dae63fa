"""Vectors of one's own as a comparison takes them: on their principal axes, with the names, labels and notes of their items.

The rows X = U S V' of a file have the norms and cosines of U S, their coordinates on the principal axes (Eckart and Young 1936).
They are kept as an embedding of eigenvalues S and basis U, so that its scaling `full` is the vectors as they come, and its
first f dimensions hold as much of their squared norms as f dimensions can. X X' = U S^2 U' is what their products are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.matrices.item_table import ItemsFrom, join_items
from experiments.real.at_one_rank import norms_are_equal
from experiments.real.joined_log import JoinedLog, joined_log
from experiments.real.named_errors import errors_of
from experiments.real.named_spikes import NamedRows, shown_name
from experiments.real.own_matrices import read_own
from experiments.running.one_task import one_thread
from theory.analysis.inputs import as_rows

HIGHEST = 64  # principal axes that are described, where no rank is given
OF_ITEMS = ("items", "id_column", "name_column", "label_column")
OF_LOG = ("columns", "time_unit", "format")  # options that only a log has
OF_TEXT = ("separator", "header")  # options of the log where there is one, else of the vectors


@dataclass(frozen=True, eq=False)
class OwnVectors:
    """Vectors of one's own: `embedding` (n, r), their first principal axes, and `columns` (n, c), the numbers as they came
    (divided by a power of two where squares would overflow).

    `ids` (n,) are the names in the file, by which rows are joined, None where it has none; `items` (n,) the names to show;
    `labels` (n,) numbers into `label_names`, -1 unknown. `log` is the log that they came from, where it is given.
    """

    name: str
    embedding: theory.Embedding
    columns: NDArray[Any]
    ids: NDArray[Any] | None
    items: list[str]
    labels: NDArray[np.int64] | None
    label_names: NDArray[Any] | None
    notes: tuple[str, ...]
    log: JoinedLog | None

    @property
    def kind(self) -> str:
        """As a comparison calls it."""
        return "embedding"

    @property
    def popularity(self) -> NDArray[np.float64] | None:
        """(n,) contexts of the log that hold each item, NaN for an item that is not in it; None without a log."""
        return None if self.log is None else self.log.popularity

    def rows(self, rank: int) -> NDArray[np.float64]:
        """The vectors on their first `rank` principal axes."""
        return np.asarray(self.embedding.vectors("full", rank), dtype=np.float64)

    def named(self, rank: int) -> NamedRows:
        """The vectors at a rank with their spikes and all that is known of their items."""
        rows = self.rows(rank)
        partition = theory.partition_by_spikes(rows)
        return NamedRows(rows, partition, self.items, self.labels, self.label_names, self.popularity)


def read_vectors_and_log(
    name: str,
    most: int,
    reading: Mapping[str, Any],
    log: str | None = None,
    held_out: str | None = None,
) -> OwnVectors:
    """Return the vectors of a file, joined by names to a log.

    Parameters
    ----------
    name
        a file of any format of `experiments.read_own`.
    most
        how many principal axes, at least 1.
    reading
        options of reading: those of a table of items; `vector_columns` and, without a table, `name_column` of the vectors; the
        others as `vector_reading` and `log_reading` divide them.
    log
        a file, or a name of the catalogue, of the interactions that the vectors were made from.
    held_out
        interactions that they were not made from.

    Raises
    ------
    ValueError, OSError
        as `read_own` and `joined_log`.
    """
    own = read_own(name, "embedding", **vector_reading(reading, log is not None))
    columns = as_rows(own.data)
    with one_thread(), errors_of(Path(name).name):  # the last bits of a product depend on the threads of BLAS
        turned = theory.on_principal_axes(columns, most)
        scale = np.linalg.norm(turned, axis=0)
    cut = min(most, columns.shape[1]) - len(scale)
    embedding = theory.Embedding(scale, turned / scale, n_cut=cut)
    ids, items, notes = own.items, own.items, own.notes
    labels, label_names = None, None
    if "items" in reading:
        joined = join_items(ids, len(columns), ItemsFrom(*(reading.get(key) for key in OF_ITEMS)))
        items, labels, label_names = joined.names, joined.labels, joined.label_names
        notes = (*notes, *joined.notes)
    joined_to = None
    if log is not None:
        joined_to = joined_log(Path(name).name, ids, log, held_out, log_reading(reading))
        notes = (*notes, *joined_to.notes)
    shown = [f"row {k + 1}" for k in range(len(columns))] if items is None else [shown_name(x) for x in items]
    return OwnVectors(Path(name).name, embedding, columns, ids, shown, labels, label_names, notes, joined_to)


def vector_reading(reading: Mapping[str, Any], has_log: bool) -> dict[str, Any]:
    """Return the options of reading that are of the vectors: not those of the table of items, and not those of the log.

    >>> sorted(vector_reading({"columns": ("u", "i"), "separator": ";", "encoding": "latin-1"}, True))
    ['encoding']
    >>> vector_reading({"name_column": "word"}, False), vector_reading({"items": "x.csv", "name_column": "title"}, False)
    ({'name_column': 'word'}, {})
    """
    others = {"kind", *OF_ITEMS[1:]} if "items" in reading else {"kind"}
    others |= {"items"} | ({*OF_LOG, *OF_TEXT} if has_log else set())
    return {key: value for key, value in reading.items() if key not in others}


def log_reading(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of reading that are of the log and of the pairs held out.

    >>> log_reading({"columns": ("u", "i"), "vector_columns": ("x*",), "kind": "embedding"})
    {'columns': ('u', 'i')}
    """
    others = {"kind", "vector_columns", *OF_ITEMS}
    return {key: value for key, value in reading.items() if key not in others}


def about_axes(own: OwnVectors, rank: int) -> tuple[str, ...]:
    """Sentences on which axes are described, and on norms that order nothing.

    Parameters
    ----------
    rank
        f, at most the rank of the embedding.
    """
    norms = np.sqrt(np.einsum("ij,ij->i", own.columns, own.columns, dtype=np.float64))
    squares, columns = own.embedding.eigenvalues**2, own.columns.shape[1]
    said = f"the vectors were turned to their principal axes; the first {rank} of {columns:,} are described"
    if rank < columns and not own.embedding.n_cut:
        share = squares[:rank].sum() / (norms**2).sum()
        said += f", which hold {min(share, 1):.0%} of the squared norms (--rank takes more)"
    elif own.embedding.n_cut:
        said += f"; {own.embedding.n_cut:,} columns add no axis"
    if norms_are_equal(norms):
        return (said, "all norms are equal: which rows are loudest then follows from rounding")
    return (said,)
