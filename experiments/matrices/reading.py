"""Lines of text, read in pieces.

A file may be gzipped (told by its first bytes, not by its name); a zip, tar, bzip2 or xz archive is refused
with what to do, so that no archive is ever unpacked and no link in one followed. Lines may end in LF, CRLF or
CR, mixed as they like.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from operator import methodcaller
from pathlib import Path
from typing import IO

from experiments.matrices.bad_input import BadInput as BadInput
from experiments.matrices.bad_input import BadRows as BadRows
from experiments.matrices.bad_input import shown as shown
from experiments.matrices.limits import require_regular, require_unpacked

PIECE = 1 << 20  # bytes read at a time
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LONGEST_LINE = 1 << 26  # a "line" longer than this is no line of text; memory stays bounded
ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}


def require_encoding(encoding: str) -> str:
    """Return `encoding` if it is known and has ASCII letters as single bytes; lines could not be found in others.

    >>> require_encoding("utf-16")
    Traceback (most recent call last):
    ...
    ValueError: encoding must have ASCII letters as single bytes (utf-8, latin-1, cp1252, ...); got 'utf-16'; convert the file
    """
    ascii_letters = bytes(range(128))
    try:
        plain = ascii_letters.decode(encoding) == ascii_letters.decode("ascii")
    except LookupError:
        raise ValueError(f"encoding must be known (utf-8, latin-1, cp1252, ...); got {encoding!r}") from None
    except (ValueError, TypeError):
        plain = False
    if not plain:
        raise ValueError(
            "encoding must have ASCII letters as single bytes (utf-8, latin-1, cp1252, ...); "
            f"got {encoding!r}; convert the file"
        )
    return encoding


def open_bytes(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a plain or gzipped file; refuse an empty one and archives.

    Raises
    ------
    OSError
        when it cannot be read.
    BadInput
        for an empty file or an archive.
    """
    require_regular(path)
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise BadInput(path, "some data", "an empty file")
    for magic, kind in ARCHIVES.items():
        if head.startswith(magic):
            raise BadInput(
                path, "text, plain or gzipped", f"{kind}; unpack it and give the file or folder inside"
            )
    if head[257:262] == b"ustar":
        raise BadInput(
            path, "text, plain or gzipped", "a tar archive; unpack it and give the file or folder inside"
        )
    return gzip.open(path, "rb") if head[:2] == b"\x1f\x8b" else path.open("rb")


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the (unzipped) bytes of a file, at most `PIECE` at a time."""
    done, size = 0, path.stat().st_size
    with open_bytes(path) as file:
        try:
            while piece := file.read(PIECE):
                done += len(piece)
                require_unpacked(path, done, size)
                yield piece
        except EOFError:
            raise BadInput(
                path, "a whole gzip file", f"one cut short after {done:,} bytes of its text"
            ) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BadInput(
                path, "a sound gzip file", f"a damaged one after {done:,} bytes of its text ({error})"
            ) from None
    if not done:
        raise BadInput(path, "some data", "an empty gzip file")


def line_blocks(path: Path) -> Iterator[bytes]:
    """Yield whole lines, some at a time; LF, CRLF and CR all end a line, and are LF here. The last line may have no end."""
    rest = b""
    for piece in pieces(path):
        text = rest + piece
        # a CR at the very end may be half of a CRLF: wait for the next piece
        held = b"\r" if text.endswith(b"\r") else b""
        if b"\r" in text:
            text = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        cut = text.rfind(b"\n") + 1
        rest = text[cut:] + held
        if cut:
            yield text[:cut]
        if len(rest) > LONGEST_LINE:
            raise BadInput(
                path, f"lines of at most {LONGEST_LINE:,} bytes", "a longer one; is this a text file?"
            )
    if rest:
        yield rest.replace(b"\r", b"\n")


def raw_lines(path: Path) -> Iterator[bytes]:
    """Yield lines without their ends."""
    for block in line_blocks(path):
        # one after the other, since often only the first lines are wanted
        yield from map(methodcaller("removesuffix", b"\n"), BytesIO(block))


def lines(path: Path, *, encoding: str = "utf-8", bad: BadRows | None = None) -> Iterator[tuple[int, str]]:
    """Yield (number from 1, text) of each line; a byte order mark at the start is dropped.

    Raises
    ------
    BadInput
        where a line is not in `encoding`, naming the column of the first wrong byte (unless `bad` skips
        rows).
    """
    for number, raw in enumerate(raw_lines(path), start=1):
        if number == 1 and raw.startswith(b"\xef\xbb\xbf"):
            raw = raw[3:]
        if number == 1 and raw.startswith(UTF_16):
            raise BadInput(path, f"{encoding} text", "UTF-16; convert it first", line=1, column=1)
        try:
            yield number, raw.decode(encoding)
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode(encoding, errors="replace")) + 1
            found = f"the byte 0x{raw[error.start]:02x}; if the file is latin-1, say so (--encoding latin-1)"
            (bad or BadRows()).meet(BadInput(path, f"{encoding} text", found, line=number, column=column))


def integer(text: str, path: Path, line: int, column: int, what: str) -> int:
    """Return an integer field; the error names its place.

    >>> integer("12", Path("u.data"), 1, 1, "a user id")
    12
    """
    if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20:
        return int(text)
    raise BadInput(path, f"{what}, an integer", shown(text), line=line, column=column)
