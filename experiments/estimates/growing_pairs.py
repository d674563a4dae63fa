"""How many entries will the matrix of a log have of which the first contexts are known? It follows from how they grow so far.

Twice the contexts have 2^a times the entries. The power a falls, since pairs that have been seen are seen again: between an
eighth, a quarter, a half and all of the known contexts it is a1, a2, a3, and at each doubling from there on it is taken to be
multiplied by r = (a3 / a1)^(1/2), at most by 1. All parts are counted by the partners of the same items, so that it matters
little which items were drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from theory.analysis.ppmi import MIN_COUNT

DRAWN = 100  # items whose partners are counted
PARTS = (8, 4, 2, 1)  # of the known contexts


def entries_of_more(
    log: sparse.csr_array, doublings: float, top_k: int | None, min_count: int = MIN_COUNT
) -> float:
    """Return about how many entries the PPMI matrix of a log has, of which the first contexts are given.

    Parameters
    ----------
    log : (contexts, items), each pair once.
    doublings : the logarithm to base 2 of all contexts over those given.

    Examples
    --------
    >>> log = sparse.csr_array(np.kron(np.ones((20, 1)), np.kron(np.eye(4), np.ones((1, 3)))))
    >>> round(entries_of_more(log, 0.0, None)), round(entries_of_more(log, 1.0, None))
    (24, 24)
    """
    n = log.shape[1]
    found = [max(one, 1.0) for one in entries_of_parts(log, top_k, min_count, PARTS)]
    powers = np.diff(np.log2(found)).clip(0.0, 2.0)
    ratio = min(1.0, math.sqrt(powers[-1] / powers[0])) if powers[0] > 0 else 0.0
    # the sum of ratio^1, ratio^2, ..., for a number of doublings that need not be whole
    sum_of = doublings if ratio == 1 else ratio * (1 - ratio**doublings) / (1 - ratio)
    return float(min(found[-1] * 2.0 ** (powers[-1] * sum_of), float(n) * min(n - 1, top_k or n)))


def entries_of_parts(
    log: sparse.csr_array, top_k: int | None, min_count: int, parts: Sequence[int] = (1,)
) -> list[float]:
    """Return about how many entries the first contexts have, one over `parts` of all, from the partners of the same items.

    With `top_k` a pair stays if it is among the most frequent of both its items. How frequent that is for an item that was not
    drawn follows from items that are in as many contexts.

    >>> log = sparse.csr_array(np.kron(np.ones((20, 1)), np.kron(np.eye(4), np.ones((1, 3)))))
    >>> [round(entries) for entries in entries_of_parts(log, None, 2)]
    [24]
    """
    lengths, items = np.diff(log.indptr), log.shape[1]
    others = np.bincount(log.indices, np.repeat(lengths - 1.0, lengths), minlength=items)
    bounds = np.minimum(others, float(min(items, top_k or items))) + 1.0
    ends = np.cumsum(bounds)
    places = np.searchsorted(ends, (np.arange(DRAWN) + 0.5) / DRAWN * ends[-1], side="right")
    drawn, times = np.unique(places, return_counts=True)
    by_item = sparse.csc_array(log[:, drawn])
    entries = []
    for part in parts:
        contexts = log.shape[0] // part
        holding = np.count_nonzero(lengths[:contexts])
        often = np.bincount(log.indices[: log.indptr[contexts]], minlength=items)
        held = [by_item.indices[by_item.indptr[k] : by_item.indptr[k + 1]] for k in range(drawn.size)]
        partners = [_partners(log[rows[rows < contexts]], item, min_count) for rows, item in zip(held, drawn)]
        least = _least_counts(partners, often, drawn, top_k)
        kept = []
        for (found, counts), item in zip(partners, drawn):
            stays = [(counts + 1 - least[some]).clip(0, 1) for some in (item, found)]
            positive = holding * counts > often[item] * often[found]
            kept.append(float((stays[0] * stays[1])[positive].sum()))
        entries.append(float(ends[-1] * np.average(np.array(kept) / bounds[drawn], weights=times)))
    return entries


def _partners(
    held: sparse.csr_array, item: int, min_count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The items that occur together with one often enough, in the contexts that hold it, and how often they do."""
    together = np.bincount(held.indices, minlength=held.shape[1])
    together[item] = 0
    found = np.flatnonzero(together >= min_count)
    return found, together[found]


def _least_counts(
    partners: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
    often: NDArray[np.int64],
    drawn: NDArray[np.int64],
    top_k: int | None,
) -> NDArray[np.float64]:
    """How often another item must occur together with each one to be among its `top_k`, at least as often as for rarer ones.

    Where a share s of the items that occur together c times are among them, this is c + 1 - s.
    """
    if top_k is None:
        return np.zeros(often.size)
    least = np.zeros(drawn.size)
    for k, (_, counts) in enumerate(partners):
        if counts.size > top_k:
            last = np.partition(counts, -top_k)[-top_k]
            least[k] = last + 1 - (top_k - np.count_nonzero(counts > last)) / np.count_nonzero(counts == last)
    order = np.argsort(often[drawn], kind="stable")
    return np.interp(often, often[drawn][order], np.maximum.accumulate(least[order]))
