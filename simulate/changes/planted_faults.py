"""Which faults can an embedding have? Each planted in sound vectors, with the rows that it concerns, so that a check can be
tried.

| fault | what is done |
|---|---|
| common mean | the same vector is added to every row |
| hub | a share of the rows is drawn towards one row |
| near-duplicates | rows become copies of others, a little apart |
| copies of one row | a group of rows does, as bots make it |
| zero rows | rows are set to 0 |
| noise columns | columns of equal normal noise are added |
| dependent columns | a constant column, a copy of a column, and a sum of two are added |
| biclique | new contexts hold the same new items, and nobody else does |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from simulate.validation import (
    require_array,
    require_fraction,
    require_generator,
    require_integer,
    require_matrix,
    require_number,
)


@dataclass(frozen=True, eq=False)
class Planted:
    """Vectors (n, f) with a fault, and the rows (m,) that it concerns."""

    vectors: NDArray[np.float64]
    rows: NDArray[np.int64]


def plant_common_mean(vectors: ArrayLike, rng: np.random.Generator, *, size: float = 2.0) -> Planted:
    """Add one vector in a random direction to every row, `size` times the median norm long.

    >>> plant_common_mean(np.zeros((3, 2)) + 1, np.random.default_rng(0)).rows.tolist()
    [0, 1, 2]
    """
    x = require_array(vectors, "vectors")
    require_number(size, "size", least=0)
    direction = require_generator(rng).standard_normal(x.shape[1])
    length = size * float(np.median(np.linalg.norm(x, axis=1))) / float(np.linalg.norm(direction))
    return Planted(x + length * direction, np.arange(len(x)))


def plant_hub(
    vectors: ArrayLike, rng: np.random.Generator, *, share: float = 0.3, pull: float = 0.7
) -> Planted:
    """Turn a share of the rows towards one row, the hub: their directions become (1 - pull) u + pull h, their norms stay.

    >>> planted = plant_hub(np.random.default_rng(0).standard_normal((50, 4)), np.random.default_rng(1))
    >>> planted.rows.size
    1
    """
    x = require_array(vectors, "vectors").copy()
    require_fraction(share, "share")
    require_fraction(pull, "pull")
    order = require_generator(rng).permutation(len(x))
    hub, drawn = order[:1], order[1 : 1 + round(share * len(x))]
    norms = np.linalg.norm(x, axis=1)
    turned = (1 - pull) * x[drawn] / norms[drawn, None] + pull * x[hub] / norms[hub]
    x[drawn] = turned * (norms[drawn] / np.linalg.norm(turned, axis=1))[:, None]
    return Planted(x, hub)


def plant_near_duplicates(
    vectors: ArrayLike, rng: np.random.Generator, *, pairs: int = 5, apart: float = 1e-5
) -> Planted:
    """Let `pairs` rows become copies of others, at a distance of about `apart` times their norm.

    >>> planted = plant_near_duplicates(np.eye(8), np.random.default_rng(0), pairs=2, apart=0.0)
    >>> len(np.unique(planted.vectors, axis=0)), planted.rows.size
    (6, 4)
    """
    x = require_array(vectors, "vectors").copy()
    require_integer(pairs, "pairs", least=1, most=len(x) // 2)
    require_number(apart, "apart", least=0)
    rows = require_generator(rng).permutation(len(x))[: 2 * pairs]
    x[rows[pairs:]] = _near(x[rows[:pairs]], apart, rng)
    return Planted(x, np.sort(rows))


def plant_copies(
    vectors: ArrayLike, rng: np.random.Generator, *, count: int = 20, apart: float = 1e-5
) -> Planted:
    """Let `count` rows become copies of one row, at a distance of about `apart` times its norm, as bots make them.

    >>> plant_copies(np.eye(8), np.random.default_rng(0), count=5).rows.size
    5
    """
    x = require_array(vectors, "vectors").copy()
    require_integer(count, "count", least=2, most=len(x))
    require_number(apart, "apart", least=0)
    rows = np.sort(require_generator(rng).permutation(len(x))[:count])
    x[rows] = _near(np.repeat(x[rows[:1]], count, axis=0), apart, rng)
    return Planted(x, rows)


def plant_zero_rows(vectors: ArrayLike, rng: np.random.Generator, *, count: int = 1) -> Planted:
    """Set `count` rows to 0.

    >>> float(plant_zero_rows(np.ones((3, 2)), np.random.default_rng(0)).vectors.sum())
    4.0
    """
    x = require_array(vectors, "vectors").copy()
    require_integer(count, "count", least=1, most=len(x))
    rows = np.sort(require_generator(rng).permutation(len(x))[:count])
    x[rows] = 0.0
    return Planted(x, rows)


def plant_noise_columns(
    vectors: ArrayLike, rng: np.random.Generator, *, count: int, size: float = 0.1
) -> Planted:
    """Add `count` columns of normal noise whose standard deviation is `size` times the root mean square of the entries.

    >>> plant_noise_columns(np.ones((3, 2)), np.random.default_rng(0), count=4).vectors.shape
    (3, 6)
    """
    x = require_array(vectors, "vectors")
    require_integer(count, "count", least=1)
    require_number(size, "size", above=0)
    noise = require_generator(rng).standard_normal((len(x), count))
    return Planted(np.column_stack([x, size * np.sqrt((x * x).mean()) * noise]), np.empty(0, dtype=np.int64))


def plant_dependent_columns(vectors: ArrayLike) -> Planted:
    """Add a small constant column, half the first column, and the sum of the first and the last: three columns without an axis.

    >>> plant_dependent_columns([[1.0, 2.0], [3.0, 5.0]]).vectors.tolist()
    [[1.0, 2.0, 0.01, 0.5, 3.0], [3.0, 5.0, 0.01, 1.5, 8.0]]
    """
    x = require_array(vectors, "vectors")
    added = (np.full(len(x), 0.01), x[:, 0] / 2, x[:, 0] + x[:, -1])
    return Planted(np.column_stack([x, *added]), np.empty(0, dtype=np.int64))


def plant_biclique(
    interactions: Any, rng: np.random.Generator, *, contexts: int = 20, items: int = 12, missing: float = 0.0
) -> tuple[sparse.csr_array, NDArray[np.int64]]:
    """Add contexts that hold the same new items, which nobody else holds; return the log, and which columns they are.

    Parameters
    ----------
    interactions : contexts x items.
    contexts, items : added, at least 1.
    missing : share of the new pairs that are left out.

    Examples
    --------
    >>> log, columns = plant_biclique(np.eye(3), np.random.default_rng(0), contexts=2, items=2)
    >>> log.sum(axis=0).tolist(), columns.tolist()
    ([1.0, 1.0, 1.0, 2.0, 2.0], [3, 4])
    """
    x = sparse.csr_array(require_matrix(interactions, "interactions"))
    require_integer(contexts, "contexts", least=1)
    require_integer(items, "items", least=1)
    require_fraction(missing, "missing")
    held = require_generator(rng).random((contexts, items)) >= missing
    both = sparse.block_diag([x, sparse.csr_array(held.astype(x.dtype))], format="csr")
    return sparse.csr_array(both), np.arange(x.shape[1], x.shape[1] + items)


def _near(rows: NDArray[np.float64], apart: float, rng: np.random.Generator) -> NDArray[np.float64]:
    noise = rng.standard_normal(rows.shape)
    norms = np.linalg.norm(rows, axis=1) / np.linalg.norm(noise, axis=1)
    return np.asarray(rows + apart * norms[:, None] * noise)
