"""Lines of text, read in pieces, and the one error that says where a file is not what its format asks for.

A file may be gzipped (told by its first bytes, not by its name); a zip, tar, bzip2 or xz archive is refused
with what to do, so that no archive is ever unpacked and no link in one followed. Lines may end in LF, CRLF or
CR, mixed as they like.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PIECE = 1 << 20  # bytes read at a time
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LONGEST_LINE = 1 << 26  # a "line" longer than this is no line of text; memory stays bounded
ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}


class BadInput(ValueError):
    """A file is not what its format asks for: where, what was expected, what was found.

    >>> print(BadInput("plays.tsv", "an integer", "'many'", line=3, column=4))
    plays.tsv, line 3, column 4: expected an integer; found 'many'
    """

    def __init__(
        self,
        path: Path | str,
        expected: str,
        found: str,
        *,
        line: int | None = None,
        column: int | str | None = None,
    ) -> None:
        self.path, self.expected, self.found, self.line, self.column = (
            str(path),
            expected,
            found,
            line,
            column,
        )
        where = str(path) + (f", line {line}" if line is not None else "")
        where += f", column {column}" if column is not None else ""
        super().__init__(f"{where}: expected {expected}; found {found}")


@dataclass
class BadRows:
    """What to do with a row that cannot be read: raise, or skip, count and report it."""

    skip: bool = False
    count: int = 0
    first: list[str] = field(default_factory=list)

    def meet(self, error: BadInput) -> None:
        """Raise the error, or count it."""
        if not self.skip:
            raise error
        self.count += 1
        if len(self.first) < 3:
            self.first.append(str(error))

    def notes(self) -> tuple[str, ...]:
        """Return one sentence about the rows skipped, or nothing."""
        if not self.count:
            return ()
        listed = "; ".join(self.first) + ("; ..." if self.count > len(self.first) else "")
        return (f"{self.count:,} bad row{'s' * (self.count > 1)} skipped: {listed}",)


def shown(value: object, most: int = 60) -> str:
    """Return `value` quoted for a message, cut where it is long.

    >>> shown("x" * 100)
    "'xxxxxxxxxxxxxxxxxxxx'... (100 characters)"
    """
    text = str(value)
    return repr(text) if len(text) <= most else f"{text[:20]!r}... ({len(text):,} characters)"


def open_bytes(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a plain or gzipped file; refuse an empty one and archives.

    Raises
    ------
    OSError
        when it cannot be read.
    BadInput
        for an empty file or an archive.
    """
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
    done = 0
    with open_bytes(path) as file:
        try:
            while piece := file.read(PIECE):
                done += len(piece)
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
        yield from block.removesuffix(b"\n").split(b"\n")


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
