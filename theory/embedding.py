"""The truncated spectral embedding of a symmetric matrix, signature kept.

M is approximated by U Lambda U', Lambda the f eigenvalues of largest magnitude, whatever their signs. The rows of U,
U|Lambda|^(1/2) and U|Lambda| are the scalings `unit`, `half` and `full`; `full` is the paper's U Sigma.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh

from simulate.validation import (
    require_choice,
    require_finite,
    require_generator,
    require_integer,
    require_number,
)

Scaling = Literal["unit", "half", "full"]
SCALINGS = ("unit", "half", "full")
_POWER = {"unit": 0.0, "half": 0.5, "full": 1.0}
DENSE = 200  # below this size a dense decomposition is both faster and exact


@dataclass(frozen=True, eq=False)
class Embedding:
    """f eigenvalues (f,) by decreasing magnitude, signs kept, and their eigenvectors `basis` (n, f)."""

    eigenvalues: NDArray[Any]
    basis: NDArray[Any]

    def vectors(self, scaling: Scaling = "full", rank: int | None = None) -> NDArray[Any]:
        """Return the rows of U scaled by |Lambda| to the power 0, 1/2 or 1, of the first `rank` dimensions."""
        require_choice(scaling, "scaling", SCALINGS)
        f = len(self.eigenvalues) if rank is None else require_integer(rank, "rank", least=1, most=len(self.eigenvalues))
        return np.asarray(self.basis[:, :f] * np.abs(self.eigenvalues[:f]) ** _POWER[scaling])


def embed(
    matrix: Any, rank: int, *, rng: np.random.Generator | None = None, dtype: str = "float64", tol: float = 0.0
) -> Embedding:
    """Return the `rank` eigenpairs of largest magnitude of a symmetric matrix."""
    require_number(tol, "tol", least=0)
    require_choice(dtype, "dtype", ("float32", "float64"))
    a = sparse.csr_array(matrix).astype(dtype)
    n = a.shape[0]
    if a.shape[0] != a.shape[1]:
        raise ValueError(f"matrix must be square; got shape {a.shape}")
    require_finite(a.data, "matrix")
    asymmetry = float(np.abs((a - a.T).data).max(initial=0.0))
    if asymmetry > 1e-6 * float(np.abs(a.data).max(initial=0.0)):
        raise ValueError(f"matrix must be symmetric; the largest asymmetry is {asymmetry:g}")
    rank = require_integer(rank, "rank", least=1, most=n - 1)
    start = np.random.default_rng(0) if rng is None else require_generator(rng)
    if n <= DENSE or rank > n // 2:
        eigenvalues, basis = np.linalg.eigh(a.toarray())
    else:
        eigenvalues, basis = eigsh(a, rank, which="LM", v0=start.standard_normal(n).astype(dtype), tol=tol)
    order = np.argsort(-np.abs(eigenvalues), kind="stable")[:rank]
    eigenvalues, basis = eigenvalues[order], basis[:, order]
    largest = np.abs(basis).max(axis=0)
    basis = np.where(np.abs(basis) < 1e-12 * largest, 0.0, basis)
    signs = np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(rank)])
    return Embedding(eigenvalues, np.ascontiguousarray(basis * signs))
