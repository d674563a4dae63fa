"""Generalised random dot product graphs: every node has a position in space, and P is an indefinite product of positions.

E[A_ij] = P_ij = x_i' I x_j for i != j, I diagonal with the signature, +1 or -1 for each dimension (Rubin-Delanchy, Cape, Tang
and Priebe 2022); with +1 alone it is the random dot product graph. Every model of independent edges whose P has low rank has this
form: a block model or mixed membership has the positions U abs(Lambda)^1/2 and the signs of Lambda as signature. Positions
are determined up to transformations Q with Q' I Q = I.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.linalg import LinearOperator

from simulate.models.block_models import BlockModel
from simulate.models.factor_models import FactorModel, operator_of_factors, spectrum_of_factors
from simulate.models.popularity_adjusted_models import PopularityAdjustedModel
from simulate.models.shown_models import plot_tails, spread_of
from simulate.notebook_tables import html_card
from simulate.validation import require_array

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DotProductModel:
    """E[A_ij] = x_i' diag(signature) x_j for i != j: positions (n, d) of any sign, signature (d,) of 1 and -1.

    The model keeps what it is given, and does not ask 0 <= P <= 1 (sampling does). Time and memory grow as n d.

    Parameters
    ----------
    positions : (n, d), a row x_i per node.
    signature : (d,) of 1 and -1; all 1 unless given, which is the random dot product graph.

    Raises
    ------
    ValueError
        for positions that are no matrix or not finite, or a signature of another length or with other numbers than 1 and -1.

    Examples
    --------
    >>> model = DotProductModel([[0.8, 0.2], [0.6, -0.2], [0.5, 0.1]], [1, -1])
    >>> round(model.probability(0, 1), 12), model.expected_degrees().round(12).tolist()
    (0.52, [0.9, 0.84, 0.7])
    """

    positions: FloatArray
    signature: FloatArray
    _at_least_zero: bool  # whether P is known to be at least 0, by the model that it was made from

    def __init__(self, positions: ArrayLike, signature: ArrayLike | None = None) -> None:
        x = require_array(positions, "positions")
        if x.ndim != 2 or not x.shape[1]:
            raise ValueError(
                f"positions must be a matrix, nodes x dimensions, of at least one; got shape {x.shape}"
            )
        signs = np.ones(x.shape[1]) if signature is None else require_array(signature, "signature")
        if signs.shape != x.shape[1:] or not np.isin(signs, (1.0, -1.0)).all():
            raise ValueError(
                f"signature must be 1 or -1 for each of {x.shape[1]} dimensions; got {np.array2string(signs, threshold=8)}"
            )
        for name, value in (("positions", x), ("signature", signs)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_at_least_zero", False)

    @property
    def at_least_zero(self) -> bool:
        """Whether no P is below 0 because `as_dot_product` made the model; False means that nobody has looked."""
        return self._at_least_zero

    @property
    def n_nodes(self) -> int:
        """The number of nodes n."""
        return len(self.positions)

    def probability(self, i: int, j: int) -> float:
        """Return P_ij = x_i' diag(signature) x_j."""
        return float((self.positions[i] * self.signature) @ self.positions[j])

    def loop_probabilities(self) -> FloatArray:
        """Return the diagonal of P (n,)."""
        return np.asarray(self.positions**2 @ self.signature)

    def expected_degrees(self, *, loops: bool = False) -> FloatArray:
        """Return the expected degrees (n,), the row sums of P, without the node's own term unless `loops`."""
        total = self.positions @ (self.signature * self.positions.sum(axis=0))
        return np.asarray(total if loops else total - self.loop_probabilities())

    def expected_edges(self) -> float:
        """Return the expected number of edges, half the sum of the expected degrees."""
        return float(self.expected_degrees().sum() / 2)

    @property
    def density(self) -> float:
        """Expected edges over pairs of different nodes."""
        return self.expected_edges() / max(self.n_nodes * (self.n_nodes - 1) / 2, 1)

    def spectrum(self) -> tuple[FloatArray, FloatArray]:
        """Return the nonzero eigenvalues (r,) of P with its diagonal, by decreasing magnitude, and its eigenvectors (n, r)."""
        return spectrum_of_factors(self.positions, np.diag(self.signature).astype(np.float64))

    def operator(self) -> LinearOperator:
        """Return P, with its diagonal, as a LinearOperator."""
        return operator_of_factors(self.positions, np.diag(self.signature).astype(np.float64))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per node: `expected_degree`, and its position as `x_0`, `x_1`, ..."""
        import pandas as pd

        columns = {"expected_degree": self.expected_degrees()}
        columns |= {f"x_{k}": column for k, column in enumerate(self.positions.T)}
        return pd.DataFrame(columns).rename_axis("node")

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the expected degrees are on a matplotlib axis, pyplot's current one for None, and return it."""
        degrees = {"nodes": self.expected_degrees()}
        return plot_tails(
            axis, degrees, repr(self), "expected degree d (edges)", "share of nodes with at least d"
        )

    def _repr_html_(self) -> str:
        plus = int((self.signature > 0).sum())
        facts = {
            "nodes n": self.n_nodes,
            "signature": f"{plus} positive, {self.signature.size - plus} negative dimensions",
            "mean expected degree": self.expected_degrees().mean() if self.n_nodes else 0.0,
            "density": self.density,
            "norms of the positions": spread_of(np.sqrt((self.positions**2).sum(axis=1))),
        }
        return html_card("Dot product model, E[A] = X I X'", facts)

    def __repr__(self) -> str:
        mean = self.expected_degrees().mean() if self.n_nodes else 0.0
        plus = int((self.signature > 0).sum())
        return (
            f"DotProductModel(n={self.n_nodes}, signature ({plus}, {self.signature.size - plus}), "
            f"mean degree {mean:.4g})"
        )


def as_dot_product(model: BlockModel | FactorModel | PopularityAdjustedModel) -> DotProductModel:
    """Return the same P as a generalised random dot product graph: positions U abs(Lambda)^1/2, signature sign(Lambda).

    These positions are what the adjacency spectral embedding (scaling `half`) of a graph estimates.

    Raises
    ------
    TypeError
        for a model of another kind.
    ValueError
        for a model without an edge, which has no position.

    Examples
    --------
    >>> as_dot_product(BlockModel([1.0, 2.0, 1.0], [0, 0, 1], [[0.1, 0.3], [0.3, 0.1]]))
    DotProductModel(n=3, signature (1, 1), mean degree 0.7333)
    """
    if not isinstance(model, BlockModel | FactorModel | PopularityAdjustedModel):
        raise TypeError(
            f"model must be a BlockModel, FactorModel or PopularityAdjustedModel; got {type(model).__name__}"
        )
    values, vectors = model.spectrum()
    if not values.size:
        raise ValueError("model must have an edge probability above 0; all are 0")
    found = DotProductModel(vectors * np.sqrt(np.abs(values)), np.sign(values))
    object.__setattr__(found, "_at_least_zero", True)
    return found
