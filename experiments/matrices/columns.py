"""How are text files of pairs read fast? By columns, with pyarrow: a block of lines at a time, whose names are numbered in C.

The careful readers go value by value and know all that a format allows; what is read here is what pyarrow is known to read as
they do: rows of equal length in UTF-8 or latin-1, whose quotes, if any, enclose whole fields of one line. Anything else raises
`NotByColumns`, or an error of pyarrow where a file is broken; the caller then reads the file carefully from its start, which
gives the matrix, or says where the error is. Without pyarrow every file is read carefully.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import PairCollector
from experiments.matrices.reading import UTF_16, BadInput, line_blocks

BLOCK = 1 << 24  # bytes of text turned into columns at a time
SMALL = 1 << 19  # bytes of a file that is read carefully before pyarrow is imported
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
T = TypeVar("T")


class NotByColumns(ValueError):
    """A file, or a part of it, that only the careful reader can read."""


def by_columns(read: Callable[[], T]) -> T | None:
    """Return what `read` reads by columns, or None where the file must be read carefully."""
    try:
        from pyarrow import ArrowException
    except ImportError:
        return None
    try:
        return read()
    except (NotByColumns, BadInput, UnicodeDecodeError, ArrowException):
        return None


def text_blocks(path: Path, encoding: str, most: int | None = None) -> Iterator[bytes]:
    """Yield whole lines in UTF-8, about `most` bytes (`BLOCK`) or one piece of the file at a time, each line with its end, LF.

    Raises
    ------
    NotByColumns
        for another encoding than UTF-8 or latin-1, and a file so small that reading it by columns does not pay.
    UnicodeDecodeError
        where the text is not in `encoding`.
    """
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        raise NotByColumns from None
    if known not in ("utf-8", "iso8859-1") or path.stat().st_size < SMALL:
        raise NotByColumns
    held: list[bytes] = []
    first = True
    for lines in line_blocks(path):
        if first:
            if lines.startswith(UTF_16):
                raise NotByColumns
            lines, first = lines.removeprefix(BYTE_ORDER_MARK), False
        held.append(lines)
        if sum(map(len, held)) >= (BLOCK if most is None else most):
            yield _utf8(b"".join(held), known)
            held = []
    if held:
        yield _utf8(b"".join(held), known)


def _utf8(lines: bytes, encoding: str) -> bytes:
    if lines and not lines.endswith(b"\n"):
        lines += b"\n"
    if lines.isascii():
        return lines
    text = lines.decode(encoding)
    return lines if encoding == "utf-8" else text.encode()


def one_character(separator: str) -> bytes:
    """Return a separator as pyarrow takes it."""
    if len(separator) != 1 or not (separator == "\t" or (separator.isascii() and separator.isprintable())):
        raise NotByColumns
    if separator == '"':
        raise NotByColumns
    return separator.encode()


def require_plain_quotes(lines: bytes, separator: bytes) -> None:
    """Raise `NotByColumns` unless each quoted field begins and ends with its quotes, in one line.

    >>> require_plain_quotes(b'a,"b, c"\\n', b",")
    """
    if b'"' not in lines:
        return
    end = re.escape(separator)
    if re.search(rb"(?:^|[" + end + rb"\n])[ \t]+\"", lines):
        # behind a blank a quotation mark opens a field too, which pyarrow does not know
        raise NotByColumns
    plain = rb'(?:[^"' + end + rb"\n][^" + end + rb"\n]*+)?+"
    quoted = rb'"(?:[^"\n]++|"")*+"'
    if not re.fullmatch(rb"(?:(?:" + quoted + rb"|" + plain + rb")[" + end + rb"\n])*+", lines):
        raise NotByColumns


def lines_in_single_blanks(lines: bytes) -> bytes:
    """Return lines whose fields are separated by blanks with one space between fields, and none at an end.

    >>> lines_in_single_blanks(b" a \\t b\\n")
    b'a b\\n'

    Raises
    ------
    NotByColumns
        where a blank is neither a space nor a tab, as in some alphabets, or a quotation mark may hold blanks.
    """
    if re.search(r"[^\S \t\n]|\"", lines.decode()):
        raise NotByColumns
    lines = lines.replace(b"\t", b" ")
    while b"  " in lines:
        lines = lines.replace(b"  ", b" ")
    return lines.replace(b"\n ", b"\n").replace(b" \n", b"\n").lstrip(b" ")


def columns_of(lines: bytes, width: int, wanted: Sequence[int], separator: bytes) -> list[Any]:
    """Return the columns `wanted` of lines with `width` fields each, as pyarrow arrays of strings."""
    import pyarrow as pa
    from pyarrow import csv

    if lines.startswith(
        BYTE_ORDER_MARK
    ):  # at the start of a later block it belongs to a name, and pyarrow drops it
        raise NotByColumns
    if not lines.strip(b"\n"):
        return [pa.array([], pa.string()) for _ in wanted]
    names = [str(k) for k in range(width)]
    table = csv.read_csv(
        pa.py_buffer(lines),
        read_options=csv.ReadOptions(column_names=names, use_threads=False, block_size=len(lines) + 1),
        parse_options=csv.ParseOptions(delimiter=separator.decode(), quote_char='"'),
        convert_options=csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            include_columns=[names[k] for k in dict.fromkeys(wanted)],
        ),
    )
    return [table.column(names[k]).combine_chunks() for k in wanted]


def names_and_codes(column: Any) -> tuple[list[Any], NDArray[np.int32]]:
    """Return the values of a pyarrow array in order of first appearance, and for each row the place of its value among them.

    Raises
    ------
    NotByColumns
        where a value is missing.

    Examples
    --------
    >>> import pyarrow as pa
    >>> names_and_codes(pa.array(["b", "a", "b"]))
    (['b', 'a'], array([0, 1, 0], dtype=int32))
    """
    import pyarrow.types as kinds

    if column.null_count:
        raise NotByColumns
    if kinds.is_dictionary(column.type):
        # a value that is listed often is never written out
        used = column.indices.dictionary_encode()
        values = column.dictionary.take(used.dictionary)
        if values.null_count:
            raise NotByColumns
        return values.to_pylist(), used.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    encoded = column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(
        np.int32, copy=False
    )


def add_pairs(
    collector: PairCollector,
    columns: Sequence[Any],
    name_of: Callable[[Any], str | None],
    days_of: Callable[[Any], NDArray[np.float64] | None],
) -> None:
    """Add the rows of pyarrow arrays of contexts, items and perhaps times.

    `name_of(value)` is None for a value that is no plain name, `days_of(column)` for times that cannot be read as a column.

    Raises
    ------
    NotByColumns
        where either is None, or a value is missing.
    """
    sides = []
    for column in columns[:2]:
        values, codes = names_and_codes(column)
        names = [name_of(value) for value in values]
        if None in names:
            raise NotByColumns
        sides.append((names, codes))
    times = [days_of(column) for column in columns[2:]]
    if any(days is None for days in times):
        raise NotByColumns
    collector.add_columns(sides[0], sides[1], *times)


def numbers_in(column: Any) -> NDArray[np.float64] | None:
    """Return the finite numbers that a pyarrow array of strings holds, or None where it holds anything else."""
    import pyarrow as pa

    try:
        numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return numbers if np.isfinite(numbers).all() else None
