"""What may a claim be called? Text that cannot be taken for a section, a file, a module or an option, and is safe to print."""

from __future__ import annotations

from functools import cache

LONGEST = 60
RULE = "an id is text of at most 60 signs without a blank, dot, slash or '::'; it does not begin with '-' and is no single letter"


def require_id(name: object) -> str:
    """Return an id that a claim may have.

    Raises
    ------
    ValueError
        for any other value.

    Examples
    --------
    >>> require_id("spectral-gap")
    'spectral-gap'
    >>> require_id("Theorem 2")
    Traceback (most recent call last):
    ...
    ValueError: an id is text of at most 60 signs without a blank, dot, slash or '::'; ... letter; got 'Theorem 2'
    """
    if not isinstance(name, str) or not is_id(name):
        raise ValueError(f"{RULE}; got {name!r}")
    return name


@cache
def is_id(name: str) -> bool:
    """Tell whether a claim may have this id."""
    return (
        0 < len(name) <= LONGEST
        and name.isprintable()
        and not any(sign.isspace() or sign in "./\\" for sign in name)
        and "::" not in name
        and not name.startswith("-")
        and not (len(name) == 1 and name.isalpha())
    )
