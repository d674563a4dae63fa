"""May a model be sampled with this law and this type of number? Bernoulli edges need P <= 1, counts need room.

Every sampler of a model asks here, so that the same refusal has the same words everywhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simulate.models.edge_probabilities import WorstPair


def require_probabilities(
    worst: WorstPair,
    mass: float,
    expected_degrees: Callable[[], NDArray[np.float64]],
    clip: bool,
    *,
    stacklevel: int = 3,
) -> None:
    """Refuse P above 1, or with `clip` warn of the `mass` of edges that is lost by cutting P at 1.

    The warning names the line that called the sampler, which called this function (stacklevel 3).

    >>> require_probabilities(WorstPair(0, 2, 1.8), 0.8, lambda: np.full(3, 0.9), clip=False)
    Traceback (most recent call last):
    ...
    ValueError: P must be at most 1 for Bernoulli edges; the pair (0, 2) has P = 1.8. A mean degree of 0.5 fits (this model \
has 0.9); or pass clip=True, which loses 0.8 expected edges, or law='poisson'
    """
    if worst.probability <= 1.0:
        return
    if not clip:
        mean = float(expected_degrees().mean())
        raise ValueError(
            f"P must be at most 1 for Bernoulli edges; the pair ({worst.i}, {worst.j}) has P = {worst.probability:.4g}. "
            f"A mean degree of {mean / worst.probability:.4g} fits (this model has {mean:.4g}); or pass clip=True, which loses "
            f"{mass:.4g} expected edges, or law='poisson'"
        )
    warnings.warn(f"P exceeds 1 and is cut to 1: {mass:.4g} expected edges are lost", stacklevel=stacklevel)


def require_room_for_counts(largest_mean: Callable[[], float], dtype: DTypeLike) -> None:
    """Refuse a whole-number `dtype` that cannot hold Poisson counts; their largest mean is asked for such a `dtype` only.

    The largest of counts of mean P stays below P + 10 sqrt(P) + 30, but for one graph in 10^20.

    >>> require_room_for_counts(lambda: 400.0, np.uint8)
    Traceback (most recent call last):
    ...
    ValueError: dtype must hold counts of mean 400; uint8 ends at 255
    """
    kind = np.dtype(dtype)
    if kind.kind not in "iu":
        return
    largest = largest_mean()
    if largest + 10 * largest**0.5 + 30 > np.iinfo(kind).max:
        raise ValueError(f"dtype must hold counts of mean {largest:.4g}; {kind} ends at {np.iinfo(kind).max}")
