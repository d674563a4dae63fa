"""The directed degree-corrected block model: every node sends and receives, with a propensity and a block for each.

E[A_ij] = P_ij = a_i b_j B_{y_i z_j} for i != j, with a and y the propensities and blocks of nodes as senders, b and z as
receivers, and B (L, K), which need not be symmetric (the stochastic co-block model of Rohe, Qin and Yu 2016). It is the
bipartite model in which contexts and items are the same nodes: with X the senders' side, Y the receivers', P = X B Y'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.bipartite_models import BipartiteModel, Side, side_of
from simulate.models.edge_probabilities import WorstPair, most_popular_of_each_block
from simulate.models.shown_models import MOST_SOLVED, affinity_rows, plot_tails, sizes_of, spread_of
from simulate.notebook_tables import html_card
from simulate.validation import (
    require_array,
    require_finite,
)

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DirectedBlockModel:
    """Senders a (n,), y (n,) and receivers b (n,), z (n,) of one node set, joined by an affinity B (L, K) >= 0.

    The model keeps what it is given, and does not ask P <= 1 (sampling does). `sides` is the same P as a bipartite model of
    n contexts, the senders, and n items, the receivers; its diagonal counts there.

    Raises
    ------
    ValueError
        for lengths that differ, a label without a block, or numbers that are negative or not finite.

    Examples
    --------
    >>> model = DirectedBlockModel([1.0, 2.0, 1.0], [0, 0, 1], [1.0, 1.0, 3.0], [0, 1, 1], [[0.1, 0.2], [0.0, 0.1]])
    >>> round(model.probability(1, 2), 12), round(model.probability(2, 1), 12)
    (1.2, 0.1)
    >>> model.expected_out_degrees().round(12).tolist(), model.expected_in_degrees().round(12).tolist()
    ([0.8, 1.4, 0.1], [0.2, 0.3, 1.8])
    """

    sides: BipartiteModel

    def __init__(
        self,
        out_propensities: ArrayLike,
        out_labels: ArrayLike,
        in_propensities: ArrayLike,
        in_labels: ArrayLike,
        affinity: ArrayLike,
    ) -> None:
        b = require_array(affinity, "affinity")
        if b.ndim != 2 or not b.size:
            raise ValueError(f"affinity must be a matrix, out blocks x in blocks; got shape {b.shape}")
        require_finite(b, "affinity")
        senders = side_of("out", out_propensities, out_labels, b.shape[0])
        receivers = side_of("in", in_propensities, in_labels, b.shape[1])
        if senders.size != receivers.size:
            raise ValueError(
                f"out_propensities and in_propensities must be of the same nodes; got {senders.size} and {receivers.size}"
            )
        both = BipartiteModel(
            senders.propensities, senders.labels, receivers.propensities, receivers.labels, b
        )
        object.__setattr__(self, "sides", both)

    @property
    def n_nodes(self) -> int:
        """The number of nodes n."""
        return self.sides.contexts.size

    @property
    def outgoing(self) -> Side:
        """Propensities (n,) and labels (n,) of the nodes as senders, the rows of A."""
        return self.sides.contexts

    @property
    def incoming(self) -> Side:
        """Propensities (n,) and labels (n,) of the nodes as receivers, the columns of A."""
        return self.sides.items

    @property
    def affinity(self) -> FloatArray:
        """B (L, K), from the block of the sender (row) to that of the receiver (column)."""
        return self.sides.affinity

    def probability(self, i: int, j: int) -> float:
        """Return P_ij = a_i b_j B_{y_i z_j}, of an edge from i to j."""
        return self.sides.probability(i, j)

    def loop_probabilities(self) -> FloatArray:
        """Return the diagonal of P (n,)."""
        a, b = self.outgoing, self.incoming
        return np.asarray(a.propensities * b.propensities * self.affinity[a.labels, b.labels])

    def expected_out_degrees(self, *, loops: bool = False) -> FloatArray:
        """Return the expected row sums of A (n,), without the node's own term unless `loops`."""
        total = self.sides.expected_context_degrees()
        return total if loops else total - self.loop_probabilities()

    def expected_in_degrees(self, *, loops: bool = False) -> FloatArray:
        """Return the expected column sums of A (n,), without the node's own term unless `loops`."""
        total = self.sides.expected_item_degrees()
        return total if loops else total - self.loop_probabilities()

    def expected_edges(self, *, loops: bool = False) -> float:
        """Return the expected number of directed edges."""
        return float(self.expected_out_degrees(loops=loops).sum())

    @property
    def density(self) -> float:
        """Expected edges over ordered pairs of different nodes."""
        return self.expected_edges() / max(self.n_nodes * (self.n_nodes - 1), 1)

    def spectrum(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the nonzero singular values (r,) of P with its diagonal, its left (n, r) and right (n, r) singular vectors."""
        return self.sides.spectrum()

    def largest_probability(self, *, loops: bool = False) -> WorstPair:
        """Return the sender and the receiver with the largest P, and it; two different nodes unless `loops`."""
        if loops:
            return self.sides.largest_probability()
        # where the most popular two are one node, a second takes its place
        a, b = self.outgoing, self.incoming
        rows, columns = _two_of_each_block(a), _two_of_each_block(b)
        p = np.outer(a.propensities[rows], b.propensities[columns])
        p *= self.affinity[np.ix_(a.labels[rows], b.labels[columns])]
        p[rows[:, None] == columns] = 0.0
        if not p.any():
            return WorstPair(-1, -1, 0.0)
        row, column = np.unravel_index(int(np.argmax(p)), p.shape)
        return WorstPair(int(rows[row]), int(columns[column]), float(p[row, column]))

    def clipped_mass(self, *, loops: bool = False) -> float:
        """Return the expected edges lost when P is cut at 1: the sum of max(0, P - 1)."""
        own = self.loop_probabilities()
        return self.sides.clipped_mass() - (0.0 if loops else float((own[own > 1] - 1).sum()))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per node: `out_block`, `out_propensity`, `expected_out_degree`, and the same with `in`."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for way, side, degrees in (
            ("out", self.outgoing, self.expected_out_degrees()),
            ("in", self.incoming, self.expected_in_degrees()),
        ):
            columns |= {f"{way}_block": side.labels, f"{way}_propensity": side.propensities}
            columns[f"expected_{way}_degree"] = degrees
        return pd.DataFrame(columns).rename_axis("node")

    def plot(self, axis: Any = None) -> Any:
        """Draw how unequal the expected degrees are on a matplotlib axis, pyplot's current one for None, and return it."""
        degrees = {"out": self.expected_out_degrees(), "in": self.expected_in_degrees()}
        return plot_tails(
            axis, degrees, repr(self), "expected degree d (edges)", "share of nodes with at least d"
        )

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {"nodes n": self.n_nodes}
        for name, side in (("senders", self.outgoing), ("receivers", self.incoming)):
            facts[f"blocks of {name}"] = side.n_blocks
            facts[f"{name} per block"] = sizes_of(side.labels, side.n_blocks)
            facts[f"propensities of {name}"] = spread_of(side.propensities)
        facts["mean expected out-degree"] = self.expected_out_degrees().mean() if self.n_nodes else 0.0
        facts["density"] = self.density
        if max(self.affinity.shape) <= MOST_SOLVED:
            facts["largest edge probability"] = self.largest_probability().probability
        rows = affinity_rows(self.affinity, "senders", "receivers")
        return html_card("Directed block model", facts, *rows)

    def __repr__(self) -> str:
        mean = self.expected_out_degrees().mean() if self.n_nodes else 0.0
        blocks = " x ".join(map(str, self.affinity.shape))
        return f"DirectedBlockModel(n={self.n_nodes}, blocks {blocks}, mean out-degree {mean:.4g})"


def _two_of_each_block(side: Side) -> NDArray[np.int64]:
    """The nodes with the largest and the second largest propensity of each block."""
    theta = side.propensities.copy()
    first = most_popular_of_each_block(theta, side.labels, side.n_blocks)
    theta[first[first >= 0]] = -1.0
    found = np.concatenate([first, most_popular_of_each_block(theta, side.labels, side.n_blocks)])
    return found[found >= 0]
