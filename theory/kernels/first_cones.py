"""Compiled loops of `theory.analysis.spikes` and `cones`: which candidate covers a row first, and which rows are left."""

import numpy as np

from simulate.compiled import compiled


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
