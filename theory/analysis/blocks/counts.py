"""Co-occurrence counts and PPMI of a block of items, to the bit those of `theory.analysis.cooccurrence` and `ppmi`.

Of the contexts only those that hold an item of the block are gathered. With `top_k` a pair stays when each of its items is among
the partners that the other keeps. What an item keeps is told by two numbers, the least count that it keeps and the last item that
it keeps at this count, so that a block is cut without the transposed matrix:

    j keeps i   if and only if   C_ij > least_j,   or   C_ij = least_j  and  i <= last_j.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from theory.analysis.blocks.contexts import ContextPart
from theory.kernels.partner_counts import count_rows, positive_entries

GATHERED = (
    40  # bytes for each item of the contexts gathered, and for each context that holds an item of the block
)
COUNTED = 48  # bytes of a pair while it is counted


@dataclass(frozen=True, eq=False)
class CountedBlock:
    """Counts of the items `first` to `first` + len(lengths) - 1 with all others, before the other item's cut.

    Attributes
    ----------
    lengths : (rows,) partners that each keeps.
    columns, counts : of all rows, one after the other; columns sorted in each.
    least, last : (rows,) what each keeps: counts above `least`, and at `least` items up to `last`.
    """

    first: int
    lengths: NDArray[np.int64]
    columns: NDArray[np.int32]
    counts: NDArray[np.int32]
    least: NDArray[np.int32]
    last: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class WeighedBlock:
    """PPMI of a block: `lengths` (rows,), `columns` and `weights` of all rows, one after the other."""

    lengths: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: NDArray[np.float64]


def count_block(
    parts: Iterable[ContextPart], first: int, last: int, n: int, *, min_count: int, top_k: int | None
) -> CountedBlock:
    """Count the partners of the items `first` to `last` - 1 of `n`, and keep those that each item keeps.

    Time is of order of the squared lengths of the contexts gathered; memory that of these contexts and of the pairs kept, and
    8 bytes for each of the n items.

    Examples
    --------
    >>> from theory.analysis.blocks.contexts import context_part
    >>> part = context_part(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 1, 2], np.int32), 3)
    >>> found = count_block([part], 0, 2, 3, min_count=1, top_k=1)
    >>> found.lengths.tolist(), found.columns.tolist(), found.counts.tolist(), found.last.tolist()
    ([1, 1], [1, 0], [2, 2], [1, 0])
    """
    starts, items, owners, contexts, places = _gathered(parts, first, last)
    order = np.argsort(owners, kind="stable")
    of_item = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(owners - first, minlength=last - first), out=of_item[first + 1 : last + 1])
    limit = n if top_k is None else top_k
    lengths, columns, counts = count_rows(
        *(of_item, contexts[order], places[order], starts, items, np.zeros(0)),
        *(np.zeros(n, np.int32), first, last, min_count, limit, False, False, False),
    )
    least, final = _kept(lengths, columns, counts, limit)
    return CountedBlock(first, lengths, columns, counts, least, final)


def weigh_block(
    block: CountedBlock,
    least: NDArray[np.int32],
    last: NDArray[np.int32],
    occurrences: NDArray[np.float64],
    n_contexts: int,
    shift: float,
) -> WeighedBlock:
    """Return the PPMI of a block: of the pairs that both items keep, the positive entries.

    Parameters
    ----------
    least, last : (n,) of all items, as in `CountedBlock`.
    occurrences : (n,) contexts that hold each item, smoothed where that is asked for.
    shift : as in `theory.ppmi`.

    Examples
    --------
    >>> none, all_, c = np.zeros(3, np.int32), np.full(3, 3, np.int32), np.array([2.0, 2.0, 1.0])
    >>> block = CountedBlock(0, np.array([1]), np.array([1], np.int32), np.array([2], np.int32), none[:1], all_[:1])
    >>> weigh_block(block, none, all_, c, 4, 0.0).weights.round(3).tolist()
    [0.693]
    """
    rows = np.repeat(np.arange(block.first, block.first + len(block.lengths)), block.lengths)
    bar = least[block.columns]
    both = (block.counts > bar) | ((block.counts == bar) & (rows <= last[block.columns]))
    lengths = np.bincount(rows[both] - block.first, minlength=len(block.lengths))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    own = occurrences[block.first : block.first + len(block.lengths)]
    found = positive_entries(
        *(starts, block.columns[both], block.counts[both].astype(np.float64), own, occurrences),
        *(n_contexts, shift, 0, len(block.lengths)),
    )
    return WeighedBlock(*found)


def smoothed(occurrences: NDArray[np.float64], smoothing: float) -> NDArray[np.float64]:
    """Return sqrt(c c'), c' = c^smoothing scaled to the sum of c: what takes the place of c in `theory.ppmi`.

    >>> smoothed(np.array([4.0, 4.0, 0.0]), 0.5).tolist()
    [4.0, 4.0, 0.0]
    """
    if smoothing >= 1.0:
        return occurrences
    powered = np.where(occurrences > 0, occurrences, 1.0) ** smoothing * (occurrences > 0)
    return np.asarray(np.sqrt(occurrences * powered * occurrences.sum() / powered.sum()))


def _kept(
    lengths: NDArray[np.int64], columns: NDArray[np.int32], counts: NDArray[np.int32], limit: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The least count that each row keeps, and the last item at this count; 0 for a row that keeps all it has."""
    least, last = np.zeros((2, len(lengths)), np.int32)
    ends = np.cumsum(lengths)
    full = np.flatnonzero(lengths == limit)
    for row in full:
        some = slice(int(ends[row] - lengths[row]), int(ends[row]))
        least[row] = counts[some].min()
        last[row] = columns[some][counts[some] == least[row]][-1]
    return least, last


def _gathered(
    parts: Iterable[ContextPart], first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """The contexts that hold an item of the block: their starts and items; and of each such item, context and place there."""
    starts: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
    items: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
    of_block: list[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]] = []
    contexts = filled = 0
    for part in parts:
        low, high = np.searchsorted(part.ordered, [first, last])
        places = np.asarray(part.places[low:high])
        owner = np.searchsorted(part.starts, places, side="right") - 1
        used, rank = np.unique(owner, return_inverse=True)
        begin = np.asarray(part.starts[used])
        lengths = part.starts[used + 1] - begin
        new = np.cumsum(lengths) - lengths
        total = int(lengths.sum())
        items.append(part.items[np.arange(total) + np.repeat(begin - new, lengths)])
        starts.append(filled + np.cumsum(lengths))
        moved = places - begin[rank] + new[rank] + filled
        of_block.append((np.asarray(part.ordered[low:high]), rank + contexts, moved))
        contexts, filled = contexts + used.size, filled + total
    owners, ranks, moved = (np.concatenate([one[k] for one in of_block]) for k in range(3))
    return np.concatenate(starts), np.concatenate(items), owners, ranks, moved
