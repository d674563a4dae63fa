"""Checks of arguments, one sentence each.

Every message names the argument, the value seen and what is accepted. They live in the leftmost room so that
every room can use them.
"""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


def require_generator(rng: Any, name: str = "rng") -> np.random.Generator:
    """Return `rng`, a `numpy.random.Generator`; a `TypeError` for anything else, an int included.

    >>> require_generator(3)
    Traceback (most recent call last):
    ...
    TypeError: rng must be a numpy.random.Generator, such as numpy.random.default_rng(3); got int 3
    """
    if isinstance(rng, np.random.Generator):
        return rng
    hint = f"numpy.random.default_rng({rng if isinstance(rng, Integral) else 0})"
    raise TypeError(f"{name} must be a numpy.random.Generator, such as {hint}; got {_seen(rng)}")


def require_integer(value: Any, name: str, *, least: int = 0, most: int | None = None) -> int:
    """Return `value` as an int within [least, most].

    >>> require_integer(0, "rank", least=1, most=9)
    Traceback (most recent call last):
    ...
    ValueError: rank must be an integer from 1 to 9; got 0
    """
    accepted = f"an integer from {least} to {most}" if most is not None else f"an integer of at least {least}"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be {accepted}; got {_seen(value)}")
    number = int(value)
    if number < least or (most is not None and number > most):
        raise ValueError(f"{name} must be {accepted}; got {number}")
    return number


def require_number(
    value: Any,
    name: str,
    *,
    above: float = -math.inf,
    below: float = math.inf,
    least: float = -math.inf,
    most: float = math.inf,
) -> float:
    """Return `value` as a finite float with above < value < below and least <= value <= most.

    >>> require_number(1.5, "cosine", above=0, below=1)
    Traceback (most recent call last):
    ...
    ValueError: cosine must be a number above 0 and below 1; got 1.5
    """
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("above", above), ("at least", least), ("below", below), ("at most", most))
        if math.isfinite(bound)
    ]
    accepted = " ".join(["a finite number" if not bounds else "a number", " and ".join(bounds)]).strip()
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be {accepted}; got {_seen(value)}")
    number = float(value)
    if not (math.isfinite(number) and above < number < below and least <= number <= most):
        raise ValueError(f"{name} must be {accepted}; got {number:g}")
    return number


def require_fraction(value: Any, name: str) -> float:
    """Return `value` as a float in [0, 1].

    >>> require_fraction(0.25, "dropout")
    0.25
    """
    return require_number(value, name, least=0.0, most=1.0)


def require_finite(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Return `array`; a `ValueError` that names the first entry which is NaN or infinite.

    >>> require_finite(np.array([[1.0, np.nan]]), "vectors")
    Traceback (most recent call last):
    ...
    ValueError: vectors must hold finite numbers only; entry (0, 1) is nan
    """
    if array.size == 0 or array.dtype.kind in "biu":
        return array
    # one pass without a mask of the array's size: a sum is finite only if nothing in it is NaN or inf
    if np.isfinite(np.sum(array, dtype=np.float64)):
        return array
    finite = np.isfinite(array)
    if finite.all():
        return array
    first = np.unravel_index(int(np.argmin(finite)), array.shape)
    where = ", ".join(str(int(i)) for i in first)
    raise ValueError(f"{name} must hold finite numbers only; entry ({where}) is {array[first]}")


def require_choice(value: Any, name: str, choices: tuple[str, ...]) -> str:
    """Return `value`, one of `choices`; the error names the nearest of them.

    >>> require_choice("hlaf", "scaling", ("unit", "half", "full"))
    Traceback (most recent call last):
    ...
    ValueError: scaling must be one of 'unit', 'half', 'full'; got 'hlaf' (did you mean 'half'?)
    """
    if isinstance(value, str) and value in choices:
        return value
    listed = ", ".join(repr(choice) for choice in choices)
    raise ValueError(f"{name} must be one of {listed}; got {value!r}{did_you_mean(value, choices)}")


def did_you_mean(value: Any, known: tuple[str, ...] | list[str]) -> str:
    """Return a hint that names the known word nearest to `value`, or nothing.

    >>> did_you_mean("filmsactors", ["films-actors", "davis"])
    " (did you mean 'films-actors'?)"
    """
    from difflib import get_close_matches

    near = get_close_matches(str(value), list(known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _seen(value: Any) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
