"""Files of named arrays, whole or not there, of which any piece can be read: what the steps of a large analysis leave.

A file begins with eight bytes of magic and the length of its header; the header is JSON: the key of all that decides the arrays,
and of each its type, shape and place. Then come the arrays, each at a multiple of 64 bytes, and 64 bytes with the checksum
(CRC-32) of all before. A file is written under another name, brought to the disk, and takes its place; one of another key or
another length counts as not there. The checksum is compared by `is_sound`, not whenever an array is read.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.running.files import write_whole

MAGIC = b"spkarr02"
ALIGNED = 64
LONGEST_HEADER = 1 << 16
KINDS = "iuf"
AT_ONCE = 1 << 20  # bytes read for a checksum
Array = NDArray[Any]


class DamagedFile(ValueError):
    """A file is not what an analysis has written there."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(str(path))
        self.path = Path(path)

    def __str__(self) -> str:
        return f"{self.path} must be a file that this analysis wrote; it is damaged or of another analysis"


class Summed:
    """A file that is written, and the checksum of what has been."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sum, self.size = file, 0, 0

    def write(self, content: bytes | memoryview) -> None:
        """Write, and go on with the sum."""
        self.sum = zlib.crc32(content, self.sum)
        self.size += len(content)
        self.file.write(content)


def write_arrays(path: Path, key: str, arrays: Mapping[str, Array], *, lasting: bool = True) -> None:
    """Write `arrays` into the file at `path`; `lasting`: also a machine that loses its power keeps it.

    Raises
    ------
    OSError
        if it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_arrays(Path(folder) / "a", "key", {"x": np.arange(3)})
    ...     read_arrays(Path(folder) / "a", "key")["x"].tolist(), is_there(Path(folder) / "a", "other key")
    ([0, 1, 2], False)
    """
    fitting = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    header = _header(key, fitting)

    def write(file: IO[bytes]) -> None:
        summed = Summed(file)
        summed.write(header)
        for array in fitting.values():
            summed.write(array.reshape(-1).view(np.uint8).data)
            summed.write(bytes(-array.nbytes % ALIGNED))
        file.write(summed.sum.to_bytes(ALIGNED, "little"))
        if lasting:
            file.flush()
            os.fsync(file.fileno())

    write_whole(path, write)
    if lasting:
        _settle(path.parent)


def read_arrays(path: Path, key: str) -> dict[str, Array]:
    """Return the arrays of a file, mapped: what is looked at is read.

    Raises
    ------
    DamagedFile
        for a file that is not whole, or of another key.
    OSError
        if there is none.
    """
    with path.open("rb") as file:
        described = _described(file, key)
        if described is None:
            raise DamagedFile(path)
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return {
        name: np.frombuffer(whole, kind, math.prod(shape), at).reshape(shape)
        for name, (kind, shape, at) in described.items()
    }


def is_there(path: Path, key: str) -> bool:
    """Return whether there is a whole file of this key."""
    if not path.is_file() or path.is_symlink():
        return False
    with path.open("rb") as file:
        return _described(file, key) is not None


def is_sound(path: Path, key: str) -> bool:
    """Return whether there is a whole file of this key, and its content that which was written; all of it is read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a"
    ...     write_arrays(path, "key", {"x": np.arange(3)})
    ...     before = is_sound(path, "key")
    ...     with path.open("r+b") as file:
    ...         _ = file.seek(-80, 2), file.write(b"!")
    ...     before, is_there(path, "key"), is_sound(path, "key")
    (True, True, False)
    """
    if not is_there(path, key):
        return False
    with path.open("rb") as file:
        found = sum_of(file, os.fstat(file.fileno()).st_size - ALIGNED)
        return file.read() == found.to_bytes(ALIGNED, "little")


def sum_of(file: IO[bytes], size: int) -> int:
    """Return the checksum of the next `size` bytes of a file, or of those that are left."""
    found = 0
    while size > 0 and (some := file.read(min(size, AT_ONCE))):
        found, size = zlib.crc32(some, found), size - len(some)
    return found


def _header(key: str, arrays: Mapping[str, Array]) -> bytes:
    at, table = 0, {}
    for name, array in arrays.items():
        table[name] = [array.dtype.str, list(array.shape), at]
        at += array.nbytes + -array.nbytes % ALIGNED
    text = json.dumps({"key": key, "arrays": table}).encode()
    text += b" " * (-(len(MAGIC) + 8 + len(text)) % ALIGNED)
    return MAGIC + len(text).to_bytes(8, "little") + text


def _described(file: IO[bytes], key: str) -> dict[str, tuple[np.dtype[Any], list[int], int]] | None:
    """Type, shape and place of each array; None for a file that is damaged or of another key."""
    begin = file.read(len(MAGIC) + 8)
    length = int.from_bytes(begin[len(MAGIC) :], "little")
    if len(begin) < len(MAGIC) + 8 or not begin.startswith(MAGIC) or length > LONGEST_HEADER:
        return None
    text = file.read(length)
    size = os.fstat(file.fileno()).st_size
    try:
        about = json.loads(text)
        if about["key"] != key:
            return None
        found, end = {}, len(begin) + length
        for name, (kind, shape, at) in about["arrays"].items():
            dtype = np.dtype(str(kind))
            count = math.prod(int(k) for k in shape)
            if dtype.kind not in KINDS or count < 0:
                return None
            found[name] = (dtype, [int(k) for k in shape], len(begin) + length + int(at))
            end = max(end, found[name][2] + count * dtype.itemsize + -count * dtype.itemsize % ALIGNED)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if size == end + ALIGNED else None


def _settle(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
