"""Compiled loops of the search for spikes: which candidate covers a row first, which are peaks, and which rows are left."""

import numpy as np

from simulate.compiled import compiled


@compiled(nogil=True)
def first_above(products, rest, peak_rest, tail, peak_tail, reach, low, high, ranks, membership, first):  # type: ignore[no-untyped-def]
    """Set `first` to the first candidate whose product with a row is above `high`; say where one between the two comes before it.

    `products` are those of the first coordinates. Adding the product of the lengths of the `rest` bounds the whole product; where
    the bound is at least `reach`, the coordinates of the `tail` complete it.
    """
    doubtful = np.zeros(len(products), dtype=np.bool_)
    for row in range(len(products)):
        if membership[ranks[row]] >= 0:
            continue
        length = rest[row]
        above = np.int32(0)  # counting has no branch, so the compiler does eight at a time
        for k in range(products.shape[1]):
            above += np.int32(products[row, k] + length * peak_rest[k] >= reach)
        if above == 0:
            continue
        for k in range(products.shape[1]):
            if products[row, k] + length * peak_rest[k] >= reach:
                whole = products[row, k] + _product(tail[row], peak_tail[k])
                if whole >= low:
                    doubtful[row] = whole <= high
                    first[row] = -1 if doubtful[row] else k
                    break
                above -= np.int32(1)
                if above == 0:
                    break
    return doubtful


@compiled(nogil=True)
def _product(a, b):  # type: ignore[no-untyped-def]
    """The product of two rows; four sums side by side, because one would wait for each addition."""
    s0, s1, s2, s3 = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
    whole = a.size - a.size % 4
    for k in range(0, whole, 4):
        s0 += a[k] * b[k]
        s1 += a[k + 1] * b[k + 1]
        s2 += a[k + 2] * b[k + 2]
        s3 += a[k + 3] * b[k + 3]
    for k in range(whole, a.size):
        s0 += a[k] * b[k]
    return (s0 + s1) + (s2 + s3)


@compiled()
def near_ties(products, low, high):  # type: ignore[no-untyped-def]
    """The pairs i < j (t, 2) of candidates whose product lies between the two."""
    found = np.empty((16, 2), dtype=np.int64)
    filled = 0
    for i in range(len(products)):
        near = np.int32(0)
        for j in range(i + 1, len(products)):
            near += np.int32(products[i, j] >= low) & np.int32(products[i, j] <= high)
        if near == 0:
            continue
        for j in range(i + 1, len(products)):
            if low <= products[i, j] <= high:
                if filled == len(found):
                    more = np.empty((2 * filled, 2), dtype=np.int64)
                    more[:filled] = found
                    found = more
                found[filled, 0], found[filled, 1] = i, j
                filled += 1
    return found[:filled]


@compiled()
def not_covered(products, cosine):  # type: ignore[no-untyped-def]
    """The candidates that no earlier one covers which is itself not covered."""
    is_open = np.ones(len(products), dtype=np.bool_)
    for i in range(len(products)):
        if is_open[i]:
            for j in range(i + 1, len(products)):
                is_open[j] &= products[i, j] <= cosine
    return np.flatnonzero(is_open)


@compiled()
def first_open(ranks, membership, count):  # type: ignore[no-untyped-def]
    """The places in `ranks` of the first `count` rows without a spike."""
    found = np.empty(count, dtype=np.int64)
    filled = 0
    for place in range(ranks.size):
        if filled == count:
            break
        if membership[ranks[place]] < 0:
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
def join(first, ranks, membership, last, offset):  # type: ignore[no-untyped-def]
    """Give each row covered by one of the first `last` candidates the number of its spike, from `offset` on."""
    for place in range(ranks.size):
        if 0 <= first[place] < last:
            membership[ranks[place]] = offset + first[place]
