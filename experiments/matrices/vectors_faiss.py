"""Vectors in a flat index of FAISS: IndexFlatL2, IndexFlatIP and IndexFlat of other metrics, also within an IndexIDMap.

A flat index holds its vectors as they are: four letters that name the kind, d (int32), n (int64), two int64 that mean
nothing, a flag, the metric (int32, and its float32 argument where it is neither product nor L2), then a count and n d float32
numbers. An IndexIDMap has such a header, the flat index, then n int64 ids, which are the names. Written down here from
faiss/impl/index_read.cpp, so that faiss itself is not needed; other kinds of index hold codes, from which vectors cannot be
read exactly.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.limits import require_regular
from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished
from experiments.matrices.reading import BadInput

FLAT, WITH_IDS = {b"IxFI", b"IxF2", b"IxFl"}, {b"IxMp", b"IxM2"}
HEADER = struct.Struct("<iqqqBi")  # d, n, two numbers without meaning, trained, metric
WITHOUT_ARGUMENT = (0, 1)  # inner product, L2


def read_faiss_flat(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of a flat index, named by their ids where it has any; memory is that of the array.

    Raises
    ------
    BadInput
        for another kind of index, and a file that does not hold what it declares.
    """
    require_regular(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        kind = file.read(4)
        if kind not in FLAT | WITH_IDS:
            expected = (
                "a flat index of FAISS (IndexFlatL2, IndexFlatIP, IndexIDMap of one); of another kind, save "
                "numpy.save('vectors.npy', index.reconstruct_n(0, index.ntotal))"
            )
            raise BadInput(path, expected, f"a file that begins with {kind!r}")
        ids: list[int] | None = None
        n, d = _header(path, file)
        if kind in WITH_IDS:
            inner = file.read(4)
            if inner not in FLAT:
                raise BadInput(path, "a flat index within the IndexIDMap", f"one that begins with {inner!r}")
            n, d = _header(path, file)
        vectors = _array(path, file, n * d, "<f4", size).reshape(n, d)
        if kind in WITH_IDS:
            ids = _array(path, file, n, "<i8", size).tolist()
        if file.read(1):
            raise BadInput(path, "nothing after the vectors", "more bytes")
    return finished(path, vectors, ids, (), options)


def _header(path: Path, file: IO[bytes]) -> tuple[int, int]:
    raw = file.read(HEADER.size)
    d, n, _, _, _, metric = HEADER.unpack(raw) if len(raw) == HEADER.size else (0, 0, 0, 0, 0, 0)
    if d < 1 or n < 0:
        raise BadInput(
            path, "a header with numbers of vectors and of dimensions", f"{n} vectors of {d} dimensions"
        )
    if metric not in WITHOUT_ARGUMENT:
        file.read(4)
    return n, d


def _array(path: Path, file: IO[bytes], count: int, kind: str, size: int) -> NDArray[Any]:
    """Read an array behind its own count, which must be the one expected, and the rest of the file hold it."""
    raw = file.read(8)
    declared = int.from_bytes(raw, "little")
    held = (size - file.tell()) // np.dtype(kind).itemsize
    if len(raw) < 8 or declared != count or count > held:
        raise BadInput(
            path, f"{count:,} numbers of {np.dtype(kind)}", f"{declared:,} declared and room for {held:,}"
        )
    found = np.fromfile(file, dtype=kind, count=count)
    if found.size != count:
        raise BadInput(path, f"{count:,} numbers of {np.dtype(kind)}", f"{found.size:,}")
    return found
