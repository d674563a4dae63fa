"""How much may a file ask for? What is declared or packed in it is compared with its size before memory is taken.

A file of a few bytes can declare a matrix of 10^9 rows, or unpack to gigabytes. Every limit stands here and in the table of
docs/formats.md; `unpack_limit` raises the one that an honest file may meet.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from experiments.matrices.bad_input import BadInput

UNPACKED = 100  # times a packed file's size is what it may unpack to,
UNPACKED_LEAST = 1 << 26  # or this many bytes if that is more
SPARSEST = 1000  # rows or columns for each entry, and for a million entries more
LONGEST_TOML = 1 << 23  # bytes
DEEPEST_KEY = 32  # parts of a dotted key of TOML

_GIVEN: ContextVar[int | None] = ContextVar("unpack_limit", default=None)


@contextmanager
def unpack_limit(most: int | None) -> Iterator[None]:
    """Let packed files unpack to at most `most` bytes; None is the limit that follows their size.

    >>> with unpack_limit(10**9):
    ...     most_unpacked(1)
    1000000000
    """
    token = _GIVEN.set(most)
    try:
        yield
    finally:
        _GIVEN.reset(token)


def most_unpacked(size: int) -> int:
    """Return to how many bytes a file of `size` bytes may unpack.

    >>> most_unpacked(10), most_unpacked(10**9)
    (67108864, 100000000000)
    """
    given = _GIVEN.get()
    return max(UNPACKED * size, UNPACKED_LEAST) if given is None else given


def require_unpacked(path: Path, unpacked: int, size: int) -> None:
    """Raise `BadInput` where a file of `size` bytes unpacks to more bytes than it may.

    >>> require_unpacked(Path("log.csv.gz"), 10**10, 10**6)
    Traceback (most recent call last):
    ...
    experiments.matrices.bad_input.BadInput: log.csv.gz: expected at most 100,000,000 bytes when unpacked (--unpack-limit \
allows more); found 10,000,000,000 from 1,000,000
    """
    if unpacked > (most := most_unpacked(size)):
        expected = f"at most {most:,} bytes when unpacked (--unpack-limit allows more)"
        raise BadInput(path, expected, f"{unpacked:,} from {size:,}")


def require_regular(path: Path) -> None:
    """Raise `BadInput` for what cannot be read from start to end: a pipe, a device, a folder. A link to a file is a file.

    >>> require_regular(Path("/dev/null"))
    Traceback (most recent call last):
    ...
    experiments.matrices.bad_input.BadInput: /dev/null: expected a regular file; found a device
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        kinds = {
            stat.S_IFDIR: "a folder",
            stat.S_IFIFO: "a pipe (FIFO)",
            stat.S_IFSOCK: "a socket",
        }
        raise BadInput(path, "a regular file", kinds.get(stat.S_IFMT(mode), "a device"))


def require_not_too_sparse(path: Path, shape: tuple[int, int], entries: int, **where: int | str) -> None:
    """Raise `BadInput` where a matrix has so many rows or columns that memory follows them and not its `entries`.

    >>> require_not_too_sparse(Path("x.npz"), (5 * 10**8, 5), 20)
    Traceback (most recent call last):
    ...
    experiments.matrices.bad_input.BadInput: x.npz: expected a size of at most 1000 for each of 20 entries (and 1,000,000 \
more); found 500,000,000 x 5
    """
    if max(shape) > SPARSEST * (entries + SPARSEST):
        expected = f"a size of at most {SPARSEST} for each of {entries:,} entries (and {SPARSEST**2:,} more)"
        raise BadInput(path, expected, f"{shape[0]:,} x {shape[1]:,}", **where)  # type: ignore[arg-type]
