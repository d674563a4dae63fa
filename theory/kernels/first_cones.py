"""Compiled loops of the search for spikes: which candidate covers a row first, which are peaks, and which rows are left."""

import numpy as np

from simulate.compiled import compiled

DOUBTFUL = -2  # in place of a candidate: rounding could decide
GROUP = 32  # candidates that are passed over at once where one of all reaches the threshold


@compiled(nogil=True)
def first_above(  # type: ignore[no-untyped-def]
    products, start, size, head, rows, rest, peaks, peak_rest, reach, low, high, ranks, membership, first
):
    """Set `first` of `size` rows from `start` on to the first candidate whose product is above `high`.

    Where a product between `low` and `high` comes before, it is set to `DOUBTFUL`; how many are is returned. `products` are those
    of the first `head` coordinates. Adding the product of the lengths of the `rest` bounds the whole one; only where the bound
    is at least `reach` the other coordinates of `rows` and `peaks` complete it.
    """
    doubtful = 0
    for row in range(size):
        place = start + row
        if membership[ranks[place]] >= 0:
            continue
        length = rest[place]
        if not _reaches(products[row], length, peak_rest, reach):
            continue
        for begin in range(0, products.shape[1], GROUP):
            end = min(begin + GROUP, products.shape[1])
            if not _reaches(products[row, begin:end], length, peak_rest[begin:end], reach):
                continue
            for k in range(begin, end):
                if products[row, k] + length * peak_rest[k] >= reach:
                    whole = products[row, k] + _product(rows, place, peaks, k, head)
                    if whole >= low:
                        first[place] = k
                        if whole <= high:
                            first[place] = DOUBTFUL
                            doubtful += 1
                        break
            if first[place] != -1:
                break
    return doubtful


@compiled(nogil=True)
def _reaches(products, length, rest, reach):  # type: ignore[no-untyped-def]
    """Whether the bound of any product is at least `reach`; without a branch, so that the compiler takes many at a time."""
    reached = False
    for k in range(products.size):
        reached |= products[k] + length * rest[k] >= reach
    return reached


@compiled(nogil=True)
def _product(rows, i, peaks, k, head):  # type: ignore[no-untyped-def]
    """The product of two rows from a coordinate on; four sums side by side, because one would wait for each addition."""
    s0, s1, s2, s3 = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
    end = rows.shape[1]
    whole = end - (end - head) % 4
    for c in range(head, whole, 4):
        s0 += rows[i, c] * peaks[k, c]
        s1 += rows[i, c + 1] * peaks[k, c + 1]
        s2 += rows[i, c + 2] * peaks[k, c + 2]
        s3 += rows[i, c + 3] * peaks[k, c + 3]
    for c in range(whole, end):
        s0 += rows[i, c] * peaks[k, c]
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
