"""Are two ids the same? Programs write one number in several ways: 100000, 1e+05, 100000.0 and 100,000 are one id.

R writes the id 100000 as 1e+05 among 99999 and 100001, pandas makes 12.0 of 12 in a column with gaps, spreadsheets put separators
between thousands. Where all ids of a column are whole numbers, such forms are read as the number that they are; ids that are
anything else (a hexadecimal 1e5 among 2f3) stay as written. Words that stand for a missing value are no ids.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from decimal import Decimal

# what pandas, R, SQL and spreadsheets write where there is no value
MISSING = frozenset({"nan", "NaN", "NAN", "NA", "N/A", "#N/A", "<NA>", "null", "NULL", "None", "NaT", "\\N"})
PLAIN = re.compile(r"-?[0-9]+")
WHOLE = re.compile(r"-?[0-9]+\.0*|-?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}|[0-9]{1,3}(?:,[0-9]{3})+")


def whole_numbers(ids: Iterable[str]) -> dict[str, str]:
    """Return the plain form of each id that is a whole number in another form; nothing unless all ids are whole numbers.

    >>> whole_numbers(["99999", "1e+05", "12.0", "1,234"])
    {'1e+05': '100000', '12.0': '12', '1,234': '1234'}
    >>> whole_numbers(["1e5", "2f3"]), whole_numbers(["1.5", "2.0"])
    ({}, {})
    """
    plain: dict[str, str] = {}
    for name in ids:
        if name.isdigit() or PLAIN.fullmatch(name):
            continue
        if not WHOLE.fullmatch(name):
            return {}
        number = Decimal(name.replace(",", ""))
        if number != int(number):
            return {}
        plain[name] = str(int(number))
    return plain


def note_on_numbers(what: str, plain: dict[str, str]) -> tuple[str, ...]:
    """Say which ids were read as whole numbers, and whether digits may have been lost where they were written.

    >>> note_on_numbers("item", {"12.0": "12"})
    ("1 item id in another form was read as a whole number, such as '12.0' as '12'",)
    """
    if not plain:
        return ()
    name, number = next(iter(plain.items()))
    many = len(plain) > 1
    said = (
        f"{len(plain):,} {what} id{'s' * many} in another form {'were' if many else 'was'} read as "
        f"{'whole numbers' if many else 'a whole number'}, such as {name!r} as {number!r}"
    )
    if any("e" in form.lower() and "." in form for form in plain):
        said += "; digits that the exponential form leaves out are lost, so that different ids may be one"
    return (said,)


def note_on_encoding(names: Iterable[str], encoding: str) -> tuple[str, ...]:
    """Say so where names that were read in another encoding are UTF-8 that was taken for it.

    >>> note_on_encoding(["tea", "cafÃ©"], "latin-1")
    ("names such as 'cafÃ©' are 'café' in UTF-8; the file may not be in latin-1 (--encoding)",)
    """
    if codecs.lookup(encoding).name.startswith("utf"):
        return ()
    for name in names:
        if name.isascii():
            continue
        try:
            meant = name.encode(encoding).decode("utf-8")
        except UnicodeError:
            return ()
        return (
            f"names such as {name!r} are {meant!r} in UTF-8; the file may not be in {encoding} (--encoding)",
        )
    return ()


def missing(name: str, row: str) -> bool:
    """Whether a field of a row stands for a missing value; in quotation marks it is a name.

    >>> missing("NA", 'ann,NA'), missing("NA", 'ann,"NA"'), missing("", "ann,")
    (True, False, True)
    """
    return not name or (name in MISSING and f'"{name}"' not in row)
