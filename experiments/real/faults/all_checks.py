"""What is wrong with my embedding? All checks, in one call, each with its null and one sentence.

| check | null | needs |
|---|---|---|
| rows of zeros | none: exact | |
| dimensions beyond the rank | rounding | |
| dimensions that are noise | equal normal noise | |
| a mean vector that all rows share | random signs of the rows | |
| hubs | random directions with the mean and the spectrum of their spike | |
| near-duplicates | rows that lie evenly near each other | |
| bots | items permuted among contexts, or edges among nodes | the log or the graph, where there is one |
| popularity in the direction | popularity permuted | popularity |
| drift of the basis | rows that change without a rotation; rows paired at random | the vectors of before |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.real.faults.bots import bots
from experiments.real.faults.check import Check
from experiments.real.faults.columns_without_axis import columns_without_axis
from experiments.real.faults.common_mean import common_mean
from experiments.real.faults.drift_of_basis import drift_of_basis
from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.hubs import hubs
from experiments.real.faults.near_duplicates import duplicate_groups, near_duplicates
from experiments.real.faults.noise_axes import noise_axes
from experiments.real.faults.popularity_in_direction import popularity_in_direction
from experiments.real.faults.zero_rows import zero_rows
from simulate.validation import require_generator


def checks_of(
    vectors: Any,
    rng: np.random.Generator,
    *,
    names: Sequence[Any] | NDArray[Any] | None = None,
    popularity: Any = None,
    matrix: Any = None,
    previous: Any = None,
) -> list[Check]:
    """Return all checks that the data allow, in the order of the table above.

    Parameters
    ----------
    vectors
        (n, f), one row per item, finite.
    rng
        of the draws of the nulls, and of the rows that are looked at where there are more than 20,000.
    names
        (n,), of the items.
    popularity
        (n,), how often each item occurs.
    matrix
        what the vectors were made from, with one column per item: contexts x items, or a symmetric graph or PPMI matrix (n, n).
    previous
        (n, g), earlier vectors of the same items in the same order.

    Returns
    -------
    list of Check
        Time is O(n f^2) and, for pairs, that of 20,000 rows times 8,000 queries. Memory beside the data is some 100 MB at most.

    Raises
    ------
    ValueError
        for vectors that are no matrix of finite numbers, or anything of another length.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = rng.standard_normal((300, 8))
    >>> rows[3] = 0
    >>> [one.check for one in checks_of(rows, rng) if one.found and one.check != "noise"]
    ['zero-rows']
    """
    require_generator(rng)
    given = GivenRows.of(vectors, names, rng)
    found = [zero_rows(given), columns_without_axis(given)]
    if not given.sample.size:
        return found
    groups = duplicate_groups(given, rng)
    found += [
        noise_axes(given, rng),
        common_mean(given, rng),
        hubs(given, rng),
        near_duplicates(given, groups),
        bots(given, groups, matrix, rng),
    ]
    if popularity is not None:
        found.append(popularity_in_direction(given, popularity))
    if previous is not None:
        found.append(drift_of_basis(given, previous, rng))
    return found
