"""numba loops, compiled when they are first called and cached on disk where that is possible, and how to run parts on threads.

numba takes as long to import as NumPy and SciPy together, so it is imported when the first loop runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import update_wrapper
from typing import Any, TypeVar

T = TypeVar("T")

_COMPILING = threading.RLock()  # several threads may make the first call of a loop at the same time


class _Loop:
    """A Python function that numba compiles when it is first called."""

    def __init__(self, function: Callable[..., Any], nogil: bool) -> None:
        self.function, self.nogil, self.ready = function, nogil, None
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        return (self.ready or self.built())(*arguments)

    def built(self) -> Any:
        """Return numba's function; the loops that this one calls are compiled first, because numba cannot call a `_Loop`."""
        with _COMPILING:
            if self.ready is None:
                names = self.function.__globals__
                for name in self.function.__code__.co_names:
                    if isinstance(called := names.get(name), _Loop) and called is not self:
                        names[name] = called.built()
                self.ready = _with_numba(self.function, self.nogil)
            return self.ready


def _with_numba(function: Callable[..., Any], nogil: bool) -> Any:
    from numba import njit

    try:
        return njit(cache=True, nogil=nogil)(function)
    except RuntimeError:  # numba: "no locator available"
        return njit(nogil=nogil)(function)


def compiled(*, nogil: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator: numba's `njit` at the first call, with a cache on disk, which saves compiling in the next run.

    numba keeps the cache beside the source or in the user's home; the environment variable NUMBA_CACHE_DIR names another
    folder. Where none of these can be written, as in a read-only container without a home, numba raises an error: the
    function is then compiled without a cache.
    """
    return lambda function: _Loop(function, nogil)


def thread_count() -> int:
    """Return how many threads numba may use, and so the parts of this project; 1 inside a trial."""
    import numba

    return int(numba.get_num_threads())


def in_threads(work: Callable[[int], T], parts: int) -> list[T]:
    """Return [work(0), ..., work(parts - 1)], on as many threads as numba may use; `work` must release the GIL.

    >>> in_threads(lambda part: part**2, 3)
    [0, 1, 4]
    """
    threads = min(thread_count(), parts)
    if threads <= 1:
        return [work(part) for part in range(parts)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(parts)))
