"""The popularity-adjusted block model: every node has a popularity of its own in each block.

E[A_ij] = P_ij = lambda_i(z_j) lambda_j(z_i) for i != j (Sengupta and Chen 2018), lambda_i(l) being the popularity of node i
among the nodes of block l. In a degree-corrected block model a node that is popular with one block is so with all:
lambda_i(l) = theta_i sqrt(B_{z_i l}). Within a pair of blocks P has rank one. With row i of X, which has K^2 columns, holding
lambda_i(l) in column (z_i, l), and S exchanging the columns (k, l) and (l, k), P = X S X': the factor form (Koo, Tang and
Trosset 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.edge_probabilities import WorstPair, clipped_mass, most_popular_of_each_block
from simulate.models.factor_models import FactorModel
from simulate.models.shown_models import MOST_SOLVED, plot_tails, sizes_of, spread_of
from simulate.notebook_tables import html_card
from simulate.popularity import Heterogeneity
from simulate.validation import (
    require_array,
    require_blocks,
    require_generator,
    require_instance,
    require_integer,
    require_labels,
    require_number,
)

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PopularityAdjustedModel:
    """E[A_ij] = lambda_i(z_j) lambda_j(z_i): popularities lambda (n, K) >= 0, labels z (n,) in 0..K-1.

    The model keeps what it is given, and does not ask P <= 1 (sampling does). Time and memory of all methods grow as n K,
    those of `factor_model` and `spectrum` as n K^2.

    Raises
    ------
    ValueError
        for lengths that differ, a label without a column of popularities, or popularities that are negative or not finite.

    Examples
    --------
    >>> model = PopularityAdjustedModel([[0.5, 0.1], [0.4, 0.2], [0.3, 0.6]], [0, 0, 1])
    >>> round(model.probability(0, 1), 12), round(model.probability(0, 2), 12)
    (0.2, 0.03)
    >>> model.expected_degrees().round(12).tolist()
    [0.23, 0.26, 0.09]
    """

    popularities: FloatArray
    labels: NDArray[np.int64]

    def __init__(self, popularities: ArrayLike, labels: ArrayLike) -> None:
        own = require_array(popularities, "popularities")
        if own.ndim != 2 or not own.shape[1]:
            raise ValueError(
                f"popularities must be a matrix, nodes x blocks, of at least one block; got shape {own.shape}"
            )
        if own.size and own.min() < 0:
            raise ValueError(f"popularities must be at least 0; the least seen is {own.min():g}")
        z = require_labels(labels, "labels", len(own))
        z = require_blocks(z, "labels", own.shape[1], of="popularities")
        for name, value in (("popularities", own), ("labels", z)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)

    @property
    def n_nodes(self) -> int:
        """The number of nodes n."""
        return len(self.popularities)

    @property
    def n_blocks(self) -> int:
        """The number of blocks K, empty ones included."""
        return int(self.popularities.shape[1])

    def probability(self, i: int, j: int) -> float:
        """Return P_ij = lambda_i(z_j) lambda_j(z_i)."""
        return float(self.popularities[i, self.labels[j]] * self.popularities[j, self.labels[i]])

    def loop_probabilities(self) -> FloatArray:
        """Return the diagonal of P (n,): lambda_i(z_i)^2."""
        return np.asarray(self.popularities[np.arange(self.n_nodes), self.labels] ** 2)

    def expected_degrees(self, *, loops: bool = False) -> FloatArray:
        """Return (n,) d_i = sum over l of lambda_i(l) T_l(z_i), T_l(k) the sum of lambda_j(k) over block l."""
        sums = np.zeros((self.n_blocks,) * 2)
        np.add.at(sums, self.labels, self.popularities)
        total = np.einsum("il,li->i", self.popularities, sums[:, self.labels])
        return np.asarray(total if loops else total - self.loop_probabilities())

    def expected_edges(self) -> float:
        """Return the expected number of edges, half the sum of the expected degrees."""
        return float(self.expected_degrees().sum() / 2)

    @property
    def density(self) -> float:
        """Expected edges over pairs of different nodes."""
        return self.expected_edges() / max(self.n_nodes * (self.n_nodes - 1) / 2, 1)

    def faces(self) -> tuple[FloatArray, NDArray[np.int64], NDArray[np.int64]]:
        """Return the model as a block model of n K faces: propensities (n K,), labels (n K,), partner of each label (K^2,).

        Face (i, l) is node i as block l sees it: its propensity is lambda_i(l), its label z_i K + l. Faces of the labels
        k K + l and l K + k are joined with the affinity 1, and no others; each pair of nodes has one such pair of faces.
        """
        k = self.n_blocks
        labels = (self.labels[:, None] * k + np.arange(k)).ravel()
        return self.popularities.ravel(), labels, np.arange(k * k).reshape(k, k).T.ravel()

    def largest_probability(self) -> WorstPair:
        """Return the pair of different nodes with the largest P, and it."""
        theta, labels, partner = self.faces()
        theta, k = theta.copy(), self.n_blocks
        first = most_popular_of_each_block(theta, labels, partner.size)
        theta[first[first >= 0]] = -1.0
        second = most_popular_of_each_block(theta, labels, partner.size)
        worst = WorstPair(-1, -1, 0.0)
        for label, other in enumerate(partner.tolist()):
            one, two = int(first[label]), int((second if label == other else first)[other])
            if min(one, two) >= 0 and (p := self.probability(one // k, two // k)) > worst.probability:
                worst = WorstPair(one // k, two // k, p)
        return worst

    def clipped_mass(self) -> float:
        """Return the expected edges lost when P is cut at 1: the sum over pairs i < j of max(0, P_ij - 1)."""
        own, k = self.popularities, self.n_blocks
        members = [np.flatnonzero(self.labels == block) for block in range(k)]
        one, both = np.ones((1, 1)), 0.0
        for block, other in np.ndindex(k, k):
            rows, columns = own[members[block], other], own[members[other], block]
            if rows.max(initial=0.0) * columns.max(initial=0.0) > 1:
                both += clipped_mass(
                    rows, np.zeros(rows.size, int), columns, np.zeros(columns.size, int), one
                )
        loops = self.loop_probabilities()
        return (both - float((loops[loops > 1] - 1).sum())) / 2

    def factor_model(self) -> FactorModel:
        """Return the same P as X S X', X (n, K^2): its `spectrum` and `operator` are those of this model."""
        k = self.n_blocks
        x = np.zeros((self.n_nodes, k, k))
        x[np.arange(self.n_nodes), self.labels] = self.popularities
        return FactorModel(x.reshape(self.n_nodes, k * k), np.eye(k * k)[self.faces()[2]])

    def spectrum(self) -> tuple[FloatArray, FloatArray]:
        """Return the nonzero eigenvalues (r,), r <= K^2, of P with its diagonal, and its eigenvectors (n, r)."""
        return self.factor_model().spectrum()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per node: `block`, `expected_degree`, and its `popularity_0`, `popularity_1`, ... with each block."""
        import pandas as pd

        columns = {"block": self.labels, "expected_degree": self.expected_degrees()}
        columns |= {f"popularity_{k}": column for k, column in enumerate(self.popularities.T)}
        return pd.DataFrame(columns).rename_axis("node")

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the expected degrees are on a matplotlib axis, pyplot's current one for None, and return it."""
        degrees = {"nodes": self.expected_degrees()}
        return plot_tails(
            axis, degrees, repr(self), "expected degree d (edges)", "share of nodes with at least d"
        )

    def _repr_html_(self) -> str:
        few = self.n_blocks <= MOST_SOLVED
        facts = {
            "nodes n": self.n_nodes,
            "blocks K": self.n_blocks,
            "nodes per block": sizes_of(self.labels, self.n_blocks),
            "mean expected degree": self.expected_degrees().mean() if self.n_nodes else 0.0,
            "density": self.density,
            "popularities": spread_of(self.popularities.ravel()),
            "largest edge probability": self.largest_probability().probability if few else None,
        }
        return html_card("Popularity-adjusted block model", facts)

    def __repr__(self) -> str:
        mean = self.expected_degrees().mean() if self.n_nodes else 0.0
        return f"PopularityAdjustedModel(n={self.n_nodes}, K={self.n_blocks}, mean degree {mean:.4g})"


