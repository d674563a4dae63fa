"""Which instants does a column of pyarrow hold? Days since 1970-01-01 00:00 UTC, from timestamps, dates, numbers and texts.

Timestamps and dates say by their type what they mean: an instant, in UTC where they have no zone. Numbers and texts are read by
the `Clock` of their column, as those of a CSV are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.clocks import DAY, FIRST, LAST, SCALES, Clock, days_of_microseconds
from experiments.matrices.columns import names_and_codes, numbers_in


class Day(float):
    """Days since 1970-01-01 of a timestamp or a date, which need no clock."""


def is_instant(kind: Any) -> bool:
    """Whether a type of pyarrow says by itself which instant a value is."""
    import pyarrow.types as kinds

    return bool(kinds.is_timestamp(kind) or kinds.is_date(kind))


def is_text(kind: Any) -> bool:
    """Whether a type of pyarrow holds texts, or bytes that may be text."""
    import pyarrow.types as kinds

    tests = (
        kinds.is_string,
        kinds.is_large_string,
        kinds.is_binary,
        kinds.is_large_binary,
        kinds.is_fixed_size_binary,
    )
    return any(test(kind) for test in tests)


def is_without_unit(kind: Any) -> bool:
    """Whether times of this type of pyarrow are numbers or texts, which need a clock."""
    import pyarrow.types as kinds

    if kinds.is_dictionary(kind):
        kind = kind.value_type
    number = kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind)
    return bool(number or is_text(kind))


def instants_in_days(column: Any) -> NDArray[np.float64]:
    """Return the days of timestamps or dates, 0 where one is missing.

    >>> import pyarrow as pa
    >>> instants_in_days(pa.array([1704110400000], pa.timestamp("ms", "America/Los_Angeles")))
    array([19723.5])
    """
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_date32(column.type):
        days: NDArray[np.float64] = column.cast(pa.int32()).fill_null(0).to_numpy().astype(np.float64)
        return days
    unit = "ms" if kinds.is_date64(column.type) else column.type.unit
    whole: NDArray[np.int64] = column.cast(pa.int64()).fill_null(0).to_numpy()
    if unit in ("us", "ns"):
        return days_of_microseconds(whole // 1000 if unit == "ns" else whole)
    seconds = whole / SCALES[unit]
    return seconds / DAY


def days_of_arrow(column: Any, clock: Clock) -> NDArray[np.float64] | None:
    """Return days since 1970 of a column without gaps, or None where a value is no time, or missing."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if column.null_count or not (is_instant(column.type) or is_without_unit(column.type)):
        return None
    if is_instant(column.type):
        days = instants_in_days(column)
        clock.unit = "timestamps"
        return days if ((days >= FIRST) & (days <= LAST)).all() else None
    if not (kinds.is_dictionary(column.type) or is_text(column.type)):
        return clock.days(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
    values, codes = names_and_codes(column)
    texts = pa.array(values)
    found = days_of_texts(texts.cast(pa.string()), clock)
    return None if found is None else found[codes]


def days_of_texts(texts: Any, clock: Clock) -> NDArray[np.float64] | None:
    """Return days since 1970 of a column of texts, all numbers, or ISO dates that all have a zone or all have none; else None."""
    import pyarrow as pa

    numbers = numbers_in(texts)
    if numbers is not None:
        return clock.days(numbers)
    if clock.unit not in (None, "iso"):
        return None
    for zone in (None, "UTC"):
        try:
            instants = texts.cast(pa.timestamp("us", zone)).cast(pa.int64()).to_numpy()
        except pa.ArrowInvalid:
            continue
        if len(instants) and np.abs(instants).max() >= 2**53:
            return None
        clock.unit = "iso"
        return days_of_microseconds(instants)
    return None
