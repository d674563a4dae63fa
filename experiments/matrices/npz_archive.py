"""The arrays of an .npz archive, read so that no file can ask for more memory than it is allowed, or run anything.

An archive is a zip file of .npy files, each with a header that declares a type and a shape. Both are compared with what the
archive holds before anything is allocated: a header of a few bytes may declare terabytes, and zip packs zeros a thousandfold.
Arrays of Python objects (pickles) are never read.
"""

from __future__ import annotations

import math
import struct
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy
import numpy.lib.format
from numpy.typing import NDArray

from experiments.matrices.limits import require_regular, require_unpacked
from experiments.matrices.reading import BadInput, shown

MOST_MEMBERS = 1000
DAMAGE = (
    ValueError,
    TypeError,
    KeyError,
    SyntaxError,
    EOFError,
    OSError,
    RuntimeError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
    tokenize.TokenError,  # of NumPy, which reads old headers as Python
    struct.error,
)
npy: Any = numpy.lib.format
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_arrays(path: Path, only: tuple[str, ...] | None = None) -> dict[str, NDArray[Any]]:
    """Return the arrays of an archive by name, or those among `only`.

    Memory is that of the arrays, which are at most 100 times as large as the file unless `unpack_limit` says otherwise.

    Raises
    ------
    BadInput
        for what is no archive of arrays, is damaged, holds pickles, declares more than it holds, or unpacks to too much.
    """
    require_regular(path)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] != b"PK":
        found = "an empty file" if not head else f"a file that begins with {head!r}"
        raise BadInput(path, "an .npz archive of arrays (scipy.sparse.save_npz)", found)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _require_bounded(path, members)
            names = {member.filename.removesuffix(".npy"): member for member in members}
            if len(names) < len(members):
                raise BadInput(path, "arrays with names of their own", "one name for two of them")
            chosen = [name for name in names if only is None or name in only]
            return {name: _read(path, archive, names[name], name) for name in chosen}
    except BadInput:
        raise
    except DAMAGE as error:
        found = shown(f"{type(error).__name__}: {error}", 200)
        raise BadInput(path, "an .npz archive of arrays without pickles, undamaged", found) from None


def array_names(path: Path) -> list[str]:
    """Return the names of an archive's arrays, in their order; nothing of them is read.

    Raises
    ------
    BadInput
        for what is no archive of arrays.
    """
    require_regular(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return [member.filename.removesuffix(".npy") for member in archive.infolist()]
    except DAMAGE as error:
        raise BadInput(path, "an .npz archive of arrays", shown(str(error), 200)) from None


def array_shapes(path: Path) -> dict[str, tuple[tuple[int, ...], numpy.dtype[Any]]]:
    """Return the shape and the type that the header of each array declares; nothing else of them is read.

    Raises
    ------
    BadInput
        for what is no archive of arrays, or a header that is none.
    """
    require_regular(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _require_bounded(path, archive.infolist())
            named = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
            return {name: _header(path, archive, member, name) for name, member in named.items()}
    except BadInput:
        raise
    except DAMAGE as error:
        raise BadInput(path, "an .npz archive of arrays", shown(str(error), 200)) from None


def _require_bounded(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise BadInput(path, f"at most {MOST_MEMBERS} arrays", f"{len(members):,}")
    require_unpacked(path, sum(member.file_size for member in members), path.stat().st_size)


def _header(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str
) -> tuple[tuple[int, ...], numpy.dtype[Any]]:
    """Return what an array's header declares, once that is no pickle and fits the bytes of the member."""
    with archive.open(member) as file:
        version = npy.read_magic(file)
        if version not in HEADERS:
            raise BadInput(path, ".npy arrays of version 1 or 2", f"version {version}", column=name)
        shape, _, dtype = HEADERS[version](file)
        if dtype.hasobject:
            raise BadInput(path, "arrays without pickles", "Python objects, never unpickled", column=name)
        held = member.file_size - file.tell()
        if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > held:
            found = f"shape {shown(shape)} of {dtype}"
            raise BadInput(path, f"an array that fits its {held:,} bytes", found, column=name)
    return shape, dtype


def _read(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> NDArray[Any]:
    shape, dtype = _header(path, archive, member, name)
    with archive.open(member) as file:
        array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
        if file.read(1):
            declared = math.prod(shape) * dtype.itemsize
            raise BadInput(path, f"{declared:,} bytes, as declared", "more", column=name)
    return array