def pabm(
    n: int,
    n_blocks: int,
    *,
    heterogeneity: Heterogeneity,
    mean_degree: float,
    mixing: float = 0.1,
    rng: np.random.Generator,
) -> PopularityAdjustedModel:
    """Return a popularity-adjusted block model whose nodes are popular with each block independently; labels are shuffled.

    lambda_i(l) = c t_i(l) sqrt(B_{z_i l}): each t_i(l) is one draw of the law, B is 1 within a block and `mixing` between two.

    Parameters
    ----------
    n, n_blocks : the numbers of nodes and of blocks, which are as equal in size as possible.
    heterogeneity : law of the popularities.
    mean_degree : mean of the expected degrees, which sets c.
    mixing : affinity between blocks over that within.

    Raises
    ------
    ValueError
        for numbers out of range.
    TypeError
        if `rng` is no Generator or `heterogeneity` no law.

    Examples
    --------
    >>> from simulate import LogNormal
    >>> pabm(90, 3, heterogeneity=LogNormal(0.5), mean_degree=8.0, rng=np.random.default_rng(0))
    PopularityAdjustedModel(n=90, K=3, mean degree 8)
    """
    require_instance(heterogeneity, "heterogeneity", Heterogeneity)
    n = require_integer(n, "n", least=2)
    n_blocks = require_integer(n_blocks, "n_blocks", least=1, most=n)
    target = require_number(mean_degree, "mean_degree", above=0)
    require_number(mixing, "mixing", least=0)
    require_generator(rng)
    labels = rng.permutation(np.arange(n) % n_blocks)
    draws = heterogeneity.sample(n * n_blocks, rng).reshape(n, n_blocks)
    shape = np.where(labels[:, None] == np.arange(n_blocks), 1.0, np.sqrt(mixing))
    mean = PopularityAdjustedModel(draws * shape, labels).expected_degrees().mean()
    if mean <= 0:
        raise ValueError("the model has no pair of nodes to connect, so no mean degree can be reached")
    return PopularityAdjustedModel(draws * shape * np.sqrt(target / mean), labels)
