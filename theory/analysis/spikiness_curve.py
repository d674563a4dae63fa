"""How does Spk depend on the rank f? One search for each rank, on the first f dimensions scaled afresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulate.notebook_tables import html_card
from simulate.plain_text import per_cent
from simulate.plot_axes import axis_to_draw_on, label_axis, whole_ticks
from simulate.validation import require_instance, require_integers
from theory.analysis.embedding import Embedding
from theory.analysis.scalings import Scaling
from theory.analysis.spikes import Spikes, spikiness

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SpikinessCurve:
    """Spk at each rank: `ranks`, `n_peaks` and `values` (m,), and the `spikes` behind them.

    `notes` says where the matrix ends, if more dimensions were asked for.
    """

    ranks: NDArray[np.int64]
    spikes: tuple[Spikes, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_peaks(self) -> NDArray[np.int64]:
        """(m,) peaks at each rank."""
        return np.array([found.n_peaks for found in self.spikes], dtype=np.int64)

    @property
    def values(self) -> NDArray[np.float64]:
        """(m,) Spk at each rank."""
        return np.array([found.value for found in self.spikes])

    def to_frame(self) -> pd.DataFrame:
        """Return one row per rank.

        `f` is the rank, `spk` a share of the rows, `n_peaks` the number of peaks, `n_singletons` the spikes of one row, `covered`
        the rows in spikes, `n_rows` the rows with a direction.
        """
        import pandas as pd

        columns = {"f": self.ranks, "spk": self.values, "n_peaks": self.n_peaks}
        columns["n_singletons"] = np.array([found.n_singletons for found in self.spikes], dtype=np.int64)
        columns["covered"] = np.array([found.covered[-1] for found in self.spikes], dtype=np.int64)
        columns["n_rows"] = np.array([found.n_rows for found in self.spikes], dtype=np.int64)
        return pd.DataFrame(columns)

    def plot(self, axis: Any = None) -> Any:
        """Draw Spk over the rank on a matplotlib axis, pyplot's current one for None, and return it."""
        axis = axis_to_draw_on(axis)
        axis.plot(self.ranks, 100 * self.values, marker="o")
        axis.set_ylim(bottom=0)
        whole_ticks(axis.xaxis)
        return label_axis(axis, self._said(), "rank f (dimensions)", "Spk (peaks in % of the rows)")

    def _said(self) -> str:
        first, last = (
            f"{found.n_peaks:,} peak{'s' * (found.n_peaks != 1)} at f = {rank}"
            for rank, found in ((self.ranks[k], self.spikes[k]) for k in (0, -1))
        )
        return first if len(self.ranks) == 1 else f"{first}, {last}"

    def _repr_html_(self) -> str:
        frame = zip(
            self.ranks, self.n_peaks, map(per_cent, self.values), (s.n_singletons for s in self.spikes)
        )
        headings = ("f", "peaks", "Spk", "spikes of one row")
        facts = {"rows with a direction": self.spikes[-1].n_rows}
        return html_card("Spk at each rank f", facts, headings, list(frame), notes=self.notes)

    def __repr__(self) -> str:
        return f"SpikinessCurve({self._said()})"


def spikiness_curve(
    embedding: Embedding,
    ranks: Sequence[int] | None = None,
    scaling: Scaling = "full",
    *,
    cosine: float = 0.9,
    coverage: float = 0.5,
) -> SpikinessCurve:
    """Return Spk(f) of an embedding for several ranks f, in time and memory of one `spikiness` for each.

    Parameters
    ----------
    ranks : each at least 1 and at most the rank that `embed` was asked for; None takes 2, 3, 4, 6, 8, 12, 16, ... and the rank
        itself. Where the matrix ends before, ranks beyond its own are left out (its own is taken if none remains).
    scaling, cosine, coverage : as in `Embedding.vectors` and `spikiness`.

    Raises
    ------
    ValueError
        for a rank out of range, an empty list, an embedding without dimensions, or what `spikiness` refuses.

    Examples
    --------
    >>> rows = np.kron(np.eye(3), np.ones((1, 4)))
    >>> curve = spikiness_curve(Embedding(np.array([4.0, 4.0, 4.0]), rows.T / 2), [1, 2, 3], coverage=1.0)
    >>> curve.n_peaks.tolist()
    [1, 2, 3]
    """
    require_instance(embedding, "embedding", Embedding)
    if not embedding.rank:
        raise ValueError(
            "embedding must have at least one dimension; its matrix holds nothing beyond rounding"
        )
    if ranks is None:
        chosen = list(default_ranks(embedding.rank))
    else:
        chosen = require_integers(ranks, "ranks", least=1, most=embedding.rank + embedding.n_cut)
        chosen = ranks_within(chosen, embedding.rank)
    found = tuple(
        spikiness(embedding.vectors(scaling, rank), cosine=cosine, coverage=coverage) for rank in chosen
    )
    return SpikinessCurve(np.array(chosen, dtype=np.int64), found, embedding.notes)


def ranks_within(ranks: Sequence[int], rank: int) -> list[int]:
    """Return the ranks that a matrix of this rank has, or its own rank where it has none of them.

    >>> ranks_within([2, 4, 8], 5), ranks_within([8, 16], 5)
    ([2, 4], [5])
    """
    return [one for one in ranks if one <= rank] or [rank]


def default_ranks(rank: int) -> list[int]:
    """Return 2, 3, 4, 6, 8, 12, 16, ... up to `rank`, and `rank` itself.

    >>> default_ranks(20)
    [2, 3, 4, 6, 8, 12, 16, 20]
    """
    powers = [value for k in range(1, 40) for value in (2**k, 3 * 2 ** (k - 1))]
    return sorted({value for value in powers if value < rank} | {rank})
