"""Which columns add no axis? Those that are zero, constant, a multiple of another one, or that follow from others.

The columns are centred and X = QR taken block by block, so that R (f, f) has the singular values of X to full accuracy. An
axis is missing for each singular value below ten times the rounding of the number type, of the largest one. Rounding is all
that chance can do here, so there is no level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.real.faults.check import Check, listed
from experiments.real.faults.given_rows import GivenRows, blocks_of

NAME, TITLE = "dimensions", "dimensions beyond the rank"
ROUNDINGS = 10  # of the number type, up to which a singular value is one


def columns_without_axis(given: GivenRows) -> Check:
    """Count the columns less the rank of the centred rows; time is O(n f^2).

    >>> x = np.random.default_rng(0).standard_normal((50, 3))
    >>> rows = GivenRows.of(np.column_stack([x, x[:, 1]]), None, np.random.default_rng(0))
    >>> columns_without_axis(rows).value
    1.0
    """
    n, f = given.vectors.shape
    rounding = ROUNDINGS * float(np.finfo(given.vectors.dtype).eps)
    triangle, mean = centred_triangle(given)
    singular = np.linalg.svd(triangle, compute_uv=False)
    rank = int((singular > rounding * singular[0]).sum()) if singular[0] > 0 else 0
    missing = f - rank
    if not missing:
        return Check(NAME, TITLE, False, f"Each of the {f:,} columns adds an axis.", 0.0)
    lengths = np.sqrt((triangle * triangle).sum(axis=0))
    flat = lengths <= rounding * np.maximum(np.sqrt(n) * np.abs(mean), lengths.max(initial=0.0))
    zero = flat & (mean == 0)
    repeated = _repeated(triangle, lengths, flat, rounding)
    parts = [
        f"{what} {listed([str(k + 1) for k in columns], len(columns), 5)}"
        for what, columns in (
            ("zero: column", np.flatnonzero(zero)),
            ("constant: column", np.flatnonzero(flat & ~zero)),
            ("a multiple of an earlier one: column", repeated),
        )
        if len(columns)
    ]
    rest = missing - int(flat.sum()) - len(repeated)
    if rest > 0:
        few = f" (there are only {n:,} rows)" if n - 1 < f else ""
        parts.append(f"{rest:,} {'follows' if rest == 1 else 'follow'} from several others{few}")
    said = f"{missing:,} of {f:,} columns add no axis ({'; '.join(parts)}): the vectors have f = {rank}; leave those columns out."
    return Check(NAME, TITLE, True, said, float(missing))


def centred_triangle(given: GivenRows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return R of the centred rows (at most f rows), and their mean (f,)."""
    n, f = given.vectors.shape
    mean = sum((rows.sum(axis=0) for _, rows in blocks_of(given.vectors)), np.zeros(f)) / n
    triangle = np.zeros((0, f))
    for _, rows in blocks_of(given.vectors):
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, rows - mean]), mode="r"))
    return triangle, mean


def _repeated(
    triangle: NDArray[np.float64], lengths: NDArray[np.float64], flat: NDArray[np.bool_], rounding: float
) -> NDArray[np.int64]:
    """The columns that are a multiple of an earlier one, about their means."""
    directions = triangle / np.where(flat, 1.0, lengths)
    same = np.triu(1 - np.abs(directions.T @ directions) <= rounding, k=1)
    same[flat] = same[:, flat] = False
    return np.flatnonzero(same.any(axis=0))
