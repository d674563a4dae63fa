"""How many lines has a large text file, and how long are the contexts of a log? From a megabyte of its lines, at 16 places.

The number of lines is the size over the mean length of a line. What a log's counts cost follows from sum l^2, the squared lengths
of its contexts: where the lines of a context stand together, from the runs of equal contexts; else from how often two lines of
the sample, of s lines out of m, are of one context, which happens sum l (l - 1) / 2 (s / m)^2 times.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

WINDOWS, WINDOW = 16, 2**16  # places, and bytes at each
TOGETHER = 0.2  # of neighbouring lines that are of one context, from which on contexts stand together
SEPARATORS = ("\t", ";", "|", ",")


@dataclass(frozen=True)
class Sampled:
    """What a sample of lines tells: `lines` of the file, and the fields of those that were read, window by window.

    `first` are the fields of the first line, which is left out of `windows` where it names the columns.
    """

    lines: float
    windows: tuple[tuple[tuple[str, ...], ...], ...]
    first: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The number of fields that most lines have."""
        counts = Counter(len(fields) for window in self.windows for fields in window)
        return counts.most_common(1)[0][0] if counts else 0

    def column(self, place: int) -> list[list[str]]:
        """Return the fields at a place, window by window."""
        return [[fields[place] for fields in window if len(fields) > place] for window in self.windows]

    def distinct(self, *places: int) -> float:
        """Return about how many different values the columns at these places hold together.

        Whole numbers are taken to be numbers from 0 on; of names those that the sample missed are estimated (Chao 1984).
        """
        seen = Counter(value for place in places for window in self.column(place) for value in window)
        if not seen:
            return 0.0
        if all(value.isascii() and value.isdigit() and len(value) < 12 for value in seen):
            return float(max(map(int, seen)) + 1)
        once, twice = (sum(count == times for count in seen.values()) for times in (1, 2))
        return min(self.lines, len(seen) + once**2 / (2 * max(twice, 1)))

    def squares(self, place: int) -> float:
        """Return about the sum of squared lengths of the contexts, which stand at a place of each line."""
        windows = self.column(place)
        neighbours = [a == b for window in windows for a, b in pairwise(window)]
        if not neighbours:
            return self.lines
        if sum(neighbours) >= TOGETHER * len(neighbours):
            runs = [[len(list(run)) for _, run in groupby(window)] for window in windows]
            inner = [length for window in runs for length in window[1:-1]] or [max(map(max, runs))]
            return self.lines * sum(length**2 for length in inner) / sum(inner)
        seen = Counter(value for window in windows for value in window)
        drawn = sum(seen.values())
        collisions = sum(count * (count - 1) for count in seen.values())
        return self.lines + collisions * (self.lines / drawn) ** 2


def sample_lines(path: Path, separator: str | None = None) -> Sampled:
    """Return a sample of the lines of a text file, plain or packed by gzip (of which the first part is taken)."""
    size = path.stat().st_size
    if path.suffix.lower() == ".gz":
        with path.open("rb") as file:
            packed = file.read(WINDOW * WINDOWS // 4)
        opened = zlib.decompressobj(31)
        text = opened.decompress(packed, WINDOW * WINDOWS)
        taken = len(packed) - len(opened.unconsumed_tail)
        pieces, size = [text], int(size * len(text) / max(taken, 1))
    else:
        starts = sorted({int(k * max(0, size - WINDOW) / (WINDOWS - 1)) for k in range(WINDOWS)})
        with path.open("rb") as file:
            pieces = []
            for start in starts:
                file.seek(start)
                piece = file.read(WINDOW)
                # whole lines: the first is cut, and so may be the last
                pieces.append(piece if start == 0 else piece.partition(b"\n")[2])
    whole = [piece.rpartition(b"\n")[0] for piece in pieces]
    found = [[line for line in piece.split(b"\n") if line and line[:1] not in b"#%"] for piece in whole]
    count = sum(map(len, found))
    length = sum(len(line) + 1 for lines in found for line in lines)
    texts = [[line.decode("latin-1").rstrip("\r") for line in lines] for lines in found]
    end = separator or _separator(texts)
    windows = [tuple(_fields(line, end) for line in lines) for lines in texts]
    first = windows[0][0] if windows and windows[0] else ()
    if first and len(windows[0]) > 1 and _names_columns(first, windows[0][1]):
        windows[0] = windows[0][1:]
    return Sampled(size * count / length if length else 0.0, tuple(windows), first)


def _names_columns(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a first line without a number stands above one with a number."""
    return not any(map(str.isdigit, first)) and any(map(str.isdigit, second))


def _separator(texts: Sequence[Sequence[str]]) -> str:
    first = next((line for lines in texts for line in lines), "")
    return next((sign for sign in SEPARATORS if sign in first), " ")


def _fields(line: str, separator: str) -> tuple[str, ...]:
    return tuple(line.split() if separator == " " else re.split(re.escape(separator), line))
