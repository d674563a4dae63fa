"""numba loops, cached on disk where that is possible, and how to run their parts on several threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numba
from numba import njit

T = TypeVar("T")


def compiled(*, nogil: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Return numba's `njit` with a cache on disk, which saves the time of compiling in the next run.

    numba keeps it beside the source or in the user's home; the environment variable NUMBA_CACHE_DIR names another folder.
    Where none of these can be written, as in a read-only container without a home, numba raises an error: the function is
    then compiled without a cache.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            return njit(cache=True, nogil=nogil)(function)
        except RuntimeError:  # numba: "no locator available"
            return njit(nogil=nogil)(function)

    return decorate


def in_threads(work: Callable[[int], T], parts: int) -> list[T]:
    """Return [work(0), ..., work(parts - 1)], on as many threads as numba may use; `work` must release the GIL.

    >>> in_threads(lambda part: part**2, 3)
    [0, 1, 4]
    """
    threads = min(numba.get_num_threads(), parts)
    if threads <= 1:
        return [work(part) for part in range(parts)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(parts)))
