"""What would vectors show whose directions are chance? The null of an embedding that somebody brings.

Mixing the n rows by a random orthogonal matrix (Haar) that leaves the vector of ones where it is makes directions random and
keeps the mean of the rows and X'X, and with it the spectrum: normal rows G about their mean, with R'R = G'G, times R^-1 times a
root of the covariance, are such a mixture. The rows are then scaled to their norms. That moves the mean and the
spectrum; a shift and the least change of the columns (the optimal transport map between two covariances) correct them. A
few rounds of both meet all three. Where norms vary so much that a few rows make the spectrum, mean and spectrum hold roughly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from simulate.nulls import FloatArray
from simulate.pages import PagesInUse, empty_pages, is_mapped, parts_of, scratch_rows
from simulate.validation import require_array, require_finite, require_generator

NEAR = 0.01  # relative distance of mean and covariance at which they count as met
ROUNDS = 30  # at most
EMPTY = 1e-10  # of the largest eigenvalue: a direction without variance
BLOCK = 2048  # rows worked on at a time, few enough for the cache


@dataclass(frozen=True, eq=False)
class RowMoments:
    """What a draw keeps of n rows: `norms` (n,), `mean` (f,), and `spread` (f, f), the sum of squares and products about it."""

    norms: FloatArray
    mean: FloatArray
    spread: FloatArray

    @classmethod
    def of(cls, vectors: ArrayLike) -> RowMoments:
        """Measure rows (n, f), finite, at least two; squares must not overflow. Memory beside them is O(n + f^2).

        >>> RowMoments.of([[3.0, 4.0], [3.0, 0.0]]).norms.tolist()
        [5.0, 3.0]
        """
        x: NDArray[Any]
        if isinstance(vectors, np.ndarray) and vectors.dtype in (np.float32, np.float64):
            x = require_finite(vectors, "vectors")  # without a copy
        else:
            x = require_array(vectors, "vectors")
        if x.ndim != 2 or len(x) < 2 or not x.shape[1]:
            raise ValueError(f"vectors must be a matrix of at least two rows; got shape {x.shape}")
        norms, mean = np.empty(len(x)), mean_row(x)
        spread, pages = np.zeros((x.shape[1], x.shape[1])), PagesInUse(x)
        for part in _blocks(len(x)):
            rows = np.asarray(x[part], dtype=np.float64)
            norms[part] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            rows = rows - mean
            spread += rows.T @ rows
            pages.used(len(rows))
        return cls(norms, mean, spread)


def mean_row(x: NDArray[Any]) -> FloatArray:
    """Return the mean of the rows (f,), with the same bits whether the rows are in memory or in a mapped file.

    NumPy adds whole rows one after the other, and the numbers of a single column in pairs. So the sum of a file is continued from
    part to part, and a single column is read whole.

    >>> mean_row(np.array([[1.0, 2.0], [3.0, 5.0]])).tolist()
    [2.0, 3.5]
    """
    if not is_mapped(x) or x.shape[1] == 1:
        return np.asarray(
            np.array(x).mean(axis=0, dtype=np.float64) if is_mapped(x) else x.mean(axis=0, dtype=np.float64)
        )
    total: FloatArray = np.zeros((0, x.shape[1]))
    for part in parts_of(x):
        total = np.add.reduce(np.concatenate([total, x[part]]), axis=0, dtype=np.float64, keepdims=True)
    return np.asarray(total[0] / len(x))


def random_rows(vectors: ArrayLike, rng: np.random.Generator) -> FloatArray:
    """Draw rows in random directions with the norms, the mean and the spectrum of `vectors`.

    Parameters
    ----------
    vectors : (n, f) rows, finite, at least two; squares must not overflow.

    Returns
    -------
    (n, f) rows. Norms are exact, row by row. The mean and X'X hold to about 1 % of the sum of squares about the mean, where the
    norms allow it. A direction that all rows share stays, since it is their mean. Time is of order n f^2.

    Raises
    ------
    ValueError
        for anything but a matrix of finite numbers with two rows.

    Examples
    --------
    >>> rows = np.random.default_rng(0).standard_normal((200, 3)) * [4, 2, 1] + [3, 0, 0]
    >>> drawn = random_rows(rows, np.random.default_rng(1))
    >>> bool(np.allclose(np.linalg.norm(drawn, axis=1), np.linalg.norm(rows, axis=1)))
    True
    >>> bool(np.abs(drawn.mean(axis=0) - rows.mean(axis=0)).max() < 0.1)
    True
    """
    require_generator(rng)
    return rows_of_moments(RowMoments.of(vectors), rng)


def rows_of_moments(moments: RowMoments, rng: np.random.Generator, *, on_disk: bool = False) -> FloatArray:
    """Draw rows as `random_rows` does, for a caller that holds only what is kept. Memory beside the result is O(f^2).

    With `on_disk` the same numbers lie in a temporary file that is mapped (`simulate.pages.scratch_rows`).

    >>> moments = RowMoments.of([[1.0, 0.0], [0.0, 2.0], [-1.0, -2.0]])
    >>> np.linalg.norm(rows_of_moments(moments, np.random.default_rng(0)), axis=1).round(6).tolist()
    [1.0, 2.0, 2.236068]
    """
    norms, mean, wanted = moments.norms, moments.mean, moments.spread
    n, total = len(norms), float(np.trace(moments.spread))
    room = scratch_rows if on_disk else empty_pages
    rows, transform = _normal_rows(wanted, n, require_generator(rng), room)
    centre = mean_row(rows)
    drawn = rows if rows.shape[1] == len(mean) else room((n, len(mean)), np.float64)
    for turn in range(ROUNDS):
        shift = mean - centre @ transform

        def turned(part: slice, rows=rows, shift=shift, transform=transform) -> FloatArray:  # type: ignore[no-untyped-def]
            moved = rows[part] @ transform
            moved += shift
            lengths = np.sqrt(np.einsum("ij,ij->i", moved, moved))
            moved *= np.divide(norms[part], lengths, out=np.zeros(len(moved)), where=lengths > 0)[:, None]
            return np.asarray(moved)

        found, spread = _replace(drawn, turned)
        shifted = n * float((found - mean) @ (found - mean))
        near = shifted <= NEAR**2 * total and float(np.linalg.norm(spread - wanted)) <= NEAR * total
        if near or turn == ROUNDS - 1:
            break
        rows, centre, transform = drawn, found, _transport(spread, wanted)
    return drawn


def _blocks(n: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, n, BLOCK)]


def _replace(drawn: FloatArray, rows_at: Callable[[slice], FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Fill `drawn` block by block; return the mean of its rows, and their squares and products about it."""
    total, squares = np.zeros(drawn.shape[1]), np.zeros((drawn.shape[1], drawn.shape[1]))
    pages = PagesInUse(drawn)
    for part in _blocks(len(drawn)):
        drawn[part] = rows = rows_at(part)
        total += rows.sum(axis=0)
        squares += rows.T @ rows
        pages.used(len(rows))
    mean = total / len(drawn)
    return mean, squares - len(drawn) * np.outer(mean, mean)


