"""numba loops, compiled when they are first called and cached on disk where that is possible, and how to run parts on threads.

numba takes as long to import as NumPy and SciPy together, so it is imported when the first loop runs. `simulate.loop_cache` says
where its cache lies; a cache that cannot be written or read (a full disk, a file that was cut off) costs time only.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar

from simulate.loop_cache import folder_for, hash_of_sources
from simulate.turns import Turn
from simulate.working_folder import ignore_settings_here

ignore_settings_here()
T = TypeVar("T")

_COMPILING = threading.RLock()  # several threads may make the first call of a loop at the same time


class _Loop:
    """A Python function that numba compiles when it is first called."""

    def __init__(self, function: Callable[..., Any], nogil: bool) -> None:
        self.function, self.nogil, self.ready = function, nogil, None
        self.sources = ""
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        return (self.ready or self.built())(*arguments)

    def built(self) -> Any:
        """Return numba's function; the loops that this one calls are compiled first, because numba cannot call a `_Loop`."""
        with _COMPILING:
            if self.ready is None:
                names = self.function.__globals__
                called = []
                for name in self.function.__code__.co_names:
                    loop = _LOOPS.get(
                        id(names.get(name)), names.get(name)
                    )  # another caller may have put it there
                    if isinstance(loop, _Loop) and loop is not self:
                        names[name] = loop.built()
                        called.append(loop.sources)
                self.sources = hash_of_sources(self.function, called)
                self.ready = _with_numba(self.function, self.nogil, self.sources)
                _LOOPS[id(self.ready)] = self
            return self.ready


_LOOPS: dict[int, _Loop] = {}  # the loop of each function that numba has made


def _with_numba(function: Callable[..., Any], nogil: bool, sources: str) -> Any:
    """Compile `function`, with a cache in the folder for these sources where there can be one."""
    from numba import __version__, config, njit

    # two versions of numba in one folder would each take the other's files for old ones; and numba does not tell code that checks
    # its indices (NUMBA_BOUNDSCHECK=1) from code that does not
    kind = f"{sources}-numba-{__version__}{'-checked' if config.BOUNDSCHECK else ''}"
    folder = folder_for(kind, os.environ.get("NUMBA_CACHE_DIR", ""))
    if folder is None:
        return njit(nogil=nogil)(function)
    before = config.CACHE_DIR
    try:
        config.CACHE_DIR = str(folder)  # read when a function is made, and so put back at once
        made = njit(cache=True, nogil=nogil)(function)
    except (RuntimeError, OSError):  # numba: "no locator available"
        return njit(nogil=nogil)(function)
    finally:
        config.CACHE_DIR = before
    if hasattr(made, "_cache"):  # not where NUMBA_DISABLE_JIT gives the function itself
        made._cache = _ForgivingCache(made._cache)
    return made


class _ForgivingCache:
    """numba's cache of one function; what cannot be read is compiled, and what cannot be written is not kept.

    A process that has to compile lets the others know: two workers that start together would compile everything twice.
    """

    def __init__(self, cache: Any) -> None:
        self._cache = cache
        self._turn = Turn(Path(cache.cache_path) / f"{cache._impl.filename_base}.turn")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cache, name)

    def load_overload(self, *arguments: Any) -> Any:
        found = self._load(*arguments)
        if found is None and self._turn.take():  # another process may have compiled it while we waited
            found = self._load(*arguments)
        if found is not None:
            self._turn.leave()
        return found

    def _load(self, *arguments: Any) -> Any:
        try:
            return self._cache.load_overload(*arguments)
        except Exception:  # a damaged file raises nearly anything
            return None

    def save_overload(self, *arguments: Any) -> None:
        with suppress(Exception):  # it reads the index, which may be damaged, before it writes
            self._cache.save_overload(*arguments)
        self._turn.leave()


def compiled(*, nogil: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator: numba's `njit` at the first call, with a cache on disk, which saves compiling in the next run.

    The cache lies in a folder of the user's own (`simulate.loop_cache.cache_root`), or where the environment variable
    NUMBA_CACHE_DIR says; never in the working folder or beside the source. Where no folder can be written, as in a read-only
    container without a home, the function is compiled without a cache.
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
