"""The bipartite degree-corrected block model: contexts and items, both with blocks and propensities.

E[X_ui] = a_u b_i B_{y_u z_i}, with a and y the propensities and blocks of the contexts, b and z those of the items. Let psi and
chi be the Euclidean norms of the propensities of each block of contexts and of items, and diag(psi) B diag(chi) = G S H'. The
nonzero singular triples of E[X] are then S, U_u = (a_u / psi_y) G_y and V_i = (b_i / chi_z) H_z: the closed form of the
symmetric model (Lei and Rinaldo 2015), applied to each side. So the items lie on at most K rays. No array here has the shape
contexts x items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.block_models import RANK_TOLERANCE
from simulate.models.edge_probabilities import WorstPair, clipped_mass, most_popular_of_each_block
from simulate.models.shown_models import MOST_SOLVED, affinity_rows, plot_tails, sizes_of, spread_of
from simulate.notebook_tables import html_card
from simulate.validation import require_array, require_blocks, require_finite

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a bipartite model: propensities (n,) >= 0 and labels (n,) in 0..K-1."""

    propensities: FloatArray
    labels: NDArray[np.int64]
    n_blocks: int

    @property
    def size(self) -> int:
        """The number of nodes of this side."""
        return int(self.propensities.size)

    def block_sums(self, power: float = 1.0) -> FloatArray:
        """Return the sum of propensities^power over each block, (K,)."""
        return np.bincount(self.labels, self.propensities**power, minlength=self.n_blocks).astype(np.float64)

    def __repr__(self) -> str:
        return f"Side({self.size:,} nodes in {self.n_blocks} blocks)"


