"""Entries that are measured with an error: an error in proportion to the entry, or one of the same size for every entry."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.changes.corrupted import edges_of, symmetric_from_pairs
from simulate.validation import (
    require_choice,
    require_generator,
    require_integer,
    require_number,
    require_symmetric,
)

WEIGHT_LAWS = ("lognormal", "gaussian", "poisson")
LARGEST_DENSE = 20_000  # nodes; a dense matrix of that size takes 3.2 GB


def weighted(
    graph: Any,
    rng: np.random.Generator,
    *,
    law: Literal["lognormal", "gaussian", "poisson"] = "lognormal",
    cv: float | None = None,
) -> sparse.csr_array:
    """Multiply every edge by an independent weight of mean 1 and coefficient of variation `cv`; E[A] stays as it is.

    The variance of a Bernoulli entry grows from P (1 - P) to P (1 + cv^2) - P^2.

    Parameters
    ----------
    graph : symmetric matrix (n, n) without loops.
    law : "lognormal", weights above 0; "gaussian", of either sign; "poisson", whole numbers, where an edge of weight 0 is lost.
    cv : at least 0; None is 0.5, and 1 for Poisson weights, which have no other.

    Raises
    ------
    ValueError
        for a graph that is not symmetric or has a loop, an unknown law, or a cv that is negative or not 1 for Poisson weights.

    Examples
    --------
    >>> ring = sparse.csr_array(np.roll(np.eye(50), 1, 0) + np.roll(np.eye(50), -1, 0))
    >>> heavy = weighted(ring, np.random.default_rng(0), cv=0.3)
    >>> bool((heavy != heavy.T).nnz), heavy.nnz
    (False, 100)
    """
    require_choice(law, "law", WEIGHT_LAWS)
    spread = require_number((1.0 if law == "poisson" else 0.5) if cv is None else cv, "cv", least=0)
    if law == "poisson" and spread != 1.0:
        raise ValueError(f"cv must be 1 for Poisson weights; got {spread:g}")
    require_generator(rng)
    a = require_symmetric(graph, "graph", loops=False)
    i, j, weights = edges_of(a)
    if law == "poisson":
        factor = rng.poisson(1.0, i.size).astype(np.float64)
    elif law == "lognormal":
        sigma = np.sqrt(np.log1p(spread**2))
        factor = rng.lognormal(-(sigma**2) / 2, sigma, i.size)
    else:
        factor = rng.normal(1.0, spread, i.size)
    kept = factor != 0
    return symmetric_from_pairs(
        i[kept], j[kept], a.shape[0], np.dtype(np.float64), weights[kept] * factor[kept]
    )


def additive_gaussian(matrix: Any, sigma: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Add independent Gaussian noise to every pair of nodes; its eigenvalues alone reach 2 sigma sqrt(n).

    The result is dense: time and memory grow as n^2.

    Parameters
    ----------
    matrix : symmetric (n, n), n at most 20,000.
    sigma : standard deviation of the noise of one entry, in the unit of the matrix; at least 0.

    Returns
    -------
    A dense symmetric array (n, n) of float64.

    Raises
    ------
    ValueError
        for a matrix that is not symmetric or too large, or a negative sigma.

    Examples
    --------
    >>> noisy = additive_gaussian(np.zeros((200, 200)), 1.0, np.random.default_rng(0))
    >>> bool(np.array_equal(noisy, noisy.T)), bool(0.9 < np.linalg.norm(noisy, 2) / (2 * np.sqrt(200)) < 1.1)
    (True, True)
    """
    require_number(sigma, "sigma", least=0)
    a = require_symmetric(matrix, "matrix")
    require_integer(a.shape[0], "the size of matrix", least=1, most=LARGEST_DENSE)
    half = np.triu(require_generator(rng).normal(0.0, sigma, a.shape))
    return np.asarray(a.toarray() + half + np.triu(half, 1).T)
