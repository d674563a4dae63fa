"""From contexts x items to co-occurrence counts and PPMI, in bounded memory.

C_ij counts the contexts that hold both items; M_ij = max(0, ln(N C_ij / (c_i c_j))) with N contexts and c_i those that hold i,
and a zero diagonal. Rows of C are counted in blocks by a dense accumulator, and cut to what is kept before the next
block, so the full count matrix never exists; the work is the sum of the squared lengths of the contexts.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.sampling.csr_from_pairs import in_threads
from simulate.validation import require_choice, require_integer, require_number
from theory.analysis.inputs import as_interactions
from theory.kernels.partner_counts import count_rows, positive_entries

TopKRule = Literal["symmetric", "paper"]
MIN_COUNT = 2  # contexts that a pair needs to enter PPMI: one may be chance
BUDGET = 2**30  # bytes for the blocks under way
BYTES_OF_A_PAIR = 12  # an int32 column and a float64 count, or an int64 key while sorting


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """`counts` (n, n), symmetric without diagonal, of the pairs kept; `occurrences` (n,); `n_contexts` = N."""

    counts: sparse.csr_array
    occurrences: NDArray[np.float64]
    n_contexts: int


@dataclass(frozen=True, eq=False)
class PPMI:
    """`matrix` (k, k), symmetric csr_array of the items kept; `items` (k,), their columns in the interactions."""

    matrix: sparse.csr_array
    items: NDArray[np.int64]


def cooccurrence(
    interactions: Any,
    *,
    min_count: int = 1,
    top_k: int | None = None,
    top_k_rule: TopKRule = "symmetric",
    count_repeats: bool = False,
    memory_budget: int = BUDGET,
    progress: Callable[[int, int], None] | None = None,
) -> Cooccurrence:
    """Count the contexts that each pair of items shares, and keep the frequent pairs.

    Parameters
    ----------
    interactions : (N, n) counts; read as binary unless `count_repeats`, which multiplies the counts of a pair.
    min_count : pairs with fewer contexts are dropped.
    top_k : None keeps all. "symmetric": a pair stays when it ranks within `top_k` by count (ties by item index) for both of
        its items. "paper": the rule of the authors' query, ranks below `top_k` for the first item among later items, and for
        the second among earlier ones; it depends on the order of the items by construction.
    memory_budget : bytes that the blocks under way may take, besides input, result and one accumulator a thread.
    progress : called with (rows done, rows) after each block.

    Raises
    ------
    ValueError
        for negative, fractional or non-finite counts, an empty matrix, or a budget too small for one row, which names
        the least that works.

    Examples
    --------
    >>> cooccurrence([[1, 1, 0], [1, 1, 1]]).counts.toarray().tolist()
    [[0.0, 2.0, 1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    x = as_interactions(interactions)
    require_integer(min_count, "min_count", least=1)
    require_choice(top_k_rule, "top_k_rule", ("symmetric", "paper"))
    require_integer(memory_budget, "memory_budget", least=1)
    if top_k is not None:
        require_integer(top_k, "top_k", least=1)
    if not count_repeats:
        x = sparse.csr_array((np.ones_like(x.data), x.indices, x.indptr), shape=x.shape)
    n = x.shape[1]
    by_item = sparse.csr_array(x.T)
    limit = n if top_k is None else (top_k if top_k_rule == "symmetric" else top_k - 1)
    groups = 2 if top_k_rule == "paper" and top_k is not None else 1
    starts = _blocks(x, by_item, min(n, limit * groups), memory_budget)
    done = [0]
    counter = np.float64 if count_repeats else np.int32  # half the cache where counts are of contexts

    def count(block: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        rows = slice(int(starts[block]), int(starts[block + 1]))
        found = count_rows(
            *(by_item.indptr, by_item.indices, by_item.data, x.indptr, x.indices, x.data),
            *(np.zeros(n, counter), rows.start, rows.stop, min_count, limit, groups == 2),
        )
        done[0] += rows.stop - rows.start
        if progress:
            progress(done[0], n)
        return tuple(found)

    parts = in_threads(count, len(starts) - 1)
    lengths = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    index = np.int32 if max(indptr[-1], n) < 2**31 else np.int64
    indices = np.concatenate([part[1] for part in parts]).astype(index, copy=False)
    data = np.concatenate([part[2] for part in parts])
    counts = sparse.csr_array((data, indices, indptr.astype(index)), shape=(n, n))
    if top_k is not None:
        # kept for both: an entry without its mirror image goes
        counts = sparse.csr_array(counts.minimum(counts.T))
    return Cooccurrence(counts, np.asarray(x.sum(axis=0), dtype=np.float64).ravel(), x.shape[0])


def ppmi(
    interactions: Any,
    *,
    min_count: int = MIN_COUNT,
    top_k: int | None = 2000,
    top_k_rule: TopKRule = "symmetric",
    count_repeats: bool = False,
    shift: float = 0.0,
    smoothing: float = 1.0,
    memory_budget: int = BUDGET,
    progress: Callable[[int, int], None] | None = None,
) -> PPMI:
    """Return max(0, ln(N C_ij / (c_i c_j)) - shift) over the pairs that `cooccurrence` keeps.

    `shift` is ln k of Levy and Goldberg (2014). `smoothing` a < 1 replaces c by c^a, scaled to the same sum, on one side of
    the pair, averaged over both sides in the logarithm so that M stays symmetric. Items without a positive entry are
    dropped: `.items` maps rows to columns of the interactions.

    Raises
    ------
    ValueError
        as `cooccurrence`, and for a shift or smoothing out of range.

    Examples
    --------
    >>> found = ppmi([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]])
    >>> found.items.tolist(), found.matrix.toarray().round(3).tolist()
    ([0, 1], [[0.0, 0.693], [0.693, 0.0]])
    """
    require_number(shift, "shift", least=0)
    require_number(smoothing, "smoothing", above=0, most=1)
    found = cooccurrence(
        interactions,
        min_count=min_count,
        top_k=top_k,
        top_k_rule=top_k_rule,
        count_repeats=count_repeats,
        memory_budget=memory_budget,
        progress=progress,
    )
    counts, c = found.counts, found.occurrences
    if smoothing < 1.0:
        powered = np.where(c > 0, c, 1.0) ** smoothing * (c > 0)
        c = np.sqrt(c * powered * c.sum() / powered.sum())
    positive = in_threads(
        lambda part: positive_entries(
            counts.indptr, counts.indices, counts.data, c, found.n_contexts, shift, *parts[part]
        ),
        len(parts := _halves(counts.indptr)),
    )
    lengths = np.concatenate([part[0] for part in positive])
    items = np.flatnonzero(lengths)
    # a kept entry's mirror image is kept too, so that no column outside the items is left
    place = np.cumsum(lengths > 0) - 1
    indices = place.astype(counts.indices.dtype)[np.concatenate([part[1] for part in positive])]
    indptr = np.concatenate([[0], np.cumsum(lengths[items])]).astype(counts.indptr.dtype)
    data = np.concatenate([part[2] for part in positive])
    return PPMI(sparse.csr_array((data, indices, indptr), shape=(items.size, items.size)), items)


def _halves(indptr: NDArray[Any]) -> list[tuple[int, int]]:
    """Return row ranges of about equally many entries, two a thread."""
    pieces = 2 * numba.get_num_threads()
    bounds = np.searchsorted(indptr, np.linspace(0, indptr[-1], pieces + 1)[1:-1])
    bounds = np.concatenate([[0], bounds, [len(indptr) - 1]])
    return [(int(first), int(last)) for first, last in itertools.pairwise(bounds)]


def _blocks(x: sparse.csr_array, by_item: sparse.csr_array, most: int, budget: int) -> NDArray[np.int64]:
    """Return block bounds over items such that the pairs a block may hold fit the budget of one thread."""
    lengths = np.diff(x.indptr).astype(np.float64)
    partners = np.minimum(by_item_sums(by_item, lengths - 1), min(most, x.shape[1])) + 1
    threads = numba.get_num_threads()
    room = budget / threads / BYTES_OF_A_PAIR
    if partners.max(initial=0) > room:
        least = int(np.ceil(partners.max() * BYTES_OF_A_PAIR * threads))
        raise ValueError(
            f"memory_budget must hold one row of counts, at least {least} bytes here; got {budget}"
        )
    ends = np.cumsum(partners)
    starts = [0]
    while starts[-1] < len(partners):
        reached = ends[starts[-1] - 1] if starts[-1] else 0.0
        stop = int(np.searchsorted(ends, reached + room, side="right"))
        # several blocks a thread keep both busy
        starts.append(min(max(stop, starts[-1] + 1), starts[-1] + max(1, -(-len(partners) // (4 * threads)))))
    return np.array(starts)


def by_item_sums(by_item: sparse.csr_array, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each item the sum of `values` over its contexts."""
    return np.asarray((by_item != 0).astype(np.float64) @ values)