@dataclass(frozen=True, eq=False)
class BipartiteModel:
    """Contexts a (m,), y (m,) and items b (n,), z (n,), joined by an affinity B (L, K) >= 0.

    The model keeps what it is given: it neither rescales nor reorders, and does not ask P <= 1 (sampling does).

    Raises
    ------
    ValueError
        for lengths that differ, a label without a block, or numbers that are negative or not finite.

    Examples
    --------
    >>> model = BipartiteModel([1.0, 2.0], [0, 0], [1.0, 1.0, 3.0], [0, 1, 1], [[0.1, 0.2]])
    >>> model
    BipartiteModel(2 contexts in 1 block, 3 items in 2 blocks, 2.7 expected interactions)
    >>> model.expected_item_degrees().round(12).tolist()
    [0.3, 0.6, 1.8]
    """

    contexts: Side
    items: Side
    affinity: FloatArray

    def __init__(
        self,
        context_propensities: ArrayLike,
        context_labels: ArrayLike,
        item_propensities: ArrayLike,
        item_labels: ArrayLike,
        affinity: ArrayLike,
    ) -> None:
        b = require_array(affinity, "affinity")
        if b.ndim != 2 or not b.size:
            raise ValueError(f"affinity must be a matrix, context blocks x item blocks; got shape {b.shape}")
        require_finite(b, "affinity")
        if b.min() < 0:
            raise ValueError(f"affinity must be at least 0; the least seen is {b.min():g}")
        b.setflags(write=False)
        object.__setattr__(
            self, "contexts", side_of("context", context_propensities, context_labels, b.shape[0])
        )
        object.__setattr__(self, "items", side_of("item", item_propensities, item_labels, b.shape[1]))
        object.__setattr__(self, "affinity", b)

    @property
    def shape(self) -> tuple[int, int]:
        """Contexts and items."""
        return self.contexts.size, self.items.size

    def expected_context_degrees(self) -> FloatArray:
        """Return (m,) the expected number of interactions of each context: a_u (B s)_y, s the items' block sums."""
        return np.asarray(
            self.contexts.propensities * (self.affinity @ self.items.block_sums())[self.contexts.labels]
        )

    def expected_item_degrees(self) -> FloatArray:
        """Return (n,) the expected number of interactions of each item."""
        return np.asarray(
            self.items.propensities * (self.contexts.block_sums() @ self.affinity)[self.items.labels]
        )

    def expected_edges(self) -> float:
        """Return the expected number of interactions."""
        return float(self.contexts.block_sums() @ self.affinity @ self.items.block_sums())

    @property
    def density(self) -> float:
        """Expected interactions over pairs of a context and an item."""
        return self.expected_edges() / max(self.contexts.size * self.items.size, 1)

    def probability(self, context: int, item: int) -> float:
        """Return P = a_u b_i B_{y_u z_i}."""
        a, b = self.contexts, self.items
        return float(
            a.propensities[context] * b.propensities[item] * self.affinity[a.labels[context], b.labels[item]]
        )

    def spectrum(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the nonzero singular values (r,) of E[X], its left (m, r) and right (n, r) singular vectors."""
        psi, chi = np.sqrt(self.contexts.block_sums(2)), np.sqrt(self.items.block_sums(2))
        g, s, ht = np.linalg.svd(psi[:, None] * self.affinity * chi, full_matrices=False)
        kept = s > RANK_TOLERANCE * s.max(initial=0.0)
        return s[kept], _lift(self.contexts, psi, g[:, kept]), _lift(self.items, chi, ht[kept].T)

    def largest_probability(self) -> WorstPair:
        """Return the context and the item with the largest P, and it, in O(m + n + L K)."""
        rows = most_popular_of_each_block(
            self.contexts.propensities, self.contexts.labels, self.affinity.shape[0]
        )
        columns = most_popular_of_each_block(
            self.items.propensities, self.items.labels, self.affinity.shape[1]
        )
        worst = WorstPair(-1, -1, 0.0)
        for u in rows[rows >= 0]:
            for i in columns[columns >= 0]:
                if (p := self.probability(int(u), int(i))) > worst.probability:
                    worst = WorstPair(int(u), int(i), p)
        return worst

    def clipped_mass(self) -> float:
        """Return the expected interactions lost when P is cut at 1: the sum of max(0, P - 1)."""
        a, b = self.contexts, self.items
        return clipped_mass(a.propensities, a.labels, b.propensities, b.labels, self.affinity)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per context, then one per item.

        `side` is "context" or "item", `node` the number on that side; `block`, `propensity` and `expected_degree` are the node's.
        """
        import pandas as pd

        degrees = {"context": self.expected_context_degrees(), "item": self.expected_item_degrees()}
        parts = []
        for (side, expected), nodes in zip(degrees.items(), (self.contexts, self.items)):
            columns = {"side": side, "node": np.arange(nodes.size), "block": nodes.labels}
            columns |= {"propensity": nodes.propensities, "expected_degree": expected}
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the expected degrees of each side are on a matplotlib axis (None: pyplot's current one); return it."""
        degrees = {"contexts": self.expected_context_degrees(), "items": self.expected_item_degrees()}
        title = f"BipartiteModel({self.shape[0]} contexts, {self.shape[1]} items)"
        return plot_tails(
            axis, degrees, title, "expected degree d (interactions)", "share of a side with at least d"
        )

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {}
        for name, side in (("contexts", self.contexts), ("items", self.items)):
            facts[name] = side.size
            facts[f"blocks of {name}"] = side.n_blocks
            facts[f"{name} per block"] = sizes_of(side.labels, side.n_blocks)
            facts[f"propensities of {name}"] = spread_of(side.propensities)
        facts["expected interactions"] = self.expected_edges()
        facts["density"] = self.density
        if max(self.affinity.shape) <= MOST_SOLVED:
            facts["largest probability"] = self.largest_probability().probability
        rows = affinity_rows(self.affinity, "contexts", "items")
        return html_card("Bipartite block model", facts, *rows)

    def __repr__(self) -> str:
        sides = [
            f"{size} {name} in {blocks} block{'s' * (blocks != 1)}"
            for size, name, blocks in zip(self.shape, ("contexts", "items"), self.affinity.shape)
        ]
        return f"BipartiteModel({', '.join(sides)}, {self.expected_edges():.4g} expected interactions)"


def side_of(name: str, propensities: ArrayLike, labels: ArrayLike, n_blocks: int) -> Side:
    """Return one side of a model; an error names `{name}_propensities` or `{name}_labels`."""
    theta, z = require_array(propensities, f"{name}_propensities"), np.array(labels)
    if theta.ndim != 1 or theta.shape != z.shape:
        raise ValueError(
            f"{name}_propensities and {name}_labels must be vectors of one length; got shapes {theta.shape} and {z.shape}"
        )
    require_finite(theta, f"{name}_propensities")
    if theta.size and theta.min() < 0:
        raise ValueError(f"{name}_propensities must be at least 0; the least seen is {theta.min():g}")
    z = require_blocks(z, f"{name}_labels", n_blocks)
    for value in (theta, z):
        value.setflags(write=False)
    return Side(theta, z, n_blocks)


def _lift(side: Side, norms: FloatArray, blocks: FloatArray) -> FloatArray:
    unit = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return np.asarray((side.propensities * unit[side.labels])[:, None] * blocks[side.labels])
