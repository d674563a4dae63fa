"""Compiled loops of `theory.analysis.cooccurrence` and `ppmi`: counting the partners of items, and the positive entries of PPMI.

Rows are counted one at a time in one accumulator a thread, so that the full count matrix never exists.
"""

from __future__ import annotations

import numpy as np

from simulate.compiled import compiled


@compiled(nogil=True)
def count_rows(  # type: ignore[no-untyped-def]
    item_ptr,
    item_contexts,
    item_places,
    context_ptr,
    context_items,
    context_counts,
    accumulator,
    first,
    last,
    least,
    limit,
    paper,
    weighted,
    later,
):
    """Count the partners of items first..last, those of at least `least`, and of these the `limit` largest.

    `item_places` are the places of an item within `context_items`, which are sorted in each context: with `later` only the
    items after it are counted. `weighted` multiplies the counts of a pair; otherwise each context adds 1.
    Returns the number of entries of each row, and their columns and values.
    """
    n = len(accumulator)
    touched = np.empty(n + 1, np.int32)  # one more is written than counts
    lengths = np.zeros(last - first, np.int64)
    room = 1024
    columns, values = np.empty(room, np.int32), np.empty(room, accumulator.dtype)
    filled = 0
    for i in range(first, last):
        number = 0
        for e in range(item_ptr[i], item_ptr[i + 1]):
            context, place = item_contexts[e], item_places[e]
            begin = place + 1 if later else context_ptr[context]
            for k in range(begin, context_ptr[context + 1]):
                j = context_items[k]
                # no branch: whether an item is new is hard to foretell
                touched[number] = j
                number += accumulator[j] == 0
                if weighted:
                    accumulator[j] += context_counts[place] * context_counts[k]
                else:
                    accumulator[j] += 1
        accumulator[i] = 0
        kept = 0
        if 16 * number > n:
            # so many that passing over all items in order is cheaper than sorting
            chosen = np.empty(number, np.int32)
            for j in range(n):
                if accumulator[j] >= least:
                    chosen[kept] = j
                    kept += 1
            chosen = chosen[:kept]
        else:
            chosen = np.empty(number, np.int32)
            for t in range(number):
                if accumulator[touched[t]] >= least:
                    chosen[kept] = touched[t]
                    kept += 1
            chosen = chosen[:kept]
            chosen.sort()
        if paper:
            split = np.searchsorted(chosen, i)
            chosen = np.concatenate(
                (_best(chosen[:split], accumulator, limit), _best(chosen[split:], accumulator, limit))
            )
        else:
            chosen = _best(chosen, accumulator, limit)
        while filled + chosen.size > room:
            room *= 2
            more_columns, more_values = np.empty(room, np.int32), np.empty(room, values.dtype)
            more_columns[:filled], more_values[:filled] = columns[:filled], values[:filled]
            columns, values = more_columns, more_values
        for j in chosen:
            columns[filled] = j
            values[filled] = accumulator[j]
            filled += 1
        lengths[i - first] = chosen.size
        for t in range(number):
            accumulator[touched[t]] = 0
    return lengths, columns[:filled].copy(), values[:filled].copy()


@compiled(nogil=True)
def _best(chosen, accumulator, limit):  # type: ignore[no-untyped-def]
    """The `limit` items of largest count, ties to the smaller index, in the order of their indices."""
    if chosen.size <= limit:
        return chosen
    # a stable sort of indices already ascending breaks ties as promised
    order = np.argsort(-accumulator[chosen], kind="mergesort")[:limit]
    order.sort()
    return chosen[order]


@compiled(nogil=True)
def positive_entries(indptr, indices, counts, occurrences, contexts, shift, first, last):  # type: ignore[no-untyped-def]
    """Return ln(N C_ij / (c_i c_j)) - shift of rows first..last where it is positive.

    As the number of entries of each row, and their columns and values.
    """
    start = indptr[first]
    room = indptr[last] - start
    lengths = np.zeros(last - first, np.int64)
    columns, values = np.empty(room, indices.dtype), np.empty(room, np.float64)
    filled = 0
    for i in range(first, last):
        before = filled
        for e in range(indptr[i], indptr[i + 1]):
            j = indices[e]
            value = np.log(contexts * counts[e] / (occurrences[i] * occurrences[j])) - shift
            if value > 0.0:
                columns[filled] = j
                values[filled] = value
                filled += 1
        lengths[i - first] = filled - before
    return lengths, columns[:filled].copy(), values[:filled].copy()
