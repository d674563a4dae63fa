"""What a solver of eigenvectors leaves where the truth is 0, and matrices whose entries it cannot scale.

Where the kept eigenvectors do not reach a row, a solver leaves rounding, or its residual; that is set to 0, so that rows
without a direction have a norm of exactly 0. Where the matrix has no further dimension, it leaves an eigenvalue of the size of
rounding with an arbitrary vector, which is no direction; `numerical_rank` says where that begins. Used by both embeddings, of
symmetric and of rectangular matrices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator

DENSE = 200  # up to this size a dense decomposition is both faster and exact
MOST_NOISE = 0.1  # of an eigenvector's length that may be taken for noise, however loose the tolerance
FLOOR = 1e-12  # of the largest entry of a column: rounding, in float64 at full accuracy


def near_unit_scale(operator: Any) -> tuple[Any, int]:
    """Return a sparse matrix of very small or very large entries divided by a power of two, and its exponent.

    ARPACK's criterion has an absolute floor, and squares of entries beyond 1e154 overflow.
    """
    largest = float(np.abs(operator.data).max(initial=0.0)) if sparse.issparse(operator) else 1.0
    if largest == 0.0 or 1e-6 <= largest <= 1e6:
        return operator, 0
    exponent = int(np.floor(np.log2(largest)))
    scaled = operator.copy()
    scaled.data = np.ldexp(operator.data, -exponent)
    return scaled, exponent


def rounding_of(matrix: Any, n: int, dtype: Any) -> float:
    """Return the size that rounding gives to an eigenvalue 0, relative to the largest: at least n eps, eps of float64.

    Sums in single precision add sqrt(n) eps (their errors have both signs; n eps, a bound, would be 12 % at n = 10^6), and
    entries that were rounded to a narrow type before they came add its eps (a random matrix of that size has a smaller norm).
    Whole numbers were not rounded.

    Parameters
    ----------
    matrix : what the caller gave, of which the type counts; a LinearOperator computes in its type.
    n : rows.
    dtype : in which eigenvectors are computed.

    Examples
    --------
    >>> float(rounding_of(np.eye(2), 1000, "float64"))
    2.220446049250313e-13
    """
    given = np.dtype(getattr(matrix, "dtype", None) or np.float64)
    narrow = given.kind == "f" and given.itemsize < 8
    size = n * float(np.finfo(np.float64).eps)
    single = np.dtype(dtype).itemsize < 8
    if single or (narrow and isinstance(matrix, LinearOperator)):
        size = max(size, max(float(np.sqrt(n)), 10.0) * float(np.finfo(np.float32).eps))
    if narrow and not isinstance(matrix, LinearOperator):
        entries = np.asarray(matrix.data if sparse.issparse(matrix) else matrix)
        if (entries != np.rint(entries)).any():
            size = max(size, float(np.finfo(given).eps))
    return size


def numerical_rank(magnitudes: NDArray[Any], residuals: NDArray[Any], rounding: float) -> int:
    """Return how many dimensions come before the first whose eigenvalue is rounding, or below its own residual.

    Parameters
    ----------
    magnitudes : (f,) |eigenvalues| or singular values, decreasing.
    residuals : (f,) relative to them, as in `Embedding`; from 1 on, the value cannot be told from 0.
    rounding : from `rounding_of`.

    Examples
    --------
    >>> numerical_rank(np.array([3.0, 1.0, 1e-16]), np.zeros(3), 1e-14)
    2
    """
    nothing = (magnitudes <= rounding * magnitudes.max(initial=0.0)) | (residuals >= 1)
    return int(np.argmax(nothing)) if nothing.any() else len(magnitudes)


def cut_note(rank: int, n_cut: int) -> tuple[str, ...]:
    """Return the sentence that says that dimensions were cut, in a tuple; an empty one where none was.

    >>> cut_note(2, 0)
    ()
    """
    if not n_cut:
        return ()
    return (
        f"the matrix has rank {rank} up to rounding: of {rank + n_cut} dimensions asked for, {n_cut} had an eigenvalue of "
        "rounding size and were cut",
    )


def settled(
    basis: NDArray[Any], residuals: NDArray[Any], matrix: Any = None, *, signs: bool = True
) -> NDArray[Any]:
    """Return eigenvectors (n, f) with 0 where the truth is 0, each turned so that its largest entry is positive.

    At full accuracy in float64 that is an entry below 1e-12 of the largest. Otherwise small entries may be true: of a
    symmetric matrix, an eigenvector's parts on connected components are noise as long as the norm of all of them together is of
    the order of the residual (Davis and Kahan); setting them to 0 then takes nothing but its own residual away.
    """
    epsilon = float(np.finfo(basis.dtype).eps)
    if epsilon < 1e-15 and residuals.max(initial=0.0) <= FLOOR:
        basis = np.where(np.abs(basis) < FLOOR * np.abs(basis).max(axis=0), 0.0, basis)
    elif sparse.issparse(matrix):
        count, component = sparse.csgraph.connected_components(matrix, directed=False)
        for k in range(basis.shape[1] if count > 1 else 0):
            squares = np.bincount(component, basis[:, k].astype(np.float64) ** 2, minlength=count)
            basis[np.isin(component, components_of_noise(squares, residuals[k], epsilon)), k] = 0.0
            basis[:, k] /= np.linalg.norm(basis[:, k])
    return turned(basis) if signs else np.ascontiguousarray(basis)


def components_of_noise(squares: NDArray[Any], residual: float, epsilon: float) -> NDArray[np.int64]:
    """Return the components on which an eigenvector is noise, from its squared norm on each: the smallest, all of them together.

    >>> components_of_noise(np.array([1.0, 1e-20, 1e-4]), 1e-8, 2e-16).tolist()
    [1]
    """
    order = np.argsort(squares, kind="stable")
    noise = np.sqrt(np.cumsum(squares[order])) <= min(10 * max(residual, epsilon), MOST_NOISE)
    return np.asarray(order[noise])


def turned(basis: NDArray[Any]) -> NDArray[Any]:
    """Return the columns (n, f), each multiplied by 1 or -1 so that its entry of largest magnitude is positive.

    >>> turned(np.array([[1.0], [-2.0]])).ravel().tolist()
    [-1.0, 2.0]
    """
    chosen = basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])]
    return np.ascontiguousarray(basis * np.where(chosen < 0, -1.0, 1.0).astype(basis.dtype))
