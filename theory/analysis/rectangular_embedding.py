"""The truncated SVD of contexts x items itself, without counts or PPMI: vectors of the items and of the contexts.

X is approximated by U Sigma V', Sigma the f largest singular values. The rows of V Sigma are the scaling `half` of X'X, the
co-occurrence counts with their diagonal (docs/theory.md, section 1.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_choice, require_generator, require_integer, require_number
from theory.analysis.inputs import as_csr
from theory.analysis.largest_singular import largest_singular
from theory.analysis.rounding import DENSE, cut_note, near_unit_scale, numerical_rank, rounding_of, settled
from theory.analysis.scalings import Scaling, scaled
from theory.analysis.shown_spectra import plot_spectrum, spectrum_card, spectrum_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class RectangularEmbedding:
    """Singular values (f,) descending, `contexts` (m, f) left and `items` (n, f) right singular vectors.

    `residuals` (f,), ||X' u - s v|| / s, is what the solver attained. `n_cut` counts the dimensions that were asked for beyond
    the rank of the matrix.
    """

    singular_values: NDArray[Any]
    contexts: NDArray[Any]
    items: NDArray[Any]
    residuals: NDArray[Any] | None = None
    n_cut: int = 0

    @property
    def rank(self) -> int:
        """The number f of dimensions: what was asked for, or what the matrix has; 0 for a matrix without entries."""
        return len(self.singular_values)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence that says how many dimensions were cut; empty where none was."""
        return cut_note(self.rank, self.n_cut)

    def vectors(self, scaling: Scaling = "full", of: Literal["items", "contexts"] = "items") -> NDArray[Any]:
        """Return the rows of V Sigma^p (items) or U Sigma^p (contexts), p = 0, 1/2, 1."""
        basis = self.items if require_choice(of, "of", ("items", "contexts")) == "items" else self.contexts
        return scaled(self.singular_values, basis, scaling)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per dimension, from 1 on: `singular_value` and `residual` (NaN where it is unknown)."""
        return spectrum_frame(self.singular_values, self.residuals, "singular_value")

    def plot(self, axis: Any = None) -> Any:
        """Draw the singular values on a matplotlib axis, pyplot's current one for None, and return it."""
        title = f"{len(self.contexts):,} contexts and {len(self.items):,} items in {self.rank} dimensions"
        return plot_spectrum(axis, self.singular_values, title, "singular value")

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {
            "contexts": len(self.contexts),
            "items": len(self.items),
            "dimensions f": self.rank,
        }
        values, name = self.singular_values, "singular value"
        return spectrum_card(
            "Embedding of contexts and items", facts, values, self.residuals, name, self.notes
        )

    def __repr__(self) -> str:
        cut = f", {self.n_cut} more cut: rounding" if self.n_cut else ""
        return f"RectangularEmbedding({len(self.contexts)} contexts, {len(self.items)} items, f={self.rank}{cut})"


def embed_rectangular(
    interactions: Any, rank: int, *, rng: np.random.Generator | None = None, tol: float = 0.0
) -> RectangularEmbedding:
    """Return the truncated SVD of contexts x items (m, n), `rank` from 1 to min(m, n) - 1.

    Dimensions whose singular value is rounding, below max(m, n) eps times the largest or below its own residual, are cut, as in
    `embed`. `rng` draws the start vectors, and those of restarts; None takes fixed ones.

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
        v = vt.T
    else:
        start = np.random.default_rng(0) if rng is None else rng
        u, s, v = largest_singular(a, rank, start, tol=tol)
    order = np.argsort(-s, kind="stable")[:rank]
    u, s, v = u[:, order], s[order], v[:, order]
    residuals = np.linalg.norm(a.T @ u - v * s, axis=0) / np.maximum(s, np.finfo(np.float64).tiny)
    f = numerical_rank(s, residuals, rounding_of(interactions, max(a.shape), np.float64))
    u, s, v, zero = u[:, :f], s[:f], v[:, :f], np.zeros(f)
    signs = np.sign(v[np.abs(v).argmax(axis=0), np.arange(f)])
    return RectangularEmbedding(
        np.ldexp(s, exponent),
        settled(u * signs, zero, signs=False),
        settled(v * signs, zero, signs=False),
        residuals[:f],
        rank - f,
    )
