"""Where are the fields of an edge list? Compiled loops over the bytes of whole lines: fields, weights and node numbers.

A line is taken where it is plain: a fixed number of fields with one separator, or blanks, between them, no quotes and no braces.
Blanks around a field do not belong to it; lines of blanks and comments between the edges are passed over.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.compiled import compiled

NAME, TRIMMED, BETWEEN, LINE, REFUSED = range(5)  # what a byte is
ODD_BLANKS = b"\x0b\x0c\x1c\x1d\x1e\x1f"
SPACE, TAB, END, HASH, PERCENT, POINT = 32, 9, 10, 35, 37, 46
COMMENTS, ODD = 0, 1  # what is counted: comments, and first ends that begin as one
DIGITS = 18  # of a whole number that fits 64 bits
MANTISSA, POWER = 2.0**53, 22  # up to which decimal numbers are one multiplication of exact factors
POWERS = 10.0 ** np.arange(POWER + 1)
LENGTH = 2**32 - 1  # a field is one number: its place times 2^32, and its length


def kinds_of(separator: str | None) -> NDArray[np.uint8]:
    """Return (256,) what each byte is in a line whose fields are between blanks (None) or a separator of one ASCII character.

    >>> kinds_of(",")[[44, 10, 32, 97]].tolist()
    [2, 3, 1, 0]
    """
    kinds = np.full(256, NAME, np.uint8)
    kinds[END], kinds[ord("{")] = LINE, REFUSED
    if separator is None:
        kinds[list(ODD_BLANKS)] = REFUSED
        kinds[[SPACE, TAB]] = BETWEEN
    else:
        kinds[ord('"')] = REFUSED
        kinds[[SPACE, TAB]] = TRIMMED
        kinds[ord(separator)] = BETWEEN
    return kinds


@compiled()
def split(text, kinds, columns, fields, counts):  # type: ignore[no-untyped-def]
    """Fill `fields` (edges, width) with the fields of each line that are wanted; return how many lines hold an edge.

    `columns` holds, for each field of a line, its column in `fields`, or -1. -1 is returned where a line is not plain. The text
    ends with an end of line.
    """
    k, edges, blanks = 0, 0, kinds[SPACE] == BETWEEN and kinds[TAB] == BETWEEN
    while k < text.size:
        begin = k
        while text[k] == SPACE or text[k] == TAB:
            k += 1
        if text[k] == HASH or text[k] == PERCENT:
            after = text[k + 1]
            if after in (SPACE, TAB, END) or after == text[k]:
                counts[COMMENTS] += 1
                while text[k] != END:
                    k += 1
            elif after < SPACE or after > 127:
                return -1  # it may be a blank of another kind
        if text[k] == END:
            k += 1
            continue
        k = k if blanks else begin
        for field in range(columns.size):
            while kinds[text[k]] == TRIMMED:
                k += 1
            first = k
            while kinds[text[k]] <= TRIMMED:
                k += 1
            last = k
            while last > first and kinds[text[last - 1]] == TRIMMED:
                last -= 1
            column = columns[field]
            if column >= 0:
                if last == first:
                    return -1
                fields[edges, column] = (first << 32) + (last - first)
                if column == 0 and (text[first] == HASH or text[first] == PERCENT):
                    counts[ODD] += 1
            if field < columns.size - 1:
                if kinds[text[k]] != BETWEEN:
                    return -1
                k += 1
            while blanks and kinds[text[k]] == BETWEEN:
                k += 1
        if text[k] != END:
            return -1
        k += 1
        edges += 1
    return edges


@compiled()
def has_odd_blanks(text):  # type: ignore[no-untyped-def]
    """Whether UTF-8 text holds a blank beyond ASCII, at which Python would end a field."""
    for k in range(text.size - 2):
        a, b, c = text[k], text[k + 1], text[k + 2]
        if a == 0xC2 and (b == 0x85 or b == 0xA0):
            return True
        if a == 0xE1 and b == 0x9A and c == 0x80:
            return True
        if a == 0xE2 and b == 0x80 and (0x80 <= c <= 0x8A or c == 0xA8 or c == 0xA9 or c == 0xAF):
            return True
        if (a == 0xE2 and b == 0x81 and c == 0x9F) or (a == 0xE3 and b == 0x80 and c == 0x80):
            return True
    return False


@compiled()
def whole_numbers(text, fields, limit, numbers):  # type: ignore[no-untyped-def]
    """Fill `numbers` (m,) with the whole numbers in `fields` (m,) and return the largest.

    -1 is returned where one is written in another way than `str` does, or not below `limit`.
    """
    largest = np.int64(0)
    for j in range(fields.size):
        first, digits = fields[j] >> 32, fields[j] & LENGTH
        if digits > DIGITS or (digits > 1 and text[first] == 48):
            return np.int64(-1)
        number = np.int64(0)
        for k in range(first, first + digits):
            c = np.int64(text[k]) - 48
            if c < 0 or c > 9:
                return np.int64(-1)
            number = number * 10 + c
        if number >= limit:
            return np.int64(-1)
        largest = max(largest, number)
        numbers[j] = number
    return largest


@compiled()
def decimal_numbers(text, fields, values, powers):  # type: ignore[no-untyped-def]
    """Fill `values` (m,) with the numbers in `fields` (m,), NaN where a number is not plain or needs more than 53 bits."""
    for j in range(fields.size):
        k, last = fields[j] >> 32, (fields[j] >> 32) + (fields[j] & LENGTH)
        mantissa, digits, point, exponent = np.int64(0), 0, -1, np.int64(0)
        while k < last and digits <= DIGITS:
            c = np.int64(text[k]) - 48
            if 0 <= c <= 9:
                mantissa = mantissa * 10 + c
                digits += 1
            elif text[k] == POINT and point < 0:
                point = digits
            else:
                break
            k += 1
        plain = 0 < digits <= DIGITS
        if plain and k < last and (text[k] == 101 or text[k] == 69):
            k += 1
            sign = 1
            if k < last and (text[k] == 45 or text[k] == 43):
                sign = -1 if text[k] == 45 else 1
                k += 1
            first = k
            while k < last and 48 <= text[k] <= 57 and k - first < 4:
                exponent = exponent * 10 + np.int64(text[k]) - 48
                k += 1
            plain = k > first
            exponent *= sign
        if point >= 0:
            exponent -= digits - point
        if not plain or k < last or mantissa > MANTISSA or abs(exponent) > POWER:
            values[j] = np.nan
        else:
            value = np.float64(mantissa)
            values[j] = value / powers[-exponent] if exponent < 0 else value * powers[exponent]


def weights_of(
    block: bytes, text: NDArray[np.uint8], fields: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """Return (m,) the finite numbers in `fields` (m,) of a block of lines; None where there is something else.

    >>> block = b"1.5\\n0.30000000000000004\\n"
    >>> weights_of(block, np.frombuffer(block, np.uint8), np.array([3, (4 << 32) + 19]))
    array([1.5, 0.3])
    """
    values = np.empty(fields.size)
    decimal_numbers(text, fields, values, POWERS)
    rest = np.flatnonzero(np.isnan(values))
    spans = zip((fields[rest] >> 32).tolist(), (fields[rest] & LENGTH).tolist())
    try:
        values[rest] = [float(block[first : first + length]) for first, length in spans]
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def words_of(text: NDArray[np.uint8]) -> NDArray[Any]:
    """Return a view of eight bytes from each place of `text` on, which need not be a multiple of eight.

    >>> words = words_of(np.frombuffer(b"12345678123456789", np.uint8))
    >>> words.size, bool(words[0] == words[8])
    (10, True)
    """
    return np.lib.stride_tricks.as_strided(
        text[:8].view(np.uint64), (text.size - 7,), (1,), writeable=text.flags.writeable
    )
