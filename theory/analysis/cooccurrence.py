"""How often do two items occur together: counts of the contexts that hold both, in bounded memory.

C_ij counts the contexts that hold items i and j, with a zero diagonal. Rows of C are counted in blocks by a dense
accumulator and cut to the pairs that are kept before the next block, so that the pairs that are dropped never take memory.
Without a cut by rank each pair is counted once, for the item that comes first, and its mirror image is written afterwards.
Time grows as the sum of the squared lengths of the contexts; memory as the number of pairs kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.compiled import in_threads, thread_count
from simulate.progress import shown
from simulate.validation import require_choice, require_integer
from theory.analysis.blocks.bounds import block_bounds
from theory.analysis.count_memory import require_room_for_counts
from theory.analysis.inputs import as_interactions
from theory.analysis.mirrored import mirrored
from theory.kernels.partner_counts import count_rows

TopKRule = Literal["symmetric", "paper"]
BUDGET = 2**30  # bytes for the blocks under way
BLOCKS_OF_A_THREAD = 16
BYTES_UNDER_WAY = 12  # an int32 column and a float64 count, or an int64 key while sorting


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """`counts` (n, n), symmetric without diagonal, of the pairs kept; `occurrences` (n,); `n_contexts` = N.

    N counts the contexts that hold an item: an empty one says nothing about which items occur together, and a file that lists
    pairs cannot tell of it.
    """

    counts: sparse.csr_array
    occurrences: NDArray[np.float64]
    n_contexts: int


def cooccurrence(
    interactions: Any,
    *,
    min_count: int = 1,
    top_k: int | None = None,
    top_k_rule: TopKRule = "symmetric",
    count_repeats: bool = False,
    memory_budget: int = BUDGET,
    progress: Callable[[int, int], None] | bool | None = None,
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
    progress : True shows a bar on a terminal, and elsewhere a line every half minute on standard error; a function is called
        with (items done, items) at the beginning and after each block.

    Raises
    ------
    ValueError
        for negative, fractional or non-finite counts, an empty matrix, a budget too small for one row, which names
        the least that works, or more pairs than memory would hold, which names the need and what to do.

    Examples
    --------
    >>> cooccurrence([[1, 1, 0], [1, 1, 1]]).counts.toarray().tolist()
    [[0.0, 2.0, 1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    found, once = count_pairs(
        interactions,
        min_count=min_count,
        top_k=top_k,
        top_k_rule=top_k_rule,
        count_repeats=count_repeats,
        memory_budget=memory_budget,
        progress=progress,
    )
    return replace(found, counts=mirrored(found.counts)) if once else found


def count_pairs(
    interactions: Any,
    *,
    min_count: int,
    top_k: int | None,
    top_k_rule: TopKRule,
    count_repeats: bool,
    memory_budget: int,
    progress: Callable[[int, int], None] | bool | None,
) -> tuple[Cooccurrence, bool]:
    """Return what `cooccurrence` does, and whether only entries above the diagonal were counted: without `top_k`.

    A rank needs all partners of an item, so that with `top_k` both triangles are counted.
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
    # the places in x of the entries of each item, in order of its contexts
    by_item = sparse.csr_array(sparse.csr_array((np.arange(x.nnz), x.indices, x.indptr), shape=x.shape).T)
    limit = n if top_k is None else (top_k if top_k_rule == "symmetric" else top_k - 1)
    groups = 2 if top_k_rule == "paper" and top_k is not None else 1
    counter = np.float64 if count_repeats else np.int32  # half the cache where counts are of contexts

    def count_of(rows: slice, later: bool) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        found = count_rows(
            *(by_item.indptr, by_item.indices, by_item.data, x.indptr, x.indices, x.data),
            *(
                np.zeros(n, counter),
                rows.start,
                rows.stop,
                min_count,
                limit,
                groups == 2,
                count_repeats,
                later,
            ),
        )
        return tuple(found)

    others = _others(x)
    partners = np.minimum(others, float(min(n, limit * groups))) + 1.0
    starts = _blocks(partners, others, memory_budget)
    require_room_for_counts(
        partners, lambda item: len(count_of(slice(item, item + 1), False)[1]), top_k, min_count
    )
    done = [0]

    def count(block: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        rows = slice(int(starts[block]), int(starts[block + 1]))
        found = count_of(rows, top_k is None)
        done[0] += rows.stop - rows.start
        if told:
            told(done[0], n)
        return found

    with shown(progress, "co-occurrence counts", "items") as told:
        if told:
            told(0, n)
        parts = in_threads(count, len(starts) - 1)
    lengths = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    index = np.int32 if max(indptr[-1], n) < 2**31 else np.int64
    indices = np.concatenate([part[1] for part in parts]).astype(index, copy=False)
    data = np.concatenate([part[2] for part in parts]).astype(np.float64, copy=False)
    counts = sparse.csr_array((data, indices, indptr.astype(index)), shape=(n, n))
    if top_k is not None:
        # kept for both: an entry without its mirror image goes
        counts = sparse.csr_array(counts.minimum(counts.T))
    found = Cooccurrence(
        counts, np.asarray(x.sum(axis=0), dtype=np.float64).ravel(), int(np.count_nonzero(np.diff(x.indptr)))
    )
    return found, top_k is None


def _others(x: sparse.csr_array) -> NDArray[np.float64]:
    """Return for each item (n,) the other items of its contexts, each as often as it occurs: the work of its row."""
    lengths = np.diff(x.indptr)
    return np.bincount(x.indices, np.repeat(lengths - 1.0, lengths), minlength=x.shape[1]).astype(np.float64)


def _blocks(partners: NDArray[np.float64], work: NDArray[np.float64], budget: int) -> NDArray[np.int64]:
    """Return bounds of blocks of items: their pairs fit the budget of one thread, and none is most of the work."""
    threads = thread_count()
    room = budget / threads / BYTES_UNDER_WAY
    if partners.max(initial=0) > room:
        least = int(np.ceil(partners.max() * BYTES_UNDER_WAY * threads))
        raise ValueError(
            f"memory_budget must hold one row of counts, at least {least} bytes here; got {budget}"
        )
    # several blocks for each thread keep all busy to the end
    limits = (partners, room), (work + 1, (work + 1).sum() / (BLOCKS_OF_A_THREAD * threads))
    return block_bounds(limits)
