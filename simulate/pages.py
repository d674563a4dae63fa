"""Large arrays whose memory goes back to the system as soon as they are dropped, and files whose pages are not kept in memory.

The allocator keeps freed blocks of up to 32 MB for later, in pieces that larger arrays do not fit. A search that makes an array
for each of ten ranks would hold several of them at once. Pages of their own are returned whole.
"""

from __future__ import annotations

import math
import mmap
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LEAST = 1 << 20  # bytes from which pages of their own pay
HUGE = 1 << 22  # bytes from which NumPy asks for huge pages, and so do we


def empty_pages(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of unset numbers, as `np.empty` does, in pages of its own where it has at least a mebibyte.

    Raises
    ------
    MemoryError
        where the system has no room for it.

    Examples
    --------
    >>> empty_pages((3, 2), np.float32).shape
    (3, 2)
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size < LEAST:
        return np.empty(shape, dtype)
    try:
        if hasattr(mmap, "MAP_PRIVATE"):  # shared pages would be those of a process that is forked, too
            pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        else:
            pages = mmap.mmap(-1, size)
    except OSError as error:
        raise MemoryError(f"no room for an array of {size:,} bytes ({error})") from None
    if size >= HUGE and hasattr(mmap, "MADV_HUGEPAGE"):
        pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, dtype).reshape(shape)


def forget_pages(array: Any) -> None:
    """Let what was read of a mapped file go from memory; it is read again when it is needed. Other arrays stay as they are."""
    pages: mmap.mmap | None = getattr(array, "_mmap", None) if isinstance(array, np.memmap) else None
    if pages is not None and hasattr(pages, "madvise") and array.mode == "r":
        pages.madvise(mmap.MADV_DONTNEED)
