"""Compiled loops of `theory.analysis.spikes` and `cones`: which candidate covers a row first, and which rows are left."""

import numpy as np

from simulate.compiled import compiled


@compiled(nogil=True)
def joined_pairs(products, cosine, margin):  # type: ignore[no-untyped-def]
    """Which later candidate j lies in the cone of which i (w, w), and the pairs (d, 2) too near to the threshold to say so."""
    w = len(products)
    joins, places = np.zeros((w, w), dtype=np.bool_), np.empty((16, 2), dtype=np.int64)
    found = 0
    for i in range(w):
        near = np.int32(0)  # without a branch, as in `first_above`
        for j in range(i + 1, w):
            joins[i, j] = products[i, j] > cosine
            near += np.int32(abs(products[i, j] - cosine) <= margin)
        if near == 0:
            continue
        for j in range(i + 1, w):
            if abs(products[i, j] - cosine) <= margin:
                if found == len(places):
                    places = np.concatenate((places, np.empty_like(places)))
                places[found, 0], places[found, 1] = i, j
                found += 1
    return joins, places[:found]


@compiled(nogil=True)
def uncovered(joins):  # type: ignore[no-untyped-def]
    """The candidates that no earlier one of them covers, in order."""
    is_open = np.ones(len(joins), dtype=np.bool_)
    for i in range(len(joins)):
        if is_open[i]:
            for j in range(i + 1, len(joins)):
                is_open[j] &= not joins[i, j]
    return np.flatnonzero(is_open)


@compiled(nogil=True)
def first_above(products, low, high, free, membership, first):  # type: ignore[no-untyped-def]
    """Set `first` to the first product above `high`; say where one between the two comes before it."""
    doubtful = np.zeros(len(products), dtype=np.bool_)
    for row in range(len(products)):
        if membership[free[row]] >= 0:
            continue
        above = np.int32(0)  # counting has no branch, so the compiler does eight at a time
        for k in range(products.shape[1]):
            above += np.int32(products[row, k] >= low)
        if above == 0:
            continue
        for k in range(products.shape[1]):
            if products[row, k] >= low:
                doubtful[row] = products[row, k] <= high
                first[row] = -1 if doubtful[row] else k
                break
    return doubtful


@compiled()
def first_open(free, membership, count):  # type: ignore[no-untyped-def]
    """The places in `free` of the first `count` rows without a spike."""
    found = np.empty(count, dtype=np.int64)
    filled = 0
    for place in range(free.size):
        if filled == count:
            break
        if membership[free[place]] < 0:
            found[filled] = place
            filled += 1
    return found[:filled]


@compiled()
def tally(first, size):  # type: ignore[no-untyped-def]
    """How many rows each of `size` candidates covers first."""
    counts = np.zeros(size, dtype=np.int64)
    for k in first:
        if k >= 0:
            counts[k] += 1
    return counts


@compiled()
def join(first, free, membership, last, offset):  # type: ignore[no-untyped-def]
    """Give each row covered by one of the first `last` candidates the number of its spike, from `offset` on."""
    for place in range(free.size):
        if 0 <= first[place] < last:
            membership[free[place]] = offset + first[place]
