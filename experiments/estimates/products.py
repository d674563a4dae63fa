"""How many products with the matrix does it take until f eigenpairs have converged? It depends on the spectrum, and hardly on n.

Where the f-th eigenvalue stands apart from those that follow, the number does not depend on n. Where it lies in the bulk, whose
eigenvalues are n^(-2/3) apart at its edge, it grows as n^(1/3), since the polynomials that ARPACK builds tell eigenvalues apart
whose distance is the square of one over their degree. So the products are counted on s rows of a small input, and on s / 4 of
them. If four times the rows multiply the products by 4^a, n rows need (n / s)^a times those of s rows, with a from 0 to 1/3. Of
an input that is not read, eigenvalues are taken to fall as those of real data do.

Source: Tracy and Widom 1994, Communications in Mathematical Physics 159 (the spacing at the edge of the bulk).
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import ArpackError, LinearOperator
from threadpoolctl import threadpool_limits

import theory
from experiments.estimates.looking import Looked
from experiments.real.nulls import null_of
from theory.analysis.eigenpairs import from_one_end
from theory.analysis.ppmi import MIN_COUNT
from theory.analysis.rounding import DENSE

SOME = 4000  # rows on which products are counted
ENTRIES = 200_000  # in them at most, as the density tells
LEAST = 8  # rows for each eigenpair: fewer tell nothing of more rows
EDGE = 1 / 3  # the power of n by which products grow where the f-th eigenvalue lies in the bulk
# measured on real data and on block models, graphs and logs of 1.5 * 10^4 to 2.5 * 10^4 rows, f = 16 and 64
USUAL = (70.0, 5.0)  # products, and products for each eigenpair, where eigenvalues fall as those of data do
OF_BULK = 6.5  # times (n f)^(1/3), where they lie in the bulk
LOOSER = 0.8  # times as many at a tolerance of 1e-8
MOST = 3.0  # times as many as in a bulk are counted at most
REMEMBERED = 8  # parts of a matrix, and counts


def usual_products(n: float, f: int, tol: float = 0.0) -> float:
    """Return how many products f eigenpairs of data usually need.

    >>> usual_products(1e6, 64), round(usual_products(1000, 64))
    (390.0, 260)
    """
    return min((USUAL[0] + USUAL[1] * f) * (LOOSER if tol else 1.0), products_in_bulk(n, f, tol))


def products_in_bulk(n: float, f: int, tol: float = 0.0) -> float:
    """Return how many products f eigenpairs need that lie in the bulk of the spectrum.

    >>> round(products_in_bulk(1e6, 64))
    2600
    """
    return float(OF_BULK * (n * f) ** (1 / 3) * (LOOSER if tol else 1.0))


@dataclass(frozen=True, eq=False)
class SomeRows:
    """Some rows and columns of the matrix of an input that was read.

    `data` are interactions or a graph; `order` lists its items, or nodes, as they are drawn; `top_k` is that of `theory.ppmi`.
    """

    data: sparse.csr_array
    kind: Literal["graph", "interactions"]
    order: NDArray[np.int64]
    top_k: int | None

    def products(self, n: float, entries: float, f: int, tol: float = 0.0, *, null: bool = False) -> float:
        """Return how many products f eigenpairs of the matrix of n rows will need, or those of a draw of the null.

        Examples
        --------
        >>> from experiments.estimates.looking import look
        >>> some = some_rows(look("films-actors"))
        >>> some.products(15_000, 143_000, 2) < some.products(15_000, 143_000, 16) < products_in_bulk(15_000, 16)
        True
        """
        size = self._size(n, entries)
        rows, found = self._counted(size, f, tol, null)
        if not found:
            return usual_products(n, f, tol)
        fewer, before = self._counted(size // 4, f, tol, null)
        growth = EDGE / 2  # where a quarter of the rows is too few to tell
        if before:
            growth = min(max(math.log(found / before) / math.log(rows / fewer), 0.0), EDGE)
        return float(found * max(n / rows, 1.0) ** growth)

    def share_of_null(self, n: float, entries: float) -> float:
        """Return how many times as many entries the matrix of a draw of the null has.

        A graph keeps its edges. Of interactions fewer pairs of items remain, or more.
        """
        if self.kind == "graph":
            return 1.0
        size = self._size(n, entries)
        own, null = (_part(self, size, drawn).nnz for drawn in (False, True))
        return null / own if own else 1.0

    def _size(self, n: float, entries: float) -> int:
        """How many items, or nodes, are drawn."""
        share = min(1.0, SOME / max(n, 1.0), math.sqrt(ENTRIES / max(entries, 1.0)))
        return int(share * len(self.order))

    def _counted(self, size: int, f: int, tol: float, null: bool) -> tuple[int, int]:
        """How many rows a part of so many items, or nodes, has, and the products that it takes; 0 of too few rows."""
        matrix = _part(self, size, null)
        rows = matrix.shape[0] if matrix.nnz else 0
        return rows, _products_of(self, size, f, tol, null) if rows >= max(LEAST * f, DENSE + 1) else 0


def some_rows(looked: Looked, top_k: int | None = None) -> SomeRows | None:
    """Return what tells the products of an input, None where it was not read or is an embedding.

    >>> from experiments.estimates.looking import look
    >>> len(some_rows(look("davis")).order)
    18
    """
    if looked.own is None or looked.own.kind == "embedding":
        return None
    data = sparse.csr_array(looked.own.data)
    times = np.bincount(data.indices, minlength=data.shape[1])
    kept = np.flatnonzero(times >= (MIN_COUNT if looked.own.kind == "interactions" else 1))
    return SomeRows(data, looked.own.kind, np.random.default_rng(0).permutation(kept), top_k)


@lru_cache(REMEMBERED)
def _part(some: SomeRows, size: int, null: bool) -> sparse.csr_array:
    """The matrix of the first items, or nodes, or that of a draw of their null."""
    taken = np.sort(some.order[:size])
    if not taken.size:
        return sparse.csr_array((0, 0))
    data: Any = some.data[:, taken]
    if some.kind == "graph":
        data = data[taken]
    if null and data.nnz:
        data = null_of(data, some.kind, np.random.default_rng(1))
    return theory.ppmi(data, top_k=some.top_k).matrix if some.kind == "interactions" else data


@lru_cache(REMEMBERED)
def _products_of(some: SomeRows, size: int, f: int, tol: float, null: bool) -> int:
    """The products of f eigenpairs of a part."""
    matrix = _part(some, size, null).astype(np.float64)
    most = MOST * products_in_bulk(matrix.shape[0], f)
    count = 0

    def product(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        nonlocal count
        if count > most:
            raise _EnoughError
        count += 1
        return np.asarray(matrix @ vector)

    counted = LinearOperator(matrix.shape, matvec=product, dtype=np.float64)
    with threadpool_limits(1, user_api="blas"), suppress(_EnoughError, ArpackError):
        from_one_end(counted, f, np.random.default_rng(0), dtype="float64", tol=tol)
    return count


class _EnoughError(Exception):
    """So many products were counted that the rest need not be known."""
