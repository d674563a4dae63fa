"""Word vectors in binary, as word2vec and gensim write them (.bin).

A line "n f", then n times a name, a blank and f float32 numbers, perhaps with a line end before the name.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from experiments.matrices.limits import most_unpacked
from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished
from experiments.matrices.reading import BadInput, open_bytes, pieces, shown

LONGEST_NAME = 1 << 16  # bytes


def read_word2vec_binary(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of a binary word2vec file, plain or gzipped; memory is that of the array and of names.

    Raises
    ------
    BadInput
        for another header, more vectors than the file's bytes can hold, fewer or more than declared, and names that are no text.
    """
    read = _Buffer(pieces(path))
    header = read.until(b"\n", 64)
    found = re.fullmatch(rb"(\d{1,12}) (\d{1,6})\s*", header or b"")
    if header is None or not found or not int(found[2]):
        expected = "a first line with the number of vectors and of dimensions, as word2vec writes it"
        raise BadInput(path, expected, repr((header if header is not None else read.start())[:40]))
    n, f = int(found[1]), int(found[2])
    with open_bytes(path) as file:
        packed = isinstance(file, gzip.GzipFile)
    size = path.stat().st_size
    most = most_unpacked(size) if packed else size
    if n * (4 * f + 1) > most:
        raise BadInput(
            path, f"at most the vectors that {most:,} bytes can hold", f"{n:,} of {f:,} numbers declared"
        )
    vectors, names = np.empty((n, f), dtype=np.float32), []
    for k in range(n):
        name = read.until(b" ", LONGEST_NAME)
        values = None if name is None else read.take(4 * f)
        if name is None or values is None:
            raise BadInput(
                path, f"{n:,} vectors, as the first line says", f"{k:,} whole ones; the file is cut short"
            )
        vectors[k] = np.frombuffer(values, dtype="<f4")
        names.append(_text(path, name.removeprefix(b"\n"), k, options.encoding))
    if read.rest().strip():
        raise BadInput(path, f"nothing after {n:,} vectors", "more bytes")
    return finished(path, vectors, names, (), options)


def _text(path: Path, name: bytes, row: int, encoding: str) -> str:
    try:
        return name.decode(encoding)
    except UnicodeDecodeError:
        expected = f"names in {encoding} (--encoding names another)"
        raise BadInput(path, expected, shown(name), line=row + 1) from None


class _Buffer:
    """Bytes that come in pieces, taken up to a mark or by number."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source, self._held, self._at = source, b"", 0

    def _more(self) -> bool:
        piece = next(self._source, None)
        if piece is None:
            return False
        self._held, self._at = self._held[self._at :] + piece, 0
        return True

    def until(self, mark: bytes, most: int) -> bytes | None:
        """Return the bytes before the next `mark`, or None if there is none within `most` bytes."""
        while (end := self._held.find(mark, self._at, self._at + most)) < 0:
            if len(self._held) - self._at >= most or not self._more():
                return None
        found, self._at = self._held[self._at : end], end + 1
        return found

    def take(self, count: int) -> bytes | None:
        """Return the next `count` bytes, or None where fewer are left."""
        while len(self._held) - self._at < count:
            if not self._more():
                return None
        found, self._at = self._held[self._at : self._at + count], self._at + count
        return found

    def start(self) -> bytes:
        """Return what is held, without taking it."""
        return self._held[self._at :]

    def rest(self) -> bytes:
        """Return at most a piece of what is left."""
        self._more()
        return self._held[self._at :]
