"""Which items occur together more often than their popularity explains: positive pointwise mutual information.

M_ij = max(0, ln(N C_ij / (c_i c_j))), with C_ij the contexts that hold both items, c_i those that hold i, N the number of
contexts that hold an item, and a zero diagonal. Only pairs that `theory.analysis.cooccurrence` keeps have an entry.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.compiled import in_threads, thread_count
from simulate.validation import require_number
from theory.analysis.blocks.counts import smoothed
from theory.analysis.cooccurrence import BUDGET, TopKRule, count_pairs
from theory.analysis.mirrored import mirrored
from theory.kernels.partner_counts import positive_entries

MIN_COUNT = 2  # contexts that a pair needs to have an entry: a single one may be chance


@dataclass(frozen=True, eq=False)
class PPMI:
    """`matrix` (k, k), symmetric csr_array of the items kept; `items` (k,), their columns in the interactions."""

    matrix: sparse.csr_array
    items: NDArray[np.int64]


def ppmi(
    interactions: Any,
    *,
    min_count: int = MIN_COUNT,
    top_k: int | None = None,
    top_k_rule: TopKRule = "symmetric",
    count_repeats: bool = False,
    shift: float = 0.0,
    smoothing: float = 1.0,
    memory_budget: int = BUDGET,
    progress: Callable[[int, int], None] | bool | None = None,
) -> PPMI:
    """Return max(0, ln(N C_ij / (c_i c_j)) - shift) over the pairs that `cooccurrence` keeps.

    Parameters
    ----------
    interactions, min_count, top_k, top_k_rule, count_repeats, memory_budget, progress : as in `cooccurrence`. By default all
        pairs of at least two contexts are kept; `top_k=2000` is the paper's cut.
    shift : ln k of Levy and Goldberg (2014), at least 0.
    smoothing : a < 1 replaces c by c^a, scaled to the same sum, on one side of the pair; both sides are averaged in the
        logarithm, so that M stays symmetric.

    Returns
    -------
    PPMI. Items without a positive entry are dropped: `.items` maps rows to columns of the interactions.

    Raises
    ------
    ValueError
        as `cooccurrence`, and for a shift or smoothing out of range.

    References
    ----------
    Levy, Goldberg, "Neural word embedding as implicit matrix factorization", NIPS 2014.

    Examples
    --------
    >>> found = ppmi([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]])
    >>> found.items.tolist(), found.matrix.toarray().round(3).tolist()
    ([0, 1], [[0.0, 0.693], [0.693, 0.0]])
    """
    require_number(shift, "shift", least=0)
    require_number(smoothing, "smoothing", above=0, most=1)
    found, once = count_pairs(
        interactions,
        min_count=min_count,
        top_k=top_k,
        top_k_rule=top_k_rule,
        count_repeats=count_repeats,
        memory_budget=memory_budget,
        progress=progress,
    )
    counts = found.counts
    c = smoothed(found.occurrences, smoothing)
    positive = in_threads(
        lambda part: positive_entries(
            counts.indptr, counts.indices, counts.data, c, c, found.n_contexts, shift, *parts[part]
        ),
        len(parts := _halves(counts.indptr)),
    )
    lengths = np.concatenate([part[0] for part in positive])
    columns = np.concatenate([part[1] for part in positive])
    data = np.concatenate([part[2] for part in positive])
    held = lengths > 0
    if once:
        held[columns] = True
    # where both triangles are there, a kept entry's mirror image is kept too: no column outside the items is left
    items = np.flatnonzero(held)
    indices = (np.cumsum(held) - 1).astype(columns.dtype)[columns]
    indptr = np.concatenate([[0], np.cumsum(lengths[items])]).astype(counts.indptr.dtype)
    matrix = sparse.csr_array((data, indices, indptr), shape=(items.size, items.size))
    return PPMI(mirrored(matrix) if once else matrix, items)


def _halves(indptr: NDArray[Any]) -> list[tuple[int, int]]:
    """Return row ranges of about equally many entries, two a thread."""
    pieces = 2 * thread_count()
    bounds = np.searchsorted(indptr, np.linspace(0, indptr[-1], pieces + 1)[1:-1])
    bounds = np.concatenate([[0], bounds, [len(indptr) - 1]])
    return [(int(first), int(last)) for first, last in itertools.pairwise(bounds)]