def _normal_rows(
    covariance: FloatArray, n: int, rng: np.random.Generator, room: Callable[..., FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Normal rows, and what to multiply them with about their mean: the result has this sum of squares and products.

    Its frame is random among those orthogonal to the ones.
    """
    variances, axes = np.linalg.eigh(covariance)
    most = min(n - 1, len(variances))
    values, axes = np.sqrt(np.maximum(variances[-most:], 0.0)), axes[:, -most:]
    rows = room((n, most), np.float64)
    for part in parts_of(rows):  # the numbers are drawn one after the other, in parts or at once
        rng.standard_normal(out=rows[part])
    centre = mean_row(rows)
    if n < 10 * most:
        triangle = np.asarray(np.linalg.qr(rows - centre, mode="r"))
    else:  # columns that are nearly orthogonal, so that their products tell the triangle to full accuracy
        squares, pages = np.zeros((most, most)), PagesInUse(rows)
        for part in _blocks(n):
            squares += rows[part].T @ rows[part]
            pages.used(BLOCK)
        squares -= n * np.outer(centre, centre)
        triangle = np.linalg.cholesky(squares).T
    return rows, linalg.solve_triangular(triangle, values[:, None] * axes.T)


def _transport(have: FloatArray, wanted: FloatArray) -> FloatArray:
    """The symmetric map T with T have T = wanted, which moves points of covariance `have` least."""
    root = _power(wanted, 0.5)
    return np.asarray(root @ _power(root @ have @ root, -0.5) @ root)


def _power(matrix: NDArray[Any], exponent: float) -> FloatArray:
    values, axes = np.linalg.eigh(matrix)
    inside = values > EMPTY * max(float(values[-1]), 0.0)
    return np.asarray((axes[:, inside] * values[inside] ** exponent) @ axes[:, inside].T)
