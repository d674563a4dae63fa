"""Of which graphs is an operator defined? Degrees need entries of at least 0, and steps along edges whole numbers of edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator

from theory.analysis.inputs import as_symmetric

OF_EDGES = ("non-backtracking", "bethe-hessian")  # of steps along edges: entries count parallel edges
WHOLE = (*OF_EDGES, "counts")
MOST_EDGES = 2.0**53  # between a pair: whole numbers above are not exact
Vector = NDArray[np.float64]


def checked_graph(matrix: Any, name: str, dtype: Any, called: str = "matrix") -> sparse.csr_array:
    """Return a graph as a csr_array that the operator `name` is defined of."""
    if isinstance(matrix, LinearOperator):
        raise ValueError(f"the operator {name} needs the entries of {called}; got a LinearOperator")
    a = as_symmetric(matrix, called, dtype)
    require_entries(a, a.data < 0, f"the operator {name} needs a graph whose entries are at least 0", called)
    if name in WHOLE:
        wrong = (a.data % 1 != 0) | (a.data > MOST_EDGES)
        needs = "whole numbers of edges" if name in OF_EDGES else "whole numbers"
        require_entries(a, wrong, f"the operator {name} needs a graph whose entries are {needs}", called)
    if name in OF_EDGES and (loops := np.flatnonzero(a.diagonal())).size:
        raise ValueError(
            f"the operator {name} needs a graph without loops; entry ({loops[0]}, {loops[0]}) of {called} is "
            f"{a.diagonal()[loops[0]]:g}"
        )
    return a


def require_entries(a: sparse.csr_array, wrong: NDArray[np.bool_], needs: str, called: str) -> None:
    """Raise an error that names the first entry that is wrong, if one is."""
    if wrong.any():
        place = int(np.argmax(wrong))
        row = int(np.searchsorted(a.indptr, place, side="right") - 1)
        raise ValueError(f"{needs}; entry ({row}, {a.indices[place]}) of {called} is {a.data[place]:g}")


def degrees(a: sparse.csr_array) -> Vector:
    """Return the row sums (n,), in double precision."""
    return np.asarray(a.sum(axis=1, dtype=np.float64))
