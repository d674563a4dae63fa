"""Files of named arrays, whole or not there, of which any piece can be read: what the steps of a large analysis leave.

A file begins with eight bytes of magic and the length of its header; the header is JSON: the key of all that decides the arrays,
and of each its type, shape and place. Then come the arrays, each at a multiple of 64 bytes. A file is written under another name,
brought to the disk, and takes its place; one of another key or another length counts as not there.
"""

from __future__ import annotations

import json
import math
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.running.files import write_whole

MAGIC = b"spkarr01"
ALIGNED = 64
LONGEST_HEADER = 1 << 16
KINDS = "iuf"
Array = NDArray[Any]


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
        file.write(header)
        for array in fitting.values():
            file.write(array.reshape(-1).view(np.uint8).data)
            file.write(bytes(-array.nbytes % ALIGNED))
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
    ValueError
        for a file that is not whole, or of another key.
    OSError
        if there is none.
    """
    with path.open("rb") as file:
        described = _described(file, key)
        if described is None:
            raise ValueError(
                f"{path} must be a file that this analysis wrote; it is damaged or of another analysis"
            )
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
    return found if size == end else None


def _settle(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
