"""What is estimated: a name for the code, words for the reader, and a unit that says how its values are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass

SHARE = "%"  # the unit of a share between 0 and 1, printed in per cent


@dataclass(frozen=True)
class Estimand:
    """A quantity that a study estimates once per replicate.

    `name` is its column among the estimates of a claim; `words` is a noun phrase such as "rows on a ray of their own"; `unit`
    is "%" for shares between 0 and 1 (printed in per cent), "" for plain numbers, or a word such as "peaks" or "degrees".
    """

    name: str
    words: str
    unit: str = ""

    def __post_init__(self) -> None:
        for field in ("name", "words"):
            if not str(getattr(self, field)).strip():
                raise ValueError(f"{field} of an estimand must be a text; got {getattr(self, field)!r}")

    def told(self, value: float) -> str:
        """Return a value with its unit, as it is printed everywhere.

        >>> Estimand("share", "rows on a ray", "%").told(0.998), Estimand("x", "growth").told(1.2345)
        ('99.8 %', '1.23')
        """
        return told(value, self.unit)


def told(value: float | None, unit: str = "") -> str:
    """Return a value with three significant digits and its unit; "none" where there is no value.

    A share near to all is printed with as many digits as it needs not to look like all.

    >>> told(0.25, "%"), told(0.99971, "%"), told(1234567.0, "edges"), told(3.0, "peaks"), told(2.1e-14)
    ('25 %', '99.97 %', '1,234,567 edges', '3 peaks', '2.1e-14')
    """
    if value is None or not math.isfinite(value):
        return "none"
    size = 100 * value if unit == SHARE else value
    text = f"{size:,.0f}" if 1000 <= abs(size) < 1e9 else f"{size:.3g}"
    if unit == SHARE and value < 1.0 and text == "100":
        text = f"{size:.{min(-math.floor(math.log10(100 - size)), 4)}f}"
        text = "100" if float(text) == 100.0 else text
    text = "0" if text == "-0" else text
    return f"{text} {unit}".rstrip()


def told_interval(value: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """Return a value with its interval, or the value alone where the interval is unknown or empty.

    >>> told_interval(0.93, 0.92, 0.94, "%"), told_interval(3.0, 3.0, 3.0, "peaks")
    ('93 % (92 to 94 %)', '3 peaks')
    """
    if value is None or low is None or high is None or not math.isfinite(high - low) or low == high:
        return told(value, unit)
    ends = [told(end, unit).removesuffix(unit).strip() for end in (low, high)]
    return f"{told(value, unit)} ({ends[0]} to {told(high, unit)})"
