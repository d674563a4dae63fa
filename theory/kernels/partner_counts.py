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
        else:
            chosen = np.empty(number, np.int32)
            for t in range(number):
                if accumulator[touched[t]] >= least:
                    chosen[kept] = touched[t]
                    kept += 1
            chosen[:kept].sort()
        if paper:
            split = 0
            while split < kept and chosen[split] < i:
                split += 1
            before = _keep_best(chosen, 0, split, 0, accumulator, limit)
            kept = before + _keep_best(chosen, split, kept, before, accumulator, limit)
        else:
            kept = _keep_best(chosen, 0, kept, 0, accumulator, limit)
        while filled + kept > room:
            room *= 2
            more_columns, more_values = np.empty(room, np.int32), np.empty(room, values.dtype)
            for t in range(filled):  # an assignment of a slice takes seconds to compile
                more_columns[t], more_values[t] = columns[t], values[t]
            columns, values = more_columns, more_values
        for t in range(kept):
            columns[filled] = chosen[t]
            values[filled] = accumulator[chosen[t]]
            filled += 1
        lengths[i - first] = kept
        for t in range(number):
            accumulator[touched[t]] = 0
    return lengths, columns[:filled].copy(), values[:filled].copy()


@compiled(nogil=True)
def _keep_best(chosen, first, last, into, accumulator, limit):  # type: ignore[no-untyped-def]
    """Move the `limit` items of largest count among chosen[first:last] to `into` and behind; return how many they are.

    Ties go to the smaller index, which stands first, as the items are in the order of their indices before and after.
    """
    if last - first <= limit:
        for t in range(first, last):
            chosen[into + t - first] = chosen[t]
        return last - first
    if limit < 1:
        return 0
    counts = np.empty(last - first, accumulator.dtype)
    for t in range(first, last):
        counts[t - first] = accumulator[chosen[t]]
    threshold = _largest(counts, limit)
    ties = limit
    for t in range(first, last):
        ties -= accumulator[chosen[t]] > threshold
    kept = 0
    for t in range(first, last):
        count = accumulator[chosen[t]]
        if count > threshold or (count == threshold and ties > 0):
            ties -= count == threshold
            chosen[into + kept] = chosen[t]
            kept += 1
    return kept


@compiled(nogil=True)
def _largest(counts, limit):  # type: ignore[no-untyped-def]
    """The `limit`-th largest of the counts, which are put in another order (Hoare's selection)."""
    low, high, place = 0, counts.size - 1, limit - 1
    while low < high:
        pivot = counts[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while counts[i] > pivot:
                i += 1
            while counts[j] < pivot:
                j -= 1
            if i <= j:
                counts[i], counts[j] = counts[j], counts[i]
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            break
    return counts[place]


@compiled(nogil=True)
def positive_entries(indptr, indices, counts, of_rows, occurrences, contexts, shift, first, last):  # type: ignore[no-untyped-def]
    """Return ln(N C_ij / (c_i c_j)) - shift of rows first..last where it is positive.

    As the number of entries of each row, and their columns and values. `of_rows` are the occurrences of the rows, which may be
    some of all items, `occurrences` those of all.
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
            value = np.log(contexts * counts[e] / (of_rows[i] * occurrences[j])) - shift
            if value > 0.0:
                columns[filled] = j
                values[filled] = value
                filled += 1
        lengths[i - first] = filled - before
    return lengths, columns[:filled].copy(), values[:filled].copy()
