"""What would vectors show whose directions are chance? The null of an embedding that somebody brings.

Mixing the n rows by a random orthogonal matrix (Haar) that leaves the vector of ones where it is makes directions random and
keeps the mean of the rows and X'X, and with it the spectrum. The rows are then scaled to their norms. That moves the mean and the
spectrum; a shift and the least change of the columns (the optimal transport map between two covariances) correct them. A
few rounds of both meet all three. Where norms vary so much that a few rows make the spectrum, mean and spectrum hold roughly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.nulls import FloatArray, random_subspace
from simulate.validation import require_array, require_generator

NEAR = 0.01  # relative distance of mean and covariance at which they count as met
ROUNDS = 30  # at most
EMPTY = 1e-10  # of the largest eigenvalue: a direction without variance


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
    x = require_array(vectors, "vectors")
    if x.ndim != 2 or len(x) < 2 or not x.shape[1]:
        raise ValueError(f"vectors must be a matrix of at least two rows; got shape {x.shape}")
    norms, mean = np.linalg.norm(x, axis=1), x.mean(axis=0)
    wanted = (x - mean).T @ (x - mean)
    total = float(np.trace(wanted))
    drawn = _rotated(wanted, len(x), rng) + mean
    for turn in range(ROUNDS):
        lengths = np.linalg.norm(drawn, axis=1)
        drawn *= np.divide(norms, lengths, out=np.zeros_like(norms), where=lengths > 0)[:, None]
        found = drawn.mean(axis=0)
        spread = (drawn - found).T @ (drawn - found)
        shifted = len(x) * float((found - mean) @ (found - mean))
        near = shifted <= NEAR**2 * total and float(np.linalg.norm(spread - wanted)) <= NEAR * total
        if near or turn == ROUNDS - 1:
            break
        drawn = (drawn - found) @ _transport(spread, wanted) + mean
    return np.asarray(drawn)


def _rotated(covariance: FloatArray, n: int, rng: np.random.Generator) -> FloatArray:
    """Rows (n, f) of mean 0 with this sum of squares and products, their frame random among those orthogonal to the ones."""
    variances, axes = np.linalg.eigh(covariance)
    most = min(n - 1, len(variances))
    values, axes = np.sqrt(np.maximum(variances[-most:], 0.0)), axes[:, -most:]
    rows = np.vstack([np.zeros((1, most)), random_subspace(values, n - 1, rng)])
    # the reflection that takes the first unit vector to the ones over sqrt(n), and so all others to vectors of sum 0
    mirror = np.full(n, -1.0 / np.sqrt(n))
    mirror[0] += 1.0
    rows -= np.outer(mirror, (2.0 / (mirror @ mirror)) * (mirror @ rows))
    return np.asarray(rows @ axes.T)


def _transport(have: FloatArray, wanted: FloatArray) -> FloatArray:
    """The symmetric map T with T have T = wanted, which moves points of covariance `have` least."""
    root = _power(wanted, 0.5)
    return np.asarray(root @ _power(root @ have @ root, -0.5) @ root)


def _power(matrix: NDArray[Any], exponent: float) -> FloatArray:
    values, axes = np.linalg.eigh(matrix)
    inside = values > EMPTY * max(float(values[-1]), 0.0)
    return np.asarray((axes[:, inside] * values[inside] ** exponent) @ axes[:, inside].T)
