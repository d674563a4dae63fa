"""The connected components of a graph whose edges come in blocks of rows: 8 bytes for each node, and one block at a time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from theory.kernels.unions import number, unite


def components_of_blocks(
    blocks: Iterable[tuple[int, NDArray[np.int64], NDArray[np.int32]]], n: int
) -> tuple[int, NDArray[np.int64]]:
    """Return how many components there are, and the component (n,) of each node, numbered by their smallest nodes.

    Parameters
    ----------
    blocks : each its first row, how many entries each of its rows has, and their columns.

    Examples
    --------
    >>> count, component = components_of_blocks([(0, np.array([1, 0]), np.array([2], np.int32))], 4)
    >>> count, component.tolist()
    (3, [0, 1, 0, 2])
    """
    above = np.arange(n)
    for first, lengths, columns in blocks:
        unite(above, first, lengths, columns)
    return int(number(above)), above
