"""The eigenpairs of an operator of a graph: those that the table of operators names, right eigenvectors where it is not
symmetric."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from theory.analysis.eigenpairs import Eigenpairs, eigenpairs, from_one_end
from theory.analysis.largest_eigenpairs import product
from theory.analysis.operators.edge_matrices import hessian_of
from theory.analysis.operators.graphs import OF_EDGES, degrees
from theory.analysis.operators.matrices import symmetric_form
from theory.analysis.operators.real_eigenvalues import real_outliers
from theory.analysis.rounding import near_unit_scale, rounding_of, settled, turned


def solved(
    a: sparse.csr_array, rank: int, name: str, rng: np.random.Generator, *, dtype: Any, tol: float, given: Any
) -> Eigenpairs:
    """Return the eigenpairs of the operator `name` of a graph that was checked; nodes without an edge have zero rows.

    `given` is the graph as the caller has it, by which `rounding_of` judges.
    """
    d = degrees(a)
    if name in OF_EDGES:
        return _of_edges(a, d, rank, name, rng, dtype, tol)
    exponent = 0
    if name != "counts":
        a, exponent = near_unit_scale(a)
    matrix, back = symmetric_form(a, name)
    found = eigenpairs(matrix, rank, rng, dtype=dtype, tol=tol, rounding=rounding_of(given, len(d), dtype))
    basis = found.basis
    basis[d == 0] = 0.0
    if back is not None:
        basis = turned(basis * back[:, None].astype(basis.dtype))
    eigenvalues = np.ldexp(found.eigenvalues, exponent) if name == "modularity" else found.eigenvalues
    return Eigenpairs(eigenvalues, basis, found.residuals, found.n_cut)


def _of_edges(
    a: sparse.csr_array,
    d: NDArray[np.float64],
    rank: int,
    name: str,
    rng: np.random.Generator,
    dtype: Any,
    tol: float,
) -> Eigenpairs:
    """Of the nodes with an edge: the others would have eigenvalues of their own, 1, -1 or r^2 - 1."""
    live = np.flatnonzero(d)
    if live.size < 2:
        return Eigenpairs(np.zeros(0, dtype), np.zeros((len(d), 0), dtype), np.zeros(0), rank)
    part = a if live.size == len(d) else sparse.csr_array(a[live][:, live])
    most = min(rank, live.size - 1)
    if name == "non-backtracking":
        found = real_outliers(part, most, rng, dtype=dtype, tol=tol)
        basis = turned(found.basis)
    else:
        found = _smallest(hessian_of(part, d[live]), most, rng, dtype, tol)
        basis = found.basis
    whole = np.zeros((len(d), basis.shape[1]), dtype)
    whole[live] = basis
    return Eigenpairs(found.eigenvalues, whole, found.residuals, rank - basis.shape[1])


def _smallest(h: sparse.csr_array, rank: int, rng: np.random.Generator, dtype: Any, tol: float) -> Eigenpairs:
    """The smallest eigenvalues; residuals relative to the norm of the matrix, since an eigenvalue may be 0."""
    eigenvalues, basis = from_one_end(h, rank, rng, dtype=dtype, tol=tol, which="SA")
    miss = -basis * eigenvalues
    product(h)(basis, miss, 1.0)
    residuals = np.linalg.norm(miss, axis=0).astype(np.float64) / float(np.abs(h).sum(axis=1).max())
    return Eigenpairs(eigenvalues, settled(basis, residuals, h), residuals, 0)
