"""Which directions of somebody's own vectors come first? The columns of a file stand in any order; the principal axes do not.

With the singular value decomposition X = U Sigma V' of the vectors (n, f), taken about the origin because cosines are, the
coordinates on the principal axes are X V = U Sigma. All norms and cosines are those of X, the first k columns hold as much of
the squared norms as k columns can, and they are the same whatever rotation the columns of X come in (Eckart and Young 1936).
Of a truncated SVD, which has its axes already, they are the columns as they are, up to signs.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.pages import empty_pages, forget_pages, scratch_rows
from simulate.validation import require_choice, require_finite, require_integer
from theory.analysis.inputs import as_rows
from theory.analysis.rounding import FLOOR

BLOCK = 8192  # rows that are in float64 at a time
LET_GO = 8  # blocks, after which pages of a mapped file are let go


def on_principal_axes(
    vectors: ArrayLike,
    most: int | None = None,
    *,
    dtype: Literal["float32", "float64"] = "float64",
    on_disk: bool = False,
) -> NDArray[Any]:
    """Return the coordinates of rows on their principal axes, columns by decreasing sum of squares.

    Axes beyond the numerical rank, whose singular value is below max(n, f) eps of the largest, hold rounding and are left out;
    so are those beyond `most`. The numbers depend on the values alone, not on their type or order in memory.

    Parameters
    ----------
    vectors : (n, f) rows, finite, in the units of `as_rows`.
    most : how many axes at most, at least 1; None keeps all.
    dtype : of the result; float32 halves the memory. The axes, and the products before they are rounded, are in float64.
    on_disk : whether the result lies in a temporary file that is mapped (`simulate.pages.scratch_rows`), with the same numbers.

    Returns
    -------
    (n, k) with k <= min(n, f); rows that no kept axis reaches are exactly 0. Time is O(n f^2), memory beside the
    vectors O(n k + f^2).

    Raises
    ------
    ValueError
        for anything but a matrix of finite numbers, or one of zeros only.

    References
    ----------
    Eckart, Young, "The approximation of one matrix by another of lower rank", Psychometrika 1936.

    Examples
    --------
    >>> np.abs(on_principal_axes([[3.0, 3.0], [4.0, 4.0], [0.5, -0.5]])).round(3).tolist()
    [[4.243, 0.0], [5.657, 0.0], [0.0, 0.707]]
    """
    rows = require_finite(as_rows(vectors), "vectors")
    if most is not None:
        require_integer(most, "most", least=1)
    require_choice(dtype, "dtype", ("float32", "float64"))
    n, f = rows.shape
    step = max(BLOCK, 2 * f)
    parts = [slice(start, start + step) for start in range(0, n, step)]
    triangle: NDArray[Any] = np.zeros((0, f))
    for k, part in enumerate(
        parts
    ):  # R of X = QR has the singular values and the axes of X, to full accuracy
        if k % LET_GO == 0:
            forget_pages(vectors)
        block = np.ascontiguousarray(rows[part], dtype=np.float64)
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    _, singular, axes = np.linalg.svd(triangle, full_matrices=False)
    if not singular[0] > 0:
        raise ValueError("vectors must hold a row of non-zero norm; all norms are 0")
    rank = int((singular > max(n, f) * np.finfo(np.float64).eps * singular[0]).sum())
    kept = axes[: min(rank, most or rank)].T
    kept = kept * np.where(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])] < 0, -1.0, 1.0)
    turned = (scratch_rows if on_disk else empty_pages)((n, kept.shape[1]), dtype)
    largest = np.zeros(kept.shape[1], dtype)
    for k, part in enumerate(parts):
        if k % LET_GO == 0:
            forget_pages(vectors)
            forget_pages(turned)
        turned[part] = np.ascontiguousarray(rows[part], dtype=np.float64) @ kept
        np.maximum(largest, np.abs(turned[part]).max(axis=0), out=largest)
    floor = (FLOOR * largest).astype(dtype)
    for k, part in enumerate(parts):
        if k % LET_GO == 0:
            forget_pages(turned)
        some = turned[part]
        small = np.abs(some) < floor
        if small.any():
            some[small] = 0.0
    return turned
