"""Whose data were refused? What the theory refuses has no name of a file; here it gets the one that somebody gave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from simulate.plain_text import printable


@contextmanager
def errors_of(name: str) -> Iterator[None]:
    """Put `name` before the message of a `ValueError` that does not hold it; what was refused while reading has it already.

    >>> with errors_of("log.csv"):
    ...     raise ValueError("rank must be at least 1; got 0")
    Traceback (most recent call last):
        ...
    ValueError: log.csv: rank must be at least 1; got 0
    """
    try:
        yield
    except ValueError as error:
        if type(error) is not ValueError or name in str(error):
            raise
        raise ValueError(f"{printable(name)}: {error}") from error
