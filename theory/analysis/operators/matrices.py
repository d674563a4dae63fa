"""The operators as matrices: a copy of the graph with scaled entries, or the graph and a rank-one term; never dense.

A scaled copy shares the places of the entries with the graph and has values of its own, 8 bytes each (4 in single precision), so
that a product with it costs what a product with the graph costs. Nodes without an edge, whose degree is 0, have zero rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator

from theory.analysis.cooccurrence import cooccurrence
from theory.analysis.inputs import as_symmetric
from theory.analysis.operators.edge_matrices import bethe_hessian, ihara_bass
from theory.analysis.operators.graphs import Vector, checked_graph, degrees
from theory.analysis.operators.table import ADJACENCY, require_operator

ROWS = 2**16  # scaled at a time
TAU = ("regularised-laplacian", "regularised-walk")


def operator_matrix(graph: Any, operator: str) -> Any:
    """Return an operator of `theory.OPERATORS` of a graph (n, n) as a csr_array; the modularity matrix as a LinearOperator.

    The non-backtracking matrix is that of its Ihara-Bass form, (2n, 2n). Time and memory grow as the number of stored entries;
    of "counts" as the sum of the squared degrees.

    Raises
    ------
    ValueError
        for an unknown operator, a matrix that is not symmetric, negative entries, and for "counts", "non-backtracking" and
        "bethe-hessian" entries that are not whole numbers; for the last two also loops.

    Examples
    --------
    >>> operator_matrix([[0, 1, 1], [1, 0, 0], [1, 0, 0]], "random-walk").toarray().tolist()
    [[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    name = require_operator(operator)
    if name == ADJACENCY:
        return as_symmetric(graph, "graph")
    a = checked_graph(graph, name, np.float64, "graph")
    if name == "non-backtracking":
        return ihara_bass(a)
    if name == "bethe-hessian":
        return bethe_hessian(a)
    d = degrees(a)
    if name == "random-walk":
        return _scaled(a, inverse_power(d, 1.0), np.ones(len(d)))
    if name == "regularised-walk":
        return _scaled(a, inverse_power(d + d.mean(), 1.0), np.ones(len(d)))
    return symmetric_form(a, name)[0]


def inverse_power(d: Vector, power: float) -> Vector:
    """Return d^-power, and 0 where d is 0."""
    return np.power(d, -power, out=np.zeros_like(d), where=d > 0)


def symmetric_form(a: sparse.csr_array, name: str) -> tuple[Any, Vector | None]:
    """Return the symmetric matrix that has the operator's eigenvalues, and what turns its eigenvectors into right ones.

    D^-1 A has the right eigenvectors D^-1/2 u, u those of D^-1/2 A D^-1/2. The second is None where the operator is symmetric.
    Of the operators that are embedded by their eigenvalues of largest magnitude.
    """
    if name == "counts":
        return cooccurrence(a).counts, None
    d = degrees(a)
    if name == "ppmi":
        return _ppmi_of_edges(a, d), None
    if name == "modularity":
        return _modularity(a, d), None
    root = inverse_power(d + d.mean() if name in TAU else d, 0.5)
    return scaled_both_sides(a, root), root if name.endswith("walk") else None


def scaled_both_sides(a: sparse.csr_array, s: Vector) -> sparse.csr_array:
    """Return diag(s) A diag(s), exactly symmetric where A is, sharing the places of the entries with A."""
    return _scaled(a, s, s)


def _scaled(a: sparse.csr_array, left: Vector, right: Vector) -> sparse.csr_array:
    left, right = left.astype(a.dtype), right.astype(a.dtype)
    data = right[a.indices]
    for first in range(0, a.shape[0], ROWS):
        last = min(first + ROWS, a.shape[0])
        part = slice(a.indptr[first], a.indptr[last])
        # the product of the two scales first: multiplication commutes, so that both halves have the same bits
        data[part] *= np.repeat(left[first:last], np.diff(a.indptr[first : last + 1]))
        data[part] *= a.data[part]
    return sparse.csr_array((data, a.indices, a.indptr), shape=a.shape)


def _modularity(a: sparse.csr_array, d: Vector) -> LinearOperator:
    """A - d d' / 2m as a product with A and one with d."""
    total = float(d.sum())
    expected = (d / np.sqrt(total) if total > 0 else d).astype(a.dtype)

    def times(x: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(a @ x - np.multiply.outer(expected, expected @ x))

    return LinearOperator(a.shape, matvec=times, matmat=times, rmatvec=times, dtype=a.dtype)


def _ppmi_of_edges(a: sparse.csr_array, d: Vector) -> sparse.csr_array:
    """max(0, ln(2m A_ij / (d_i d_j))) of the pairs with an edge, whose weights count how often they occur together."""
    found = scaled_both_sides(a, inverse_power(d, 1.0))
    above = found.data * found.dtype.type(d.sum()) > 1  # the others have no positive logarithm
    if a.diagonal().any():
        above &= np.repeat(np.arange(a.shape[0]), np.diff(a.indptr)) != a.indices
    data = np.zeros_like(found.data)
    data[above] = np.log(found.data[above] * found.dtype.type(d.sum()))
    found = sparse.csr_array((data, a.indices, a.indptr), shape=a.shape, copy=True)
    found.eliminate_zeros()
    return found
