"""Models in the factor form E[A] = X S X': nodes that belong to several communities, with equal or unequal weight.

Rows of X are memberships scaled by propensities; S is a symmetric affinity between communities. A block model is the case
of one nonzero entry per row of X (Rohe et al. 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.linalg import LinearOperator

from simulate.models.block_models import RANK_TOLERANCE, BlockModel
from simulate.models.shown_models import affinity_rows, plot_tails
from simulate.notebook_tables import html_card
from simulate.validation import (
    require_array,
    require_finite,
    require_fraction,
    require_generator,
    require_instance,
    require_number,
)

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FactorModel:
    """E[A_ij] = x_i' S x_j for i != j, with X (n, r) >= 0 and S (r, r) symmetric >= 0.

    Raises
    ------
    ValueError
        for shapes that do not match, negative or non-finite entries, or an S that is not symmetric.

    Examples
    --------
    >>> model = FactorModel([[1.0, 0.0], [0.5, 0.5]], [[0.4, 0.0], [0.0, 0.2]])
    >>> model.probability(0, 1), model.expected_degrees().round(12).tolist()
    (0.2, [0.2, 0.2])
    """

    factors: FloatArray
    affinity: FloatArray

    def __init__(self, factors: ArrayLike, affinity: ArrayLike) -> None:
        x, s = require_array(factors, "factors"), require_array(affinity, "affinity")
        if x.ndim != 2 or s.shape != (x.shape[1],) * 2:
            raise ValueError(
                f"factors (n, r) and affinity (r, r) must match; got shapes {x.shape} and {s.shape}"
            )
        for name, value in (("factors", x), ("affinity", s)):
            require_finite(value, name)
            if value.size and value.min() < 0:
                raise ValueError(f"{name} must be at least 0; the least seen is {value.min():g}")
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        if not np.array_equal(s, s.T):
            raise ValueError(
                f"affinity must be symmetric; it differs from its transpose by {np.abs(s - s.T).max():g}"
            )

    @property
    def n_nodes(self) -> int:
        """The number of nodes n."""
        return len(self.factors)

    def probability(self, i: int, j: int) -> float:
        """Return x_i' S x_j."""
        return float(self.factors[i] @ self.affinity @ self.factors[j])

    def expected_degrees(self, *, loops: bool = False) -> FloatArray:
        """Return X S X' 1 (n,), without the node's own term unless `loops`."""
        image = self.factors @ self.affinity
        total = image @ self.factors.sum(axis=0)
        return np.asarray(total if loops else total - (image * self.factors).sum(axis=1))

    def expected_edges(self) -> float:
        """Return half the sum of the expected degrees."""
        return float(self.expected_degrees().sum() / 2)

    def spectrum(self) -> tuple[FloatArray, FloatArray]:
        """Return the nonzero eigenvalues (r,) of X S X' by decreasing magnitude and its eigenvectors (n, r)."""
        return spectrum_of_factors(self.factors, self.affinity)

    def operator(self) -> LinearOperator:
        """Return X S X', with its diagonal, as a LinearOperator."""
        return operator_of_factors(self.factors, self.affinity)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per node: `expected_degree`, and its row of X as `factor_0`, `factor_1`, ..."""
        import pandas as pd

        columns = {"expected_degree": self.expected_degrees()}
        columns |= {f"factor_{k}": column for k, column in enumerate(self.factors.T)}
        return pd.DataFrame(columns).rename_axis("node")

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the expected degrees are on a matplotlib axis, pyplot's current one for None, and return it."""
        degrees = {"nodes": self.expected_degrees()}
        return plot_tails(
            axis, degrees, repr(self), "expected degree d (edges)", "share of nodes with at least d"
        )

    def _repr_html_(self) -> str:
        facts = {
            "nodes n": self.n_nodes,
            "communities r": len(self.affinity),
            "nodes in several communities": int((np.count_nonzero(self.factors, axis=1) > 1).sum()),
            "mean expected degree": self.expected_degrees().mean() if self.n_nodes else 0.0,
            "expected edges": self.expected_edges(),
        }
        return html_card("Factor model, E[A] = X S X'", facts, *affinity_rows(self.affinity, "community"))

    def __repr__(self) -> str:
        mean = self.expected_degrees().mean() if self.n_nodes else 0.0
        return f"FactorModel(n={self.n_nodes}, r={len(self.affinity)}, mean degree {mean:.4g})"


def mixed_membership(
    model: BlockModel, fraction: float, rng: np.random.Generator, *, concentration: float = 1.0
) -> tuple[FactorModel, FloatArray]:
    """Mix this share of every membership at random: row i is theta_i ((1 - fraction) e_c + fraction Dirichlet(a)).

    Returns the model and the memberships (n, K), rows summing to 1. `fraction` 0 is the block model itself, 1 leaves no
    pure node.

    Examples
    --------
    >>> from simulate import sbm
    >>> rng = np.random.default_rng(0)
    >>> mixed, memberships = mixed_membership(sbm(9, 3, mean_degree=2, rng=rng), 0.5, rng)
    >>> mixed.n_nodes, bool((memberships.max(axis=1) >= 0.5).all())
    (9, True)
    """
    require_instance(model, "model", BlockModel)
    require_fraction(fraction, "fraction")
    require_number(concentration, "concentration", above=0)
    draws = require_generator(rng).dirichlet(np.full(model.n_blocks, concentration), model.n_nodes)
    memberships = (1 - fraction) * np.eye(model.n_blocks)[model.labels] + fraction * draws
    return FactorModel(model.propensities[:, None] * memberships, model.affinity), memberships


def overlapping_membership(
    model: BlockModel, share: float, rng: np.random.Generator
) -> tuple[FactorModel, NDArray[np.bool_]]:
    """Let this share of the nodes belong to a second block too, with full weight in both; return which blocks each has.

    Examples
    --------
    >>> from simulate import sbm
    >>> rng = np.random.default_rng(0)
    >>> _, member = overlapping_membership(sbm(8, 2, mean_degree=2, rng=rng), 0.25, rng)
    >>> int(member.sum())
    10
    """
    require_instance(model, "model", BlockModel)
    require_fraction(share, "share")
    require_generator(rng)
    if model.n_blocks < 2:
        raise ValueError("overlapping membership needs at least two blocks; the model has one")
    member = np.eye(model.n_blocks, dtype=np.bool_)[model.labels]
    chosen = rng.choice(model.n_nodes, round(share * model.n_nodes), replace=False)
    second = (model.labels[chosen] + rng.integers(1, model.n_blocks, chosen.size)) % model.n_blocks
    member[chosen, second] = True
    return FactorModel(model.propensities[:, None] * member, model.affinity), member


def spectrum_of_factors(x: FloatArray, s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the nonzero eigenvalues of X S X', X (n, r) and S (r, r), by decreasing magnitude, and its eigenvectors.

    With X = Q R, those of R S R', lifted by Q: never n x n.
    """
    q, r = np.linalg.qr(x)
    values, vectors = np.linalg.eigh(r @ s @ r.T)
    order = np.argsort(-np.abs(values), kind="stable")
    kept = order[np.abs(values[order]) > RANK_TOLERANCE * np.abs(values).max(initial=0.0)]
    return values[kept], q @ vectors[:, kept]


def operator_of_factors(x: FloatArray, s: FloatArray) -> LinearOperator:
    """Return X S X' as a LinearOperator."""

    def times(v: FloatArray) -> FloatArray:
        return np.asarray(x @ (s @ (x.T @ v)))

    return LinearOperator((len(x),) * 2, matvec=times, matmat=times, dtype=np.float64)
