"""Interaction logs whose truth is known: contexts ("playlists", "listeners", "films") that hold items, each at most once.

Items have propensities theta within blocks, phi_k(i) = theta_i / t_k on block k, with t_k the sum of theta over the block; a
context has a size s and a mixture pi over blocks (Dirichlet), and holds item i of block k independently with probability
s pi_k phi_k(i). So

    P(i) = E[s] E[pi_k] phi_k(i),    P(i, j) = E[s^2] E[pi_k pi_l] phi_k(i) phi_l(j)    for i != j,

exactly, and the PMI of two items is ln(E[s^2] E[pi_k pi_l] / (E[s]^2 E[pi_k] E[pi_l])): constant on pairs of blocks, free of
theta (docs/theory.md, section 7.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.shown_models import plot_tails, sizes_of, spread_of
from simulate.notebook_tables import html_card
from simulate.validation import require_array, require_finite, require_number

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class InteractionModel:
    """Items with propensities and blocks; contexts with a size and a mixture over blocks.

    Parameters
    ----------
    propensities, labels : (n,) of the items: theta > 0, and blocks 0..K-1, none of them empty.
    mean_length : E[s], the expected number of items in a context.
    concentration : of the Dirichlet law of mixtures; small values give contexts whose items are nearly all of one block.
    length_cv : coefficient of variation of s, which is gamma distributed; 0 makes all sizes equal.

    The mean share E[pi_k] of a block is its share of the sum of all propensities, so that P(i) is proportional to theta_i.

    Raises
    ------
    ValueError
        for lengths that differ, labels out of range, an empty block, or numbers out of range.

    Examples
    --------
    >>> model = InteractionModel([2.0, 1.0, 1.0], [0, 0, 1], mean_length=0.8, concentration=1.0)
    >>> model.item_probability().tolist()
    [0.4, 0.2, 0.2]
    """

    propensities: FloatArray
    labels: NDArray[np.int64]
    mean_length: float
    concentration: float
    length_cv: float

    def __init__(
        self,
        propensities: ArrayLike,
        labels: ArrayLike,
        *,
        mean_length: float,
        concentration: float = 0.3,
        length_cv: float = 0.5,
    ) -> None:
        theta, z = require_array(propensities, "propensities"), np.array(labels)
        if theta.ndim != 1 or theta.shape != z.shape or not theta.size:
            raise ValueError(
                f"propensities and labels must be vectors of one length; got {theta.shape} and {z.shape}"
            )
        require_finite(theta, "propensities")
        if theta.min() <= 0:
            raise ValueError(f"propensities of items must be above 0; the least seen is {theta.min():g}")
        if z.dtype.kind not in "iu" or z.min() < 0 or not np.bincount(z).all():
            raise ValueError(
                f"labels must be integers 0..K-1 with every block present; got {np.unique(z)[:9].tolist()} of type {z.dtype}"
            )
        object.__setattr__(self, "propensities", theta)
        object.__setattr__(self, "labels", z.astype(np.int64))
        object.__setattr__(self, "mean_length", require_number(mean_length, "mean_length", above=0))
        object.__setattr__(self, "concentration", require_number(concentration, "concentration", above=0))
        object.__setattr__(self, "length_cv", require_number(length_cv, "length_cv", least=0))

    @property
    def n_items(self) -> int:
        """The number of items n."""
        return int(self.propensities.size)

    @property
    def n_blocks(self) -> int:
        """The number of blocks K."""
        return int(self.labels.max()) + 1

    @property
    def shares(self) -> FloatArray:
        """E[pi] (K,): the blocks' shares of the propensities."""
        sums = np.bincount(self.labels, self.propensities)
        return np.asarray(sums / sums.sum())

    def within_block(self) -> FloatArray:
        """Return phi (n,): the propensities as distributions within each block."""
        return np.asarray(self.propensities / np.bincount(self.labels, self.propensities)[self.labels])

    def mixture_moments(self) -> FloatArray:
        """Return E[pi_k pi_l] (K, K) of the Dirichlet: (a w_k w_l + w_k [k = l]) / (a + 1), a the concentration."""
        w, a = self.shares, self.concentration
        return np.asarray((a * np.outer(w, w) + np.diag(w)) / (a + 1))

    def item_probability(self) -> FloatArray:
        """Return P(i) (n,), the share of contexts that hold item i."""
        return np.asarray(self.mean_length * self.shares[self.labels] * self.within_block())

    def pair_probability(self, i: int, j: int) -> float:
        """Return P(i, j) for i != j, the share of contexts that hold both."""
        phi = self.within_block()
        moments = self.mixture_moments()[self.labels[i], self.labels[j]]
        return float(self.mean_length**2 * (1 + self.length_cv**2) * moments * phi[i] * phi[j])

    def pmi(self) -> FloatArray:
        """Return the PMI (K, K) between items of two blocks: ln((1 + cv^2) E[pi_k pi_l] / (E[pi_k] E[pi_l]))."""
        w = self.shares
        return np.asarray(np.log((1 + self.length_cv**2) * self.mixture_moments() / np.outer(w, w)))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per item: `block`, `propensity`, and `probability`, the share of contexts that hold it."""
        import pandas as pd

        columns = {
            "block": self.labels,
            "propensity": self.propensities,
            "probability": self.item_probability(),
        }
        return pd.DataFrame(columns).rename_axis("item")

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the popularity of items is on a matplotlib axis, pyplot's current one for None, and return it."""
        shares = {"items": self.item_probability()}
        return plot_tails(
            axis,
            shares,
            repr(self),
            "share p of contexts that hold an item",
            "share of items with at least p",
        )

    def _repr_html_(self) -> str:
        facts = {
            "items": self.n_items,
            "blocks K": self.n_blocks,
            "items per block": sizes_of(self.labels, self.n_blocks),
            "propensities": spread_of(self.propensities),
            "mean length of a context": self.mean_length,
            "CV of lengths": self.length_cv,
            "concentration of mixtures": self.concentration,
            "expected pairs within a block": f"{np.trace(self.mixture_moments()):.1%}",
        }
        return html_card("Interaction model", facts)

    def __repr__(self) -> str:
        return (
            f"InteractionModel({self.n_items:,} items, K={self.n_blocks}, mean length {self.mean_length:g})"
        )
