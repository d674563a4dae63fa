"""Stochastic block models, with and without degree correction.

E[A_ij] = P_ij = theta_i theta_j B_{z_i z_j} for i != j. With Psi = diag(psi), psi_k the Euclidean norm of the
propensities of block k, and Psi B Psi = H Lambda H', the nonzero eigenpairs of P (with its diagonal) are Lambda and
U_i = (theta_i / psi_{z_i}) H_{z_i} (Lei and Rinaldo 2015; Qin and Rohe 2013). No array here has the shape n x n.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.edge_probabilities import WorstPair, clipped_mass, most_popular_of_each_block
from simulate.models.shown_models import MOST_SOLVED, affinity_rows, plot_tails, sizes_of, spread_of
from simulate.notebook_tables import html_card
from simulate.popularity import Realised, realised
from simulate.validation import require_array, require_blocks, require_finite

if TYPE_CHECKING:
    import pandas as pd

RANK_TOLERANCE = 1e-12  # eigenvalues of Psi B Psi below this share of the largest are rounding


@dataclass(frozen=True, eq=False)
class BlockModel:
    """A DCBM: propensities (n,) >= 0, labels (n,) in 0..K-1, affinity (K, K) symmetric and >= 0.

    The model keeps what it is given: it neither rescales nor reorders, and does not ask P <= 1 (sampling does).

    Raises
    ------
    ValueError
        for lengths that differ, a label without a block, or an affinity that is not symmetric, finite, >= 0.

    Examples
    --------
    >>> model = BlockModel([1.0, 2.0, 1.0], [0, 0, 1], [[0.2, 0.1], [0.1, 0.4]])
    >>> model.probability(0, 1), round(model.expected_edges(), 12)
    (0.4, 0.7)
    """

    propensities: NDArray[np.float64]
    labels: NDArray[np.int64]
    affinity: NDArray[np.float64]

    def __init__(self, propensities: ArrayLike, labels: ArrayLike, affinity: ArrayLike) -> None:
        theta = require_array(propensities, "propensities")
        z = np.array(labels)
        b = require_array(affinity, "affinity")
        _require_model(theta, z, b)
        z = require_blocks(z, "labels", len(b))
        b = (b + b.T) / 2  # what rounding left of a product such as D B D; exact where B is symmetric
        for name, value in (("propensities", theta), ("labels", z), ("affinity", b)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)

    @property
    def n_nodes(self) -> int:
        """The number of nodes n."""
        return int(self.propensities.size)

    @property
    def n_blocks(self) -> int:
        """The number of blocks K, empty ones included."""
        return int(self.affinity.shape[0])

    def block_sums(self, power: float = 1.0) -> NDArray[np.float64]:
        """Return sum of theta^power over each block, (K,)."""
        return np.bincount(self.labels, self.propensities**power, minlength=self.n_blocks).astype(np.float64)

    def expected_degrees(self, *, loops: bool = False) -> NDArray[np.float64]:
        """Return the expected degrees (n,): d_i = theta_i (B t)_{z_i}, without the node's own term unless `loops`."""
        theta = self.propensities
        degrees = theta * (self.affinity @ self.block_sums())[self.labels]
        return degrees if loops else degrees - theta**2 * np.diag(self.affinity)[self.labels]

    def expected_edges(self) -> float:
        """Return the expected number of edges, half the sum of the expected degrees."""
        return float(self.expected_degrees().sum() / 2)

    @property
    def density(self) -> float:
        """Expected edges over pairs of different nodes."""
        return self.expected_edges() / max(self.n_nodes * (self.n_nodes - 1) / 2, 1)

    @cached_property
    def heterogeneity(self) -> Realised:
        """The realised CV, Gini coefficient and R = m1 m3 / m2^2 of the propensities."""
        return realised(self.propensities)

    def probability(self, i: int, j: int) -> float:
        """Return P_ij = theta_i theta_j B_{z_i z_j}."""
        return float(
            self.propensities[i] * self.propensities[j] * self.affinity[self.labels[i], self.labels[j]]
        )

    def block_spectrum(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the nonzero eigenvalues (r,) of Psi B Psi, by decreasing magnitude, and its eigenvectors H (K, r).

        Psi is diagonal with psi_k, the Euclidean norm of the propensities of block k; of a pair of equal magnitudes the
        positive one comes first. These K x K objects are all that the population quantities need.
        """
        return eigenpairs_of_blocks(np.sqrt(self.block_sums(2)), self.affinity)

    def spectrum(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the nonzero eigenvalues (r,) of P with its diagonal, and its eigenvectors (n, r), in closed form.

        U_i = (theta_i / psi_c) H_c; by decreasing magnitude, r the numerical rank of Psi B Psi.
        """
        eigenvalues, h = self.block_spectrum()
        psi = np.sqrt(self.block_sums(2))
        unit = np.divide(1.0, psi, out=np.zeros_like(psi), where=psi > 0)
        return eigenvalues, (self.propensities * unit[self.labels])[:, None] * h[self.labels]

    def largest_probability(self) -> WorstPair:
        """Return the pair of different nodes with the largest P, in O(n + K^2)."""
        theta, k = self.propensities.copy(), self.n_blocks
        first = most_popular_of_each_block(theta, self.labels, k)
        theta[first[first >= 0]] = -1.0
        second = most_popular_of_each_block(theta, self.labels, k)
        worst = WorstPair(-1, -1, 0.0)
        for one in range(k):
            for other in range(one, k):
                i, j = int(first[one]), int((second if one == other else first)[other])
                if i >= 0 and j >= 0 and self.probability(i, j) > worst.probability:
                    worst = WorstPair(i, j, self.probability(i, j))
        return worst

    def loop_probabilities(self) -> NDArray[np.float64]:
        """Return the diagonal of P (n,): theta_i^2 B_cc."""
        return np.asarray(self.propensities**2 * np.diag(self.affinity)[self.labels])

    def clipped_mass(self) -> float:
        """Return the expected edges lost when P is cut at 1: the sum over pairs i < j of max(0, P_ij - 1)."""
        theta, z = self.propensities, self.labels
        own = self.loop_probabilities()
        both = clipped_mass(theta, z, theta, z, self.affinity)
        return (both - float((own[own > 1] - 1).sum())) / 2

    def normalised(self) -> BlockModel:
        """Return the same P with sum theta = n_k in every block: the scale that theta and B leave open.

        >>> BlockModel([1.0, 3.0, 5.0], [0, 0, 1], [[0.1, 0.02], [0.02, 0.04]]).normalised().propensities.tolist()
        [0.5, 1.5, 1.0]
        """
        size, sums = np.bincount(self.labels, minlength=self.n_blocks), self.block_sums()
        scale = np.divide(sums, size, out=np.ones_like(sums), where=sums > 0)
        return BlockModel(
            self.propensities / scale[self.labels], self.labels, np.outer(scale, scale) * self.affinity
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per node, in the caller's order: `block`, `propensity` and `expected_degree`."""
        import pandas as pd

        columns = {
            "block": self.labels,
            "propensity": self.propensities,
            "expected_degree": self.expected_degrees(),
        }
        return pd.DataFrame(columns).rename_axis("node")

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the expected degrees are on a matplotlib axis, pyplot's current one for None, and return it."""
        degrees = {"nodes": self.expected_degrees()}
        return plot_tails(
            axis, degrees, repr(self), "expected degree d (edges)", "share of nodes with at least d"
        )

    def _repr_html_(self) -> str:
        few = 0 < self.n_blocks <= MOST_SOLVED
        worst = self.largest_probability().probability if few else None
        facts = {
            "nodes n": self.n_nodes,
            "blocks K": self.n_blocks,
            "nodes per block": sizes_of(self.labels, self.n_blocks),
            "mean expected degree": self.expected_degrees().mean() if self.n_nodes else 0.0,
            "density": self.density,
            "propensities": spread_of(self.propensities),
            "eigenvalues of P": ", ".join(f"{value:.4g}" for value in self.block_spectrum()[0][:8])
            if few
            else None,
            "largest edge probability": worst,
            "expected edges lost by clipping at 1": self.clipped_mass()
            if worst is not None and worst > 1
            else None,
        }
        return html_card("Block model", facts, *affinity_rows(self.affinity))

    def __repr__(self) -> str:
        return (
            f"BlockModel(n={self.n_nodes}, K={self.n_blocks}, mean degree "
            f"{self.expected_degrees().mean() if self.n_nodes else 0:.4g})"
        )


def eigenpairs_of_blocks(
    psi: NDArray[np.float64], affinity: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what `BlockModel.block_spectrum` does, from psi (K,) and a symmetric affinity (K, K) of any sign."""
    eigenvalues, h = np.linalg.eigh(psi[:, None] * affinity * psi)
    magnitudes = np.abs(eigenvalues)
    scale = magnitudes.max(initial=0.0)
    # twelve digits: a pair that differs by rounding alone is a tie
    rounded = np.round(magnitudes / scale, 12) if scale > 0 else magnitudes
    order = np.lexsort((-eigenvalues, -rounded))
    kept = order[rounded[order] > RANK_TOLERANCE]
    return eigenvalues[kept], h[:, kept]


def _require_model(theta: NDArray[Any], labels: NDArray[Any], affinity: NDArray[Any]) -> None:
    if theta.ndim != 1 or labels.ndim != 1 or theta.size != labels.size:
        raise ValueError(
            f"propensities and labels must be vectors of one length; got shapes {theta.shape} and {labels.shape}"
        )
    if affinity.ndim != 2 or affinity.shape[0] != affinity.shape[1]:
        raise ValueError(f"affinity must be a square matrix; got shape {affinity.shape}")
    for name, value in (("propensities", theta), ("affinity", affinity)):
        require_finite(value, name)
        if value.size and value.min() < 0:
            raise ValueError(f"{name} must be at least 0; the least seen is {value.min():g}")
    if np.abs(affinity - affinity.T).max(initial=0.0) > 1e-12 * affinity.max(initial=0.0):
        raise ValueError(
            f"affinity must be symmetric; it differs from its transpose by {np.abs(affinity - affinity.T).max():g}"
        )
