"""What does it take to count which items occur together, and to make the PPMI matrix of them? From the lengths of the contexts.

    time = (a + b log2(n / 40,000)) sum l^2,   memory = 36 bytes for each pair of items that is kept, both halves counted,

and 20 for each interaction. At most sum l (l - 1), n top_k or n (n - 1) pairs are kept. A log that is read tells more: the
partners of 64 of its items are counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.estimates.growing_pairs import entries_of_parts
from experiments.estimates.looking import Looked
from experiments.estimates.plan import Step
from theory.analysis.count_memory import BYTES_OF_A_PAIR, estimated_pairs
from theory.analysis.ppmi import MIN_COUNT

SECONDS_OF_A_SQUARE = 7e-9  # measured at 20,000 to 2.2 * 10^6 items
SECONDS_OF_A_DOUBLING = (
    2e-9  # more, for each doubling of the items beyond those of which the counters fit a cache
)
ITEMS_IN_CACHE = 40_000
SOME = 200  # items of which it is seen whether they have a positive entry
BYTES_OF_AN_INTERACTION = 20  # the log by items, and places in it


@dataclass(frozen=True)
class Pairs:
    """Stored pairs of items, both halves: `counted`, with a `positive` PPMI, and the `items` that have one of these.

    They are upper bounds where `bound` is set.
    """

    counted: float
    positive: float
    items: float
    bound: bool


def pairs_of(looked: Looked, top_k: int | None, min_count: int = MIN_COUNT) -> Pairs | None:
    """Return how many pairs a log has; None where nothing tells it.

    Examples
    --------
    >>> from experiments.estimates.looking import look
    >>> found = pairs_of(look("davis"), None)
    >>> found.positive < found.counted, found.bound
    (True, False)
    """
    if looked.own is not None:
        return _sampled(looked.own.data, top_k, min_count)
    if looked.squares is None or not looked.columns:
        return None
    n = float(looked.columns)
    most = min(looked.squares - looked.entries, n * min(n - 1, top_k or n))
    return Pairs(most, most, n, True)


def _sampled(log: sparse.csr_array, top_k: int | None, min_count: int) -> Pairs:
    """From the partners of some items, as `theory.analysis.count_memory` draws them."""
    x = sparse.csr_array((np.ones(log.nnz), log.indices, log.indptr), shape=log.shape)
    lengths = np.diff(x.indptr)
    occurrences = np.bincount(x.indices, minlength=x.shape[1]).astype(np.float64)
    others = np.bincount(x.indices, np.repeat(lengths - 1.0, lengths), minlength=x.shape[1])
    bounds = np.minimum(others, float(min(x.shape[1], top_k or x.shape[1]))) + 1.0
    by_item = sparse.csc_array(x)
    contexts = float(np.count_nonzero(lengths))

    def together(item: int) -> NDArray[np.int64]:
        rows = by_item.indices[by_item.indptr[item] : by_item.indptr[item + 1]]
        counts = np.bincount(x[rows].indices, minlength=x.shape[1])
        counts[item] = 0
        return counts

    def kept(item: int) -> int:
        return min(int((together(item) >= min_count).sum()), top_k or x.shape[1])

    def has_entry(item: int) -> bool:
        counts = together(item)
        return bool(((counts >= min_count) & (contexts * counts > occurrences[item] * occurrences)).any())

    counted = estimated_pairs(bounds, kept)
    (positive,) = entries_of_parts(x, top_k, min_count)
    often = np.flatnonzero(occurrences >= min_count)
    some = often[:: max(1, often.size // SOME)]
    share = np.mean([has_entry(int(item)) for item in some]) if some.size else 0.0
    return Pairs(counted, positive, float(share * often.size), False)


def seconds_of_counting(items: float, squares: float) -> float:
    """Return the processor time of PPMI from the sum of the squared lengths of the contexts.

    >>> round(seconds_of_counting(2.2e6, 6e9))
    111
    """
    doublings = math.log2(max(1.0, items / ITEMS_IN_CACHE))
    return (SECONDS_OF_A_SQUARE + SECONDS_OF_A_DOUBLING * doublings) * squares


def counting(looked: Looked, pairs: Pairs | None, held: float) -> Step:
    """Return the step of making the PPMI matrix; `held` bytes are held besides."""
    counted = 0.0 if pairs is None else pairs.counted
    size = (
        "the pairs are not known before the log is read"
        if pairs is None
        else (f"{'at most ' * pairs.bound}{counted:,.0f} pairs of {looked.columns:,} items")
    )
    squares = looked.squares
    return Step(
        "count pairs of items",
        held + BYTES_OF_AN_INTERACTION * looked.entries + BYTES_OF_A_PAIR * counted,
        None if squares is None else seconds_of_counting(looked.columns, squares),
        "counting",
        size + ("" if squares is None else f", {squares:,.0f} squared lengths"),
        pairs is None or pairs.bound,
    )
