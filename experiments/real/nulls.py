"""What would chance give? The null of each kind of matrix: a random one that keeps degrees, or norms, mean and spectrum, alone.

| kind | what a draw keeps |
|---|---|
| interactions | the number of items of each context and of contexts of each item; items are permuted among contexts |
| graph | the number of neighbours of each node; edges are swapped |
| embedding | the norm of each row, the mean of the rows and the spectrum; directions are random |

Each null keeps what makes spikes without communities, and nothing else. Of interactions and graphs that is popularity. In a
model without communities the odds of a pair are the product of a factor of the one side and a factor of the other. All that
the data say of these factors are the row and column sums, or the degrees, and given these the data are uniform, whatever the
factors (the model of Rasch, and the beta model of graphs). So a draw needs no fitted parameter, and the rank of a statistic
among the matrix and R draws is uniform (a Monte Carlo test). That is exact for simple graphs after many swaps. It is near for
interactions, where a pair that a permutation makes twice counts once, so that popular items of a dense log lose some
pairs.

The weights of a graph belong to popularity too: a node with many edges often has heavy ones, and where these meet at random they
make an eigenvalue that no community makes. So a weight is split into factors of its ends and what is left,

    w_ij = u_i u_j r_ij,    u_i the sum of u_j over the neighbours of i = the sum of w_ij,

r moves with its edge, and the draw has the weights u_i' u_j' r_ij at the new ends: a node keeps the number of its neighbours, and
nearly the sum of its weights. Of an operator that counts edges the weights move as they are.

Of an embedding nobody knows what it was made from. A spectrum that falls fast, a mean far from 0 and a few long rows make few
peaks out of random directions, so a draw keeps all three; what is left is whether directions gather. This law has been chosen
for that and follows from no model: it says how spiky the vectors are beside random directions, not how they came about.

That a block model does not explain a matrix is another question with another null: the fitted block model (`twin_p_value`).

Sources: Besag and Clifford 1989, Biometrika 76 (Monte Carlo tests by a chain); Fosdick and others 2018, SIAM Review 60 (swaps).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from simulate.nulls import degree_preserving, permuted_items
from simulate.random_directions import random_rows
from theory.analysis.inputs import as_rows, as_symmetric
from theory.analysis.operators.graphs import WHOLE
from theory.analysis.ppmi import MIN_COUNT

Kind = Literal["embedding", "graph", "interactions"]
KINDS: tuple[Kind, ...] = ("embedding", "graph", "interactions")
STEPS = 50  # of the factors of weights: each halves what is missing
NULLS: dict[Kind, str] = {
    "embedding": "random directions with the same norms, mean and spectrum",
    "graph": "edges swapped at random, every degree kept",
    "interactions": "items permuted among contexts, every count kept",
}


def null_of(data: Any, kind: Kind, rng: np.random.Generator, operator: str | None = None) -> Any:
    """Return one draw of the null, of the shape and kind of `data`, for an operator of a graph as in `swapped_edges`.

    Examples
    --------
    >>> drawn = null_of(np.array([[1, 1, 0], [0, 1, 1]]), "interactions", np.random.default_rng(0))
    >>> drawn.sum(axis=0).tolist(), drawn.sum(axis=1).tolist()
    ([1.0, 2.0, 1.0], [2.0, 2.0])
    """
    if kind == "interactions":
        return permuted_items(data, rng)
    if kind == "graph":
        return swapped_edges(data, rng, operator)
    return random_rows(as_rows(data), rng)


def null_to_embed(
    data: Any, kind: Literal["graph", "interactions"], operator: str | None = None
) -> Callable[[np.random.Generator], Any]:
    """Return a function that draws the null as it is embedded: where `data` are interactions, its PPMI matrix, or its counts.

    It is the null of `theory.parallel_analysis` here. The weights of a graph may come in any unit.
    """
    if kind == "graph":
        return lambda rng: swapped_edges(data, rng, operator)
    if operator == "counts":
        return lambda rng: theory.cooccurrence(permuted_items(data, rng), min_count=MIN_COUNT).counts
    return permuted_ppmi(data)


def swapped_edges(graph: Any, rng: np.random.Generator, operator: str | None = None) -> sparse.csr_array:
    """Return the graph with its edges swapped, weights following the nodes; equal, zero or negative weights move as they are.

    Parameters
    ----------
    graph
        (n, n) symmetric.
    operator
        of `theory.OPERATORS`, for one that counts edges, whose weights must stay whole numbers.

    Examples
    --------
    >>> weights = np.outer([1, 1, 2, 2, 3, 3.0], [1, 1, 2, 2, 3, 3])
    >>> drawn = swapped_edges(weights - np.diag(np.diag(weights)), np.random.default_rng(0))
    >>> drawn.sum(axis=0).round(9).tolist()  # what is left is 1 at every edge
    [11.0, 11.0, 20.0, 20.0, 27.0, 27.0]
    """
    a = sparse.csr_array(as_symmetric(graph, "graph"), copy=True)
    a.eliminate_zeros()
    if operator in WHOLE or not a.nnz or a.data.min() <= 0 or np.ptp(a.data) == 0:
        return degree_preserving(graph, rng)
    factors = _factors(a)
    left = a.tocoo()
    ends = factors[left.coords[0]] * factors[left.coords[1]]
    swapped = degree_preserving(sparse.csr_array((left.data / ends, left.coords), shape=a.shape), rng).tocoo()
    weights = swapped.data * (factors[swapped.coords[0]] * factors[swapped.coords[1]])
    return sparse.csr_array((weights, swapped.coords), shape=a.shape)


def _factors(a: sparse.csr_array) -> NDArray[np.float64]:
    """u of a weighted graph: damped steps of matrix scaling, which need not end where no u meets every sum."""
    edges = a.copy()
    edges.data = np.ones_like(edges.data)
    sums, degrees = np.asarray(a.sum(axis=1)), np.diff(a.indptr)
    live = degrees > 0
    u = np.sqrt(np.divide(sums, degrees, out=np.ones_like(sums), where=live))
    for _ in range(STEPS):
        u = np.sqrt(u * np.divide(sums, edges @ u, out=u.copy(), where=live))
    return np.asarray(u)


def permuted_ppmi(interactions: Any) -> Callable[[np.random.Generator], Any]:
    """Return a function that draws the PPMI matrix of `interactions` whose items are permuted among contexts.

    It is the null of `theory.parallel_analysis` for interactions.
    """
    return lambda rng: theory.ppmi(permuted_items(interactions, rng), top_k=None).matrix
