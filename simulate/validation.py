"""Checks of arguments. Every message is one sentence that names the argument, the value seen and what is accepted.

They are in this room, which imports no other, so that every room can use them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.pages import is_mapped, parts_of
from simulate.sparse_structure import require_sound


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


def require_instance(value: Any, name: str, kind: type) -> Any:
    """Return `value`, an instance of `kind`; a `TypeError` for anything else.

    >>> require_instance(3, "labels", list)
    Traceback (most recent call last):
    ...
    TypeError: labels must be a list; got int 3
    """
    if isinstance(value, kind):
        return value
    article = "an" if kind.__name__[0] in "AEIOUaeiou" else "a"
    raise TypeError(f"{name} must be {article} {kind.__name__}; got {_seen(value)}")


def require_items(values: Any, name: str, kind: type) -> Any:
    """Return `values`, a tuple or list of instances of `kind`; a `TypeError` for anything else.

    >>> require_items(3, "labels", int)
    Traceback (most recent call last):
    ...
    TypeError: labels must be a tuple of int; got int 3, not in a tuple: write (one,) for one
    """
    if not isinstance(values, tuple | list):
        single = ", not in a tuple: write (one,) for one" if isinstance(values, kind) else ""
        raise TypeError(f"{name} must be a tuple of {kind.__name__}; got {_seen(values)}{single}")
    for value in values:
        require_instance(value, f"each of {name}", kind)
    return values


def require_array(value: Any, name: str) -> NDArray[np.float64]:
    """Return `value` as an array of float64, finite.

    >>> require_array(["three"], "weights")
    Traceback (most recent call last):
    ...
    ValueError: weights must hold numbers only; got list ['three']
    """
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(f"{name} must hold numbers only; got {_seen(value)}") from None
    return require_finite(array, name)


def require_matrix(value: Any, name: str) -> sparse.csr_array:
    """Return `value`, any sparse or dense matrix of finite numbers, as CSR: sorted, no entry twice, none that is 0.

    It is not copied where it is that already, and never changed.

    >>> require_matrix([1.0, 2.0], "graph")
    Traceback (most recent call last):
    ...
    ValueError: graph must be a matrix of two dimensions; got shape (2,)
    """
    if not sparse.issparse(value):
        value = require_array(value, name)
    if value.ndim != 2:
        raise ValueError(f"{name} must be a matrix of two dimensions; got shape {value.shape}")
    if value.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers; got dtype {value.dtype}")
    matrix = wide_csr(value, name=name)
    require_finite(matrix.data, name)
    if not matrix.has_canonical_format or not matrix.data.all():
        matrix = matrix.copy()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
    return matrix


def require_symmetric(value: Any, name: str, *, loops: bool = True) -> sparse.csr_array:
    """Return `value` as `require_matrix` does; it must be square and symmetric, and without `loops` have a zero diagonal.

    >>> require_symmetric([[0, 1], [0, 0]], "graph")
    Traceback (most recent call last):
    ...
    ValueError: graph must be symmetric; entry (0, 1) is 1 and entry (1, 0) is 0
    """
    matrix = require_matrix(value, name)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"{name} must be a symmetric square matrix; got shape {matrix.shape}")
    if (unequal := matrix != matrix.T).nnz:
        i, j = (int(index[0]) for index in sparse.coo_array(unequal).coords)
        raise ValueError(
            f"{name} must be symmetric; entry ({i}, {j}) is {matrix[i, j]:g} and entry ({j}, {i}) is {matrix[j, i]:g}"
        )
    if not loops and matrix.diagonal().any():
        node = int(np.flatnonzero(matrix.diagonal())[0])
        raise ValueError(f"{name} must have no loops; node {node} has one")
    return matrix


def wide_csr(matrix: Any, dtype: Any = None, name: str = "matrix") -> sparse.csr_array:
    """Return a sparse or dense matrix as a csr_array of `dtype`; entries given twice are summed in it, not in a narrow one.

    This is the door for every matrix that a caller gives: the indices of a sparse one are checked (`require_sound`).

    >>> twice = sparse.coo_array((np.array([200, 100], np.uint8), ([0, 0], [1, 1])), shape=(2, 2))
    >>> wide_csr(twice, np.float64).toarray().tolist(), wide_csr(twice).dtype
    ([[0.0, 300.0], [0.0, 0.0]], dtype('uint64'))
    """
    if sparse.issparse(matrix):
        matrix = require_sound(matrix, name)
    if dtype is None:
        narrow = (
            {"b": np.int64, "i": np.int64, "u": np.uint64} if getattr(matrix, "format", "") == "coo" else {}
        )
        dtype = narrow.get(matrix.dtype.kind, matrix.dtype)
    return sparse.csr_array(matrix.astype(dtype, copy=False))


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


def require_integers(values: Any, name: str, *, least: int = 0, most: int | None = None) -> list[int]:
    """Return `values`, a sequence of at least one integer within [least, most], as a list.

    >>> require_integers([], "ranks", least=1)
    Traceback (most recent call last):
    ...
    ValueError: ranks must hold at least one integer; got none
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a sequence of integers; got {_seen(values)}")
    found = [require_integer(value, name, least=least, most=most) for value in values]
    if not found:
        raise ValueError(f"{name} must hold at least one integer; got none")
    return found


def require_labels(labels: Any, name: str, n: int, *, least: int | None = None) -> NDArray[np.int64]:
    """Return `labels` as n integers, each at least `least` where that is given.

    >>> require_labels([0, 1], "labels", 3)
    Traceback (most recent call last):
    ...
    ValueError: labels must be one integer for each of 3 rows; got shape (2,) of dtype int64
    """
    found = np.asarray(labels)
    if found.shape != (n,) or found.dtype.kind not in "iu":
        raise ValueError(
            f"{name} must be one integer for each of {n} rows; got shape {found.shape} of dtype {found.dtype}"
        )
    if least is not None and found.min(initial=least) < least:
        raise ValueError(f"{name} must be at least {least}; the least is {found.min()}")
    return found.astype(np.int64, copy=False)


def require_blocks(
    labels: NDArray[Any], name: str, n_blocks: int, *, of: str = "affinity"
) -> NDArray[np.int64]:
    """Return a copy of `labels` as int64; they must be integers from 0 to n_blocks - 1.

    >>> require_blocks(np.array([0, 2]), "labels", 2)
    Traceback (most recent call last):
    ...
    ValueError: labels must be integers from 0 to 1, the blocks of affinity; got 0 to 2
    """
    if labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= n_blocks):
        numbers = labels.dtype.kind in "biuf"
        seen = f"{labels.min()} to {labels.max()}" if numbers else f"dtype {labels.dtype}"
        raise ValueError(f"{name} must be integers from 0 to {n_blocks - 1}, the blocks of {of}; got {seen}")
    return labels.astype(np.int64)


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
    parts = parts_of(array) if is_mapped(array) else iter([...])

    def is_finite(part: Any) -> bool:
        return bool(np.isfinite(np.sum(array[part], dtype=np.float64)) or np.isfinite(array[part]).all())

    if (wrong := next((part for part in parts if not is_finite(part)), None)) is None:
        return array
    finite = np.isfinite(array if wrong is ... else array[: wrong.stop])
    first = np.unravel_index(int(np.argmin(finite)), finite.shape)
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
    try:
        text = repr(value)
    except ValueError:  # Python writes no integer of more than some thousand digits
        text = "of too many digits"
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
