"""Which vectors stay in their file? Those of a mapped file that would take more memory than they may: they are read in blocks.

Reading a file in blocks again and again takes longer than holding a copy of it and gives the same numbers. The system keeps what
it has read of the file as long as nobody else needs the room, so that a second reading is often fast. Files of other number types
and layouts are copied once into a temporary file of float numbers, row after row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.pages import forget_pages, is_mapped, parts_of, scratch_rows
from theory.analysis.inputs import exponent_of


def stays_in_file(data: Any, in_memory: int) -> bool:
    """Whether vectors lie in a mapped file and would take more than `in_memory` bytes.

    >>> stays_in_file(np.eye(3), 0)
    False
    """
    return is_mapped(data) and bytes_of(data) > in_memory


def bytes_of(data: NDArray[Any]) -> int:
    """Return the bytes of vectors in memory: four for each number of a float32 file, eight for any other.

    >>> bytes_of(np.ones((3, 2), np.float32)), bytes_of(np.ones((3, 2), np.int8))
    (24, 48)
    """
    return data.size * (4 if data.dtype == np.float32 else 8)


def memory_note(data: Any, in_memory: int) -> str:
    """Say whether vectors are held in memory or read from their file, and by which rule.

    >>> memory_note(np.ones((1000, 100), np.float32), 2**30)
    'vectors of 400 kB, held in memory'
    """
    size, most = _in_words(bytes_of(data)), _in_words(in_memory)
    if stays_in_file(data, in_memory):
        return f"vectors of {size}: more than the {most} that --in-memory allows, so they are read from the file in blocks"
    if bytes_of(data) > in_memory:
        return f"vectors of {size}, held in memory: only .npy files and Parquet shards are read in blocks (--in-memory {most})"
    return f"vectors of {size}, held in memory"


def float_rows(data: NDArray[Any]) -> NDArray[Any]:
    """Return a mapped array of float32 or float64 numbers, row after row, in the units of `as_rows`: the file, or a copy on disk.

    Examples
    --------
    >>> rows = scratch_rows((2, 2), np.int16)
    >>> rows[:] = [[1, 2], [3, 4]]
    >>> float_rows(rows).dtype, float_rows(rows).tolist()
    (dtype('float64'), [[1.0, 2.0], [3.0, 4.0]])
    """
    is_float = data.dtype in (np.float32, np.float64)
    if is_float and data.flags.c_contiguous and not exponent_of(data):
        return data
    copy = scratch_rows(data.shape, np.float32 if data.dtype == np.float32 else np.float64)
    for part in parts_of(data):
        copy[part] = data[part].astype(copy.dtype)
        forget_pages(copy)
    if exponent := exponent_of(copy):
        for part in parts_of(copy):
            copy[part] = np.ldexp(copy[part], -exponent)
    return copy


def _in_words(size: float) -> str:
    """A number of bytes with three digits.

    >>> _in_words(5_120_000_000), _in_words(999), _in_words(2**30)
    ('5.12 GB', '999 B', '1.07 GB')
    """
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"
