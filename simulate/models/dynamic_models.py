"""The dynamic degree-corrected block model: nodes keep their propensities and move between blocks from snapshot to snapshot.

At each step a node keeps its label with probability 1 - move, and otherwise draws a label anew from the blocks' shares, which may
be its old one (the Markov chain of Ghasemian, Zhang, Clauset, Moore and Peel 2016). So a node has its first label after t steps
with probability (1 - move)^t + (1 - (1 - move)^t) share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.models.block_models import BlockModel
from simulate.models.shown_models import affinity_rows, spread_of
from simulate.notebook_tables import html_card
from simulate.plot_axes import axis_to_draw_on, label_axis
from simulate.validation import (
    require_array,
    require_fraction,
    require_generator,
    require_instance,
    require_integer,
)

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DynamicBlockModel:
    """A sequence of degree-corrected block models that differ in their labels alone.

    Parameters
    ----------
    propensities : (n,), theta >= 0, the same in all snapshots.
    labels : (T, n), a row of blocks 0..K-1 per snapshot, at least one row.
    affinity : (K, K), symmetric and >= 0.

    Raises
    ------
    ValueError
        for labels that are no matrix of n columns, or whatever a `BlockModel` refuses.

    Examples
    --------
    >>> model = DynamicBlockModel([1.0, 2.0], [[0, 0], [0, 1]], [[0.2, 0.1], [0.1, 0.4]])
    >>> model.at(0).probability(0, 1), model.at(1).probability(0, 1)
    (0.4, 0.2)
    """

    propensities: FloatArray
    labels: NDArray[np.int64]
    affinity: FloatArray

    def __init__(self, propensities: ArrayLike, labels: ArrayLike, affinity: ArrayLike) -> None:
        rows = np.array(labels)
        if rows.ndim != 2 or not len(rows):
            raise ValueError(
                f"labels must be a matrix, snapshots x nodes, of at least one snapshot; got shape {rows.shape}"
            )
        first = BlockModel(propensities, rows[0], affinity)
        for row in rows[1:]:
            BlockModel(first.propensities, row, first.affinity)  # refuses what is no label
        rows = rows.astype(np.int64)
        rows.setflags(write=False)
        for name, value in (
            ("propensities", first.propensities),
            ("labels", rows),
            ("affinity", first.affinity),
        ):
            object.__setattr__(self, name, value)

    @property
    def n_nodes(self) -> int:
        """The number of nodes n."""
        return int(self.propensities.size)

    @property
    def n_snapshots(self) -> int:
        """The number of snapshots T."""
        return len(self.labels)

    def at(self, snapshot: int) -> BlockModel:
        """Return the block model of one snapshot, numbered from 0."""
        require_integer(snapshot, "snapshot", most=self.n_snapshots - 1)
        return BlockModel(self.propensities, self.labels[snapshot], self.affinity)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per snapshot and node, T n rows: `snapshot`, `node`, `block`, `propensity`."""
        import pandas as pd

        snapshots, nodes = np.indices(self.labels.shape)
        return pd.DataFrame(
            {
                "snapshot": snapshots.ravel(),
                "node": nodes.ravel(),
                "block": self.labels.ravel(),
                "propensity": np.tile(self.propensities, self.n_snapshots),
            }
        )

    def plot(self, axis: Any = None) -> Any:
        """Draw the share of nodes in their first block over snapshots on a matplotlib axis (None: pyplot's); return it."""
        axis = axis_to_draw_on(axis)
        same = (self.labels == self.labels[0]).sum(axis=1) / max(self.n_nodes, 1)
        axis.plot(np.arange(self.n_snapshots), same, marker="o")
        axis.set_ylim(0, 1.05)
        return label_axis(axis, repr(self), "snapshot", "share of nodes in their first block")

    def _repr_html_(self) -> str:
        moved = (self.labels[1:] != self.labels[:-1]).mean() if self.labels[1:].size else None
        facts = {
            "snapshots T": self.n_snapshots,
            "nodes n": self.n_nodes,
            "blocks K": len(self.affinity),
            "nodes in another block than one snapshot before": None if moved is None else f"{moved:.1%}",
            "propensities": spread_of(self.propensities),
        }
        return html_card("Dynamic block model", facts, *affinity_rows(self.affinity))

    def __repr__(self) -> str:
        k = len(self.affinity)
        return f"DynamicBlockModel({self.n_snapshots} snapshots, n={self.n_nodes}, K={k})"


def moving_labels(
    model: BlockModel,
    n_snapshots: int,
    rng: np.random.Generator,
    *,
    move: float,
    shares: ArrayLike | None = None,
) -> DynamicBlockModel:
    """Let the nodes of `model` move between its blocks; the first snapshot is `model` itself.

    Parameters
    ----------
    n_snapshots : T, at least 1.
    move : probability that a node draws its label anew at a step.
    shares : (K,), probability of each block when a label is drawn; the sizes of the model's blocks over n unless given, so that
        blocks keep their expected size.

    Raises
    ------
    ValueError
        for numbers out of range, or shares that are negative, of another length, or do not sum to 1.
    TypeError
        if `model` is no BlockModel or `rng` no Generator.

    Examples
    --------
    >>> from simulate import sbm
    >>> rng = np.random.default_rng(0)
    >>> moving = moving_labels(sbm(300, 3, mean_degree=8.0, rng=rng), 5, rng, move=0.1)
    >>> moving, bool(((moving.labels[0] == moving.labels[1]).mean() > 0.8))
    (DynamicBlockModel(5 snapshots, n=300, K=3), True)
    """
    require_instance(model, "model", BlockModel)
    n_snapshots = require_integer(n_snapshots, "n_snapshots", least=1)
    require_fraction(move, "move")
    require_generator(rng)
    k, n = model.n_blocks, model.n_nodes
    if shares is None:
        p = np.bincount(model.labels, minlength=k) / max(n, 1)
    else:
        p = require_array(shares, "shares")
        if p.shape != (k,) or p.min() < 0 or abs(p.sum() - 1) > 1e-9:
            raise ValueError(f"shares must be {k} numbers of at least 0 that sum to 1; got {p.tolist()}")
        p = p / p.sum()
    labels = [model.labels]
    for _ in range(n_snapshots - 1):
        moving = np.flatnonzero(rng.random(n) < move)
        now = labels[-1].copy()
        now[moving] = rng.choice(k, moving.size, p=p)
        labels.append(now)
    return DynamicBlockModel(model.propensities, labels, model.affinity)
