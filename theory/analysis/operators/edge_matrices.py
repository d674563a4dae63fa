"""Two matrices of steps along edges: the non-backtracking matrix in its Ihara-Bass form, and the Bethe Hessian.

At low degree hubs have the largest eigenvalues of A, and hide the communities. A step that does not return cannot stay at a hub:
the eigenvalues of communities then stand out down to the threshold of detection (docs/theory.md, section 1.9).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from simulate.validation import require_number
from theory.analysis.operators.graphs import Vector, checked_graph, degrees


def ihara_bass(a: sparse.csr_array) -> sparse.csr_array:
    """Return [[0, D - I], [-I, A]] (2n, 2n), whose eigenvalues are those of the non-backtracking matrix B, but for some +-1.

    det(t I - B) = (t^2 - 1)^(m - n) det(t I - [[0, D - I], [-I, A]]), m the number of edges (Bass 1992). The second half
    of an eigenvector holds, for each node, the sum over the edges that leave it.
    """
    n = a.shape[0]
    eye = sparse.eye_array(n, format="csr", dtype=a.dtype)
    over = sparse.diags_array(degrees(a) - 1.0, format="csr", dtype=a.dtype)
    return sparse.csr_array(sparse.block_array([[None, over], [-eye, a]], format="csr"))


def excess_degree(d: Vector) -> float:
    """Return sum d^2 / sum d - 1: how many further edges the end of an edge has on average; 0 without edges."""
    total = float(d.sum())
    return float(d @ d) / total - 1.0 if total > 0 else 0.0


def bethe_hessian(graph: Any, r: float | None = None) -> sparse.csr_array:
    """Return H(r) = (r^2 - 1) I - r A + D (n, n) of a graph without loops whose entries are whole numbers of edges.

    Parameters
    ----------
    graph : (n, n) symmetric.
    r : a number; None takes sqrt(sum d^2 / sum d - 1), at least 1, where H is the Laplacian D - A. A negative
        r, -sqrt(...), shows communities that avoid themselves.

    H(r) is singular where r is an eigenvalue of the non-backtracking matrix. For |r| above the square root of the largest of
    these it has as many negative eigenvalues as that matrix has real eigenvalues beyond r.

    Raises
    ------
    ValueError
        as `operator_matrix`, or for an r that is no finite number.

    References
    ----------
    Saade, Krzakala, Zdeborova, "Spectral clustering of graphs with the Bethe Hessian", NIPS 2014.

    Examples
    --------
    >>> bethe_hessian([[0, 1], [1, 0]], 2.0).toarray().tolist()
    [[4.0, -2.0], [-2.0, 4.0]]
    """
    a = checked_graph(graph, "bethe-hessian", np.float64, "graph")
    return hessian_of(a, degrees(a), None if r is None else require_number(r, "r"))


def hessian_of(a: sparse.csr_array, d: Vector, r: float | None = None) -> sparse.csr_array:
    """Return H(r) of a graph that was checked, with its degrees."""
    if r is None:
        r = max(float(np.sqrt(max(excess_degree(d), 0.0))), 1.0)
    diagonal = sparse.diags_array(r * r - 1.0 + d, format="csr", dtype=a.dtype)
    return sparse.csr_array(diagonal - a * a.dtype.type(r))
