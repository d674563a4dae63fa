"""Which vectors does a matrix of one's own have? An embedding's own, on their principal axes, or those of a graph or of a log.

| kind | vectors at rank f |
|---|---|
| embedding | the rows on their first f principal axes; with `all_columns` the rows as they are, f all of them |
| graph | U|Lambda|^p of the graph, or of another operator of it (`theory.OPERATORS`), p by the scaling |
| interactions | U|Lambda|^p of their PPMI matrix, or of their counts |

An embedding that lies in a file of more than `in_memory` bytes stays there (`vectors_in_file`), with the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.real.left_out import left_out
from experiments.real.nulls import Kind
from experiments.real.vectors_in_file import float_rows, stays_in_file
from simulate.pages import forget_pages, is_mapped
from theory.analysis.inputs import as_rows
from theory.analysis.peaks_of_file import IN_MEMORY

NARROW = 2**26  # bytes of a mapped file, from which on single precision stays single


@dataclass(frozen=True)
class Taken:
    """What of the data is embedded, and how many bytes of vectors are held in memory."""

    scaling: theory.Scaling = "full"
    top_k: int | None = None
    operator: str | None = None
    all_columns: bool = False
    in_memory: int = IN_MEMORY

    def vectors(self, embedding: theory.Embedding, kind: Kind, rank: int) -> NDArray[Any]:
        """Return the vectors at a rank; of an embedding, which comes in its scaling, without a copy."""
        return embedding.basis[:, :rank] if kind == "embedding" else embedding.vectors(self.scaling, rank)


def embed(
    data: Any, kind: Kind, rank: int, taken: Taken
) -> tuple[theory.Embedding, NDArray[np.int64], tuple[str, ...]]:
    """Return the embedding at `rank`, at most that of the matrix, which items its rows are, and a sentence on the others."""
    if kind == "embedding":
        turned = _columns_of(data, taken)
        # in the scaling in which the vectors come, so that all Lambda are 1
        return theory.Embedding(np.ones(turned.shape[1]), turned), np.arange(len(turned)), ()
    top_k = taken.top_k if kind == "interactions" else None
    found = theory.analyse(data, rank, kind=kind, operator=taken.operator, top_k=top_k)
    lacking = left_out(data.shape[1], found) if kind == "interactions" else ()
    return found.embedding, found.items, lacking


def _columns_of(data: Any, taken: Taken) -> NDArray[Any]:
    """The columns of an embedding that are taken, in memory or, where they stay there, in a file."""
    stays = stays_in_file(data, taken.in_memory)
    if taken.all_columns:
        return float_rows(data) if stays else np.asarray(as_rows(data), dtype=np.float64)
    # of a large mapped file single precision stays single, since twice the file would be needed
    narrow = is_mapped(data) and data.dtype == np.float32 and data.nbytes > NARROW
    rows = float_rows(data) if stays else data
    turned = theory.on_principal_axes(rows, dtype="float32" if narrow else "float64", on_disk=stays)
    forget_pages(data)
    return turned
