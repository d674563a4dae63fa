"""Large arrays whose memory goes back to the system as soon as they are dropped, and files whose pages are not kept in memory.

The allocator keeps freed blocks of up to 32 MB for later, in pieces that larger arrays do not fit. A search that makes an array
for each of ten ranks would hold several of them at once. Pages of their own are returned whole.

What is read of a mapped file counts as memory of the process until it is let go. The system may keep it all the same, for the
next time, as long as nobody else needs the room. So whoever reads a whole mapped file reads it in blocks and lets go in between.
"""

from __future__ import annotations

import math
import mmap
import os
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LEAST = 1 << 20  # bytes from which pages of their own pay
HUGE = 1 << 22  # bytes from which NumPy asks for huge pages, and so do we
IN_USE = 1 << 26  # bytes of a mapped file that may count as memory before they are let go
AROUND = 1 << 21  # bytes that the system may map around a place that is read
ALIGNED = 8192  # a part holds a multiple of so many rows, so that NumPy's sums over buffers of 8192 numbers have the same bits
APART = 16  # rows that lie apart, read between two moments at which pages may be let go


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


def scratch_rows(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of unset numbers that lies in a file without a name, in the folder for temporary files.

    The room is taken at once, so that a full disk is an error here and not a crash later. The file is gone with the array, or
    with the process, however that ends.

    Raises
    ------
    OSError
        where the disk has no room for it; the folder is named (the environment variable TMPDIR chooses another).

    Examples
    --------
    >>> rows = scratch_rows((3, 2), np.float32)
    >>> rows[:] = 1
    >>> float(rows.sum()), is_mapped(rows)
    (6.0, True)
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    folder = tempfile.gettempdir()
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            else:
                file.truncate(size)
        except OSError as error:
            raise OSError(
                f"{folder} must have room for {size:,} bytes of temporary data ({error.strerror}); set TMPDIR to a folder "
                "of a disk that has"
            ) from None
        return np.memmap(file, dtype, "r+", shape=shape)


def is_mapped(array: Any) -> bool:
    """Whether an array lies in a file that is mapped into memory.

    >>> is_mapped(np.eye(2))
    False
    """
    return isinstance(array, np.memmap) and getattr(array, "_mmap", None) is not None


def forget_pages(array: Any) -> None:
    """Let what was read of a mapped file go from memory; it is read again when it is needed. Other arrays stay as they are.

    What was written to a file that is shared with others (mode "r+" or "w+") is not lost: the system holds it for the file.
    """
    if is_mapped(array) and hasattr(array._mmap, "madvise") and array.mode in ("r", "r+", "w+"):
        array._mmap.madvise(mmap.MADV_DONTNEED)


def parts_of(array: NDArray[Any]) -> Iterator[slice]:
    """Yield the rows of an array in parts: of a mapped one some 32 MB at a time, let go before the next; of others all at once.

    >>> list(parts_of(np.zeros((3, 2))))
    [slice(0, 3, None)]
    """
    if not is_mapped(array):
        yield slice(0, len(array))
        return
    step = max(1, IN_USE // 2 // _width(array))
    step -= step % ALIGNED if step > ALIGNED else 0
    for start in range(0, len(array), step):
        yield slice(start, start + step)
        forget_pages(array)


def _width(array: NDArray[Any]) -> int:
    """Bytes of the file from one row to the next: more than those of a row where only its first columns are taken."""
    return max(array[:1].nbytes, abs(array.strides[0]), 1)


class PagesInUse:
    """Lets the pages of a mapped array go whenever 64 MB of it were read since the last time; of other arrays it does nothing.

    Examples
    --------
    >>> pages = PagesInUse(scratch_rows((4, 1), np.float64))
    >>> pages.array[:] = [[0.0], [1.0], [2.0], [3.0]]
    >>> pages.rows(np.array([1, 3])).ravel().tolist()
    [1.0, 3.0]
    """

    def __init__(self, array: Any) -> None:
        self.array, self._used = array, 0
        self.mapped, self.width = is_mapped(array), _width(array)

    def used(self, rows: int) -> None:
        """Note that so many rows that lie together were read or written."""
        self._note(rows * self.width)

    def _note(self, size: int) -> None:
        self._used += size
        if self.mapped and self._used > IN_USE:
            self._used = 0
            forget_pages(self.array)

    def rows(self, places: NDArray[np.int64]) -> NDArray[Any]:
        """Return a copy of the rows at these places; fast where they are sorted and lie close to each other."""
        if not self.mapped or not places.size:
            return np.asarray(self.array[places])
        first, last = int(places[0]), int(places[-1])
        if 0 <= last - first < 2 * places.size and bool((np.diff(places) > 0).all()):
            self.used(last + 1 - first)
            return np.asarray(np.asarray(self.array[first : last + 1])[places - first])
        found = np.empty((places.size, *self.array.shape[1:]), self.array.dtype)
        for start in range(0, places.size, APART):
            some = places[start : start + APART]
            found[start : start + APART] = self.array[some]
            self._note(min(int(np.ptp(some)) * self.width + AROUND, some.size * AROUND))
        return found
