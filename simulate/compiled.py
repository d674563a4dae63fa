"""Compiled loops: kept between runs where a folder can be written for them, and compiled anew where none can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(*, nogil: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Return numba's `njit` with a cache: beside the source, or in the user's own folder (NUMBA_CACHE_DIR names another).

    Where neither can be written, as in a read-only container without a home, a cache would be an error; there is none then.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            return njit(cache=True, nogil=nogil)(function)
        except RuntimeError:  # numba: "no locator available"
            return njit(nogil=nogil)(function)

    return decorate
