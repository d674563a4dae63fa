"""The entries of a matrix file: is it a graph or interactions? One rule for .npz and Matrix Market.

A square matrix that is symmetric is a graph unless the caller says that it holds interactions; any other holds interactions,
unless the caller says that it is a graph: then it is refused, with an entry that differs from its mirror image.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices.bad_input import BadInput, expected_and_found
from experiments.matrices.finishing import finish_graph, finish_interactions
from experiments.matrices.real_matrix import RealMatrix

ROUNDING = 1e-10  # asymmetry, relative to the largest entry, that sums in another order may leave
OF_CONTEXTS = ("contexts", "times")


def matrix_of_entries(
    path: Path,
    name: str,
    ends: tuple[NDArray[Any], NDArray[Any]],
    values: NDArray[Any] | None,
    shape: tuple[int, int],
    *,
    half: bool = False,
    kind: str | None = None,
    notes: tuple[str, ...] = (),
    **more: Any,
) -> RealMatrix:
    """Return the graph or the interactions of stored entries.

    Parameters
    ----------
    ends
        rows and columns (m,) of the entries, from 0 and inside of `shape`.
    values
        (m,) at least 0; None where the file has none.
    half
        whether the file declares that the matrix is symmetric, so that one of two mirrored entries may be left out.
    kind
        "graph" or "interactions", where the caller says so.
    more
        of the `RealMatrix`: `items`, `contexts`, `times`, ...

    Raises
    ------
    BadInput
        for a graph that is not square and symmetric, and for too few rows, columns or entries.
    """
    square = shape[0] == shape[1]
    if half and not square:
        raise BadInput(path, "a square matrix, as it is symmetric", f"{shape[0]} x {shape[1]}")
    if kind == "graph" and not square:
        raise BadInput(path, "a square matrix, for a graph", f"{shape[0]} x {shape[1]}")
    edges = bool((ends[0] != ends[1]).any())
    try:
        if kind != "interactions" and square and (edges or kind == "graph"):
            unequal = None if half else _unequal(ends, values, shape)
            if unequal is None:
                of_graph = {key: value for key, value in more.items() if key not in OF_CONTEXTS}
                return finish_graph(name, *ends, values, shape[0], mirrored=True, notes=notes, **of_graph)
            if kind == "graph":
                raise BadInput(path, "a symmetric matrix, for a graph", unequal)
        if half:
            ends, values, more = _both_halves(ends, values, more)
        return finish_interactions(name, *ends, shape, values=values, notes=notes, **more)
    except BadInput:
        raise
    except ValueError as error:  # of the finishing step, which knows no path
        raise BadInput(path, *expected_and_found(str(error).removeprefix(f"{name}: "))) from None


def _unequal(
    ends: tuple[NDArray[Any], NDArray[Any]], values: NDArray[Any] | None, shape: tuple[int, int]
) -> str | None:
    """Say where the matrix and its mirror image differ most, or None where they do not differ by more than rounding."""
    ones = np.ones(len(ends[0])) if values is None else values
    matrix = sparse.coo_array((ones, ends), shape=shape).tocsr()
    matrix.sum_duplicates()
    if values is None:
        matrix.data[:] = 1.0
    difference = sparse.coo_array(matrix - matrix.T)
    if np.abs(difference.data).max(initial=0.0) <= ROUNDING * matrix.data.max(initial=0.0):
        return None
    worst = int(np.abs(difference.data).argmax())
    i, j = sorted(int(index[worst]) for index in difference.coords)
    return f"{matrix[i, j]:g} at ({i}, {j}) and {matrix[j, i]:g} at ({j}, {i})"


def _both_halves(
    ends: tuple[NDArray[Any], NDArray[Any]], values: NDArray[Any] | None, more: dict[str, Any]
) -> tuple[tuple[NDArray[Any], NDArray[Any]], NDArray[Any] | None, dict[str, Any]]:
    """Return the entries of a symmetric matrix with their mirror images, for interactions."""
    twice = np.concatenate(ends), np.concatenate(ends[::-1])
    return twice, None if values is None else np.concatenate([values, values]), more
