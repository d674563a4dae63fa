"""How closely do the rows of each block follow one direction: the axis of a block, and the cosine of each row to it.

The axis of a block is the leading right singular vector of its rows, the line through the origin that takes most of their
squared length. It is found from the f x f Gram matrix of the rows, so that time is O(n f^2) and memory O(n f).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_finite, require_integer, require_labels
from theory.analysis.inputs import as_rows


def axes_of_blocks(vectors: ArrayLike, labels: ArrayLike, n_blocks: int | None = None) -> NDArray[Any]:
    """Return the axis (n_blocks, f) of the rows of each block, of length 1; a row of zeros for a block without a direction.

    Parameters
    ----------
    vectors : (n, f) rows.
    labels : (n,) the block of each row; -1 for rows that belong to none.
    n_blocks : how many blocks there are; by default the largest label plus one.

    The sign is chosen so that the sum of the coordinates of the block's rows along the axis is not negative.

    Raises
    ------
    ValueError
        for labels that are not one integer for each row, or not below `n_blocks`.

    Examples
    --------
    >>> axes_of_blocks([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0]], [0, 0, 1]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    rows, z, n_blocks = _checked(vectors, labels, n_blocks)
    axes = np.zeros((n_blocks, rows.shape[1]), rows.dtype)
    for block in range(n_blocks):
        mine = rows[z == block]
        if mine.any():
            axis = np.linalg.eigh(mine.T @ mine)[1][:, -1]
            axes[block] = -axis if (mine @ axis).sum() < 0 else axis
    return axes


def cosines_to_axes(
    vectors: ArrayLike, labels: ArrayLike, n_blocks: int | None = None
) -> NDArray[np.float64]:
    """Return the cosine (n,) of each row to the axis of its block; 0 for zero rows and for rows with label -1.

    Parameters and errors are those of `axes_of_blocks`.

    Examples
    --------
    >>> cosines_to_axes([[2.0, 0.0], [-1.0, 0.0], [0.0, 3.0]], [0, 0, 1]).tolist()
    [1.0, -1.0, 1.0]
    """
    rows, z, n_blocks = _checked(vectors, labels, n_blocks)
    cosines = np.zeros(len(rows))
    for block, axis in enumerate(axes_of_blocks(rows, z, n_blocks)):
        mine = np.flatnonzero(z == block)
        along = rows[mine] @ axis
        norms = np.linalg.norm(rows[mine], axis=1)
        cosines[mine] = np.divide(along, norms, out=np.zeros_like(along), where=norms > 0)
    return cosines


def _checked(
    vectors: ArrayLike, labels: ArrayLike, n_blocks: int | None
) -> tuple[NDArray[Any], NDArray[np.int64], int]:
    rows = as_rows(vectors)
    require_finite(rows, "vectors")
    z = require_labels(labels, "labels", len(rows))
    most = int(z.max()) + 1
    if n_blocks is None:
        return rows, z, most
    if require_integer(n_blocks, "n_blocks", least=1) < most:
        raise ValueError(f"labels must be below n_blocks, {n_blocks}; the largest is {most - 1}")
    return rows, z, n_blocks
