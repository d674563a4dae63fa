"""When did a pair happen? The same instant, in days since 1970-01-01 00:00 UTC, from every way of writing it.

| written as | taken as |
|---|---|
| an ISO date, perhaps with hours and a zone | that instant; without a zone, UTC |
| a timestamp of Parquet | that instant; without a zone, UTC |
| a number | days, seconds, milliseconds, microseconds or nanoseconds since 1970, a year, or a date YYYYMMDD |

The first number of a column tells its unit where only one unit gives a usual date (from 1973 to 2100 for units of Unix clocks,
from 1870 to 2050 for days); every other must then be usual in that unit. Where no unit fits, or two do (2024 may be a year, or a
day of 1975), the file is refused, and the caller has to name the unit. A named unit may give any date of the years 1 to 9999.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
SCALES = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}  # of a second
UNITS = ("days", *SCALES, "years", "yyyymmdd")
WORDS = {
    "days": "days since 1970",
    "s": "Unix seconds",
    "ms": "Unix milliseconds",
    "us": "Unix microseconds",
    "ns": "Unix nanoseconds",
    "years": "years",
    "yyyymmdd": "dates YYYYMMDD",
    "iso": "ISO dates; UTC where no zone is given",
    "timestamps": "timestamps; UTC where no zone is given",
}
# the usual values of each unit, both included. Excel's days since 1900 lie beyond those of `days` from 1980 on
USUAL = {
    "days": (-36_525.0, 29_219.0),
    "yyyymmdd": (19_000_101.0, 21_001_231.0),
    **{unit: (1e8 * scale, 4.2e9 * scale) for unit, scale in SCALES.items()},
}
YEARS = (1900.0, 2100.0)  # a whole number among these may be a year
FIRST, LAST = -719_162.0, 2_932_897.0  # days since 1970 of the years 1 to 9999
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class NotATime(ValueError):
    """A value is no time of its column: what was expected."""


@dataclass
class Clock:
    """The unit of one column of times: given, or told by the first time.

    Examples
    --------
    >>> clock = Clock()
    >>> clock.day("1704110400000"), clock.unit
    (19723.5, 'ms')
    >>> clock.day("1704110400")
    Traceback (most recent call last):
    ...
    experiments.matrices.clocks.NotATime: a time in Unix milliseconds, as the first time is
    >>> Clock().day("2024-01-01T12:00:00+02:00")
    19723.416666666668
    """

    unit: str | None = None
    given: bool = False

    def described(self) -> str:
        """Say in words how times are written, for a message."""
        return WORDS[self.unit] if self.unit else ""

    def day(self, text: str) -> float:
        """Return days since 1970 of a number or an ISO date.

        Raises
        ------
        NotATime
            for what is neither, what is not of the unit, and a first number whose unit is unclear.
        """
        number = float(text) if NUMBER.fullmatch(text := text.strip()) else None
        if number is None:
            found = None if self.unit not in (None, "iso") else _iso(text)
            if found is None:
                raise NotATime(self.expected())
            self.unit = "iso"
            return found
        days = self.days(np.array([number]))
        if days is None:
            raise NotATime(self.expected(number))
        return float(days[0])

    def days(self, numbers: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return days since 1970 of numbers, or None where one is not of the unit, or its unit is unclear."""
        if not len(numbers):
            return numbers
        unit = self.unit or usual_unit(float(numbers[0]))
        if unit is None or unit == "iso" or not np.isfinite(numbers).all():
            return None
        if not self.given:
            low, high = USUAL[unit]
            if not ((numbers >= low) & (numbers <= high)).all():
                return None
        days = in_days(numbers, unit)
        if days is None or not ((days >= FIRST) & (days <= LAST)).all():
            return None
        self.unit = unit
        return days

    def expected(self, number: float | None = None) -> str:
        """Say what was expected where a value is refused."""
        if self.given:
            return f"a time in {self.described()} (--time-unit {self.unit}) from the year 1 to 9999"
        if self.unit is not None:
            return f"a time in {self.described()}, as the first time is"
        if number is None:
            return "a time: an ISO date such as 2024-05-31 or 2024-05-31T12:00:00+02:00, or a number"
        return f"a time whose unit is clear; if it is one, name the unit (--time-unit {', '.join(UNITS)})"


def usual_unit(number: float) -> str | None:
    """Return the one unit in which a number is a usual date, or None.

    >>> [usual_unit(number) for number in (19723.5, 20240101, 1704067200, 1.7e18, 2024, 45292, 57e3)]
    ['days', 'yyyymmdd', 's', 'ns', None, None, None]
    """
    if number % 1 == 0 and YEARS[0] <= number <= YEARS[1]:
        return None
    return next((unit for unit, (low, high) in USUAL.items() if low <= number <= high), None)


def in_days(numbers: NDArray[np.float64], unit: str) -> NDArray[np.float64] | None:
    """Return days since 1970 of numbers in a unit; None where one is no year or date of the calendar.

    >>> in_days(np.array([20240229.0]), "yyyymmdd"), in_days(np.array([20230229.0]), "yyyymmdd")
    (array([19782.]), None)
    """
    if unit == "days":
        return numbers
    if unit in SCALES:
        seconds: NDArray[np.float64] = numbers / SCALES[unit]
        return seconds / DAY
    if not ((numbers % 1 == 0) & (numbers >= 1) & (numbers < 1e8)).all():
        return None
    whole = numbers.astype(np.int64)
    date = whole if unit == "yyyymmdd" else whole * 10_000 + 101
    years, months, days = date // 10_000, date // 100 % 100, date % 100
    if not ((years <= 9999) & (months >= 1) & (months <= 12) & (days >= 1)).all():
        return None
    month = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    found = month.astype("datetime64[D]") + (days - 1)
    if (found >= (month + np.timedelta64(1, "M")).astype("datetime64[D]")).any():
        return None
    result: NDArray[np.float64] = found.astype(np.int64).astype(np.float64)
    return result


def days_of_microseconds(microseconds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return days since 1970 of microseconds since then, to the same bits as `datetime` gives.

    >>> days_of_microseconds(np.array([1704110400 * 10**6]))
    array([19723.5])
    """
    seconds: NDArray[np.float64] = microseconds / 1e6
    return seconds / DAY


def days_of_seconds(seconds: int) -> float:
    """Return days since 1970 of whole Unix seconds of a data set that has no other times.

    >>> days_of_seconds(86400)
    1.0
    """
    if not FIRST * DAY <= seconds <= LAST * DAY:
        raise NotATime("Unix seconds from the year 1 to 9999")
    return seconds / DAY


def _iso(text: str) -> float | None:
    # BigQuery and others write the zone as a word
    text = text[:-4] + "+00:00" if text.endswith(" UTC") else text
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / DAY
