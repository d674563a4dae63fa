"""The truncated SVD of contexts x items itself, without counts or PPMI: vectors of the items and of the contexts.

X is approximated by U Sigma V', Sigma the f largest singular values. The rows of V Sigma are the scaling `half` of X'X, the
co-occurrence counts with their diagonal (docs/theory.md, section 1.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from simulate.validation import require_choice, require_generator, require_integer, require_number
from theory.analysis.inputs import as_csr
from theory.analysis.rounding import DENSE, near_unit_scale, settled
from theory.analysis.scalings import Scaling, scaled


@dataclass(frozen=True, eq=False)
class RectangularEmbedding:
    """Singular values (f,) descending, `contexts` (m, f) left and `items` (n, f) right singular vectors."""

    singular_values: NDArray[Any]
    contexts: NDArray[Any]
    items: NDArray[Any]

    def vectors(self, scaling: Scaling = "full", of: Literal["items", "contexts"] = "items") -> NDArray[Any]:
        """Return the rows of V Sigma^p (items) or U Sigma^p (contexts), p = 0, 1/2, 1."""
        basis = self.items if require_choice(of, "of", ("items", "contexts")) == "items" else self.contexts
        return scaled(self.singular_values, basis, scaling)


def embed_rectangular(
    interactions: Any, rank: int, *, rng: np.random.Generator | None = None, tol: float = 0.0
) -> RectangularEmbedding:
    """Return the truncated SVD of contexts x items (m, n), `rank` from 1 to min(m, n) - 1.

    Raises
    ------
    ValueError
        for a matrix that is empty or not finite, or a rank out of range.

    Examples
    --------
    >>> embed_rectangular(np.diag([3.0, 2.0, 1.0]), 2).singular_values.round(12).tolist()
    [3.0, 2.0]
    """
    require_number(tol, "tol", least=0)
    if rng is not None:
        require_generator(rng)
    a, exponent = near_unit_scale(as_csr(interactions, "interactions"))
    least = min(a.shape)
    if least < 2:
        raise ValueError(f"interactions must have at least two contexts and two items; got shape {a.shape}")
    rank = require_integer(rank, "rank", least=1, most=least - 1)
    if max(a.shape) <= DENSE or rank > least // 2 or not a.nnz:
        u, s, vt = np.linalg.svd(a.toarray(), full_matrices=False)
    else:
        start = np.random.default_rng(0) if rng is None else require_generator(rng)
        u, s, vt = svds(a, rank, tol=tol, v0=start.standard_normal(least))
    order = np.argsort(-s, kind="stable")[:rank]
    u, s, v = u[:, order], s[order], vt[order].T
    signs = np.sign(v[np.abs(v).argmax(axis=0), np.arange(rank)])
    zero = np.zeros(rank)
    return RectangularEmbedding(
        np.ldexp(s, exponent), settled(u * signs, zero, signs=False), settled(v * signs, zero, signs=False)
    )
