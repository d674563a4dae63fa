"""Spk: the least number of peaks, in order of decreasing norm, whose cones hold more than a share of the vectors.

The authors' rule in float64: v = vectors, norm = sqrt((v * v).sum(1)), stable order of decreasing norm (ties by row
index), u = v / norm; a row joins a peak's spike when (u_i * u_j).sum() > cosine; stop once covered > coverage * n, with n the
rows of non-zero norm (coverage = 1: once all are covered). `theory.analysis.peak_search` and `cones` say how it is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.notebook_tables import html_card
from simulate.plain_text import per_cent
from simulate.plot_axes import axis_to_draw_on, drawn_places, label_axis, plain_ticks, whole_ticks
from simulate.validation import require_integer, require_number
from theory.analysis.cones import Directions
from theory.analysis.peak_search import PeakSearch
from theory.analysis.peaks_of_file import IN_MEMORY, search_peaks

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10  # spikes in a notebook's table


@dataclass(frozen=True, eq=False)
class Spikes:
    """The spikes of a matrix of n rows.

    `peaks` (p,), row indices in the order in which they were taken; `covered` (p,), rows covered after each, itself
    included; `membership` (n,), the number of the spike that a row joined, -1 for uncovered rows and rows of zero norm;
    `n_zero`, how many of those there are; `norms` (p,), the norm of each peak.
    """

    peaks: NDArray[np.int64]
    covered: NDArray[np.int64]
    membership: NDArray[np.int64]
    n_zero: int
    norms: NDArray[np.float64]

    @property
    def n_peaks(self) -> int:
        """The number of peaks."""
        return int(self.peaks.size)

    @property
    def value(self) -> float:
        """Peaks over non-zero rows."""
        return self.n_peaks / self.n_rows

    @property
    def n_rows(self) -> int:
        """The number of rows with a direction, those of non-zero norm."""
        return int(self.membership.size) - self.n_zero

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(p,) rows that joined each spike, its peak included."""
        return np.diff(self.covered, prepend=0)

    @property
    def n_singletons(self) -> int:
        """Spikes that hold nothing but their peak."""
        return int((self.sizes == 1).sum())

    def to_frame(self) -> pd.DataFrame:
        """Return one row per spike, in the order of the peaks.

        `peak` is the row at its peak, `norm` the norm of that row, `size` the rows that joined it, `covered` the rows that this
        spike and those before it hold, `covered_share` the same over all rows with a direction.
        """
        import pandas as pd

        columns = {"peak": self.peaks, "norm": self.norms, "size": self.sizes, "covered": self.covered}
        return pd.DataFrame({**columns, "covered_share": self.covered / self.n_rows}).rename_axis("spike")

    def plot(self, axis: Any = None) -> Any:
        """Draw how many rows the first peaks hold on a matplotlib axis, pyplot's current one for None, and return it."""
        axis = axis_to_draw_on(axis)
        places, few = drawn_places(self.n_peaks), self.n_peaks <= 30
        held = 100 * self.covered[places] / self.n_rows
        axis.step(places + 1, held, where="post", marker="." if few else "")
        if few:
            whole_ticks(axis.xaxis)
        else:
            axis.set_xscale("log")
            plain_ticks(axis.xaxis, *axis.get_xlim())
        axis.set_ylim(bottom=0)
        return label_axis(
            axis,
            self._said(),
            "peaks taken, by decreasing norm",
            "rows in their spikes (% of all with a direction)",
        )

    def _said(self) -> str:
        peaks = f"{self.n_peaks:,} peak{'s' * (self.n_peaks != 1)}"
        return f"{peaks} hold {int(self.covered[-1]):,} of {self.n_rows:,} rows: Spk {per_cent(self.value)}"

    def _repr_html_(self) -> str:
        sizes = self.sizes
        facts = {
            "Spk": per_cent(self.value),
            "peaks": self.n_peaks,
            "rows with a direction": self.n_rows,
            "rows in spikes": int(self.covered[-1]),
            "spikes of one row": self.n_singletons,
            "rows of norm 0": self.n_zero or None,
        }
        first = slice(SHOWN)
        rows = list(
            zip(range(SHOWN), self.peaks[first], self.norms[first], sizes[first], self.covered[first])
        )
        headings = ("spike", "row at its peak", "norm", "rows", "rows so far")
        return html_card("Spikes", facts, headings, rows, n_rows=self.n_peaks)

    def __repr__(self) -> str:
        return f"Spikes({self._said()})"


def spikiness(
    vectors: ArrayLike, *, cosine: float = 0.9, coverage: float = 0.5, in_memory: int = IN_MEMORY
) -> Spikes:
    """Return the spikes of `vectors`: peaks in order of decreasing norm until their cones hold enough rows.

    Parameters
    ----------
    vectors : (n, f) rows, finite; those of norm exactly 0 have no direction and are left out of n.
    cosine : c in (0, 1); a row joins the spike of a peak when their cosine is above c.
    coverage : rho in (0, 1]; the search stops once more than rho n rows are covered, or all of them.
    in_memory : bytes, at least 0. A mapped file (`numpy.load(path, mmap_mode="r")`) whose float32 copy would need more is read
        again and again in blocks instead, with the same result; other arrays are in memory anyway.

    Returns
    -------
    Spikes, with Spk = `value` = peaks over non-zero rows. Peaks, order and stopping point are those of a double loop in
    float64 on every input. Time is of order f x (rows not yet covered) a peak; memory is one float32 copy of the vectors, or for
    a file beyond `in_memory` some 40 bytes a row.

    Raises
    ------
    ValueError
        for a cosine or coverage out of range, anything but a matrix with rows and columns, NaN or infinity, or no row of
        non-zero norm.

    References
    ----------
    Afchar, Hennequin, Guigue, "Of Spiky SVDs and Music Recommendation", RecSys 2023 (arXiv 2307.01212), and its code.

    Examples
    --------
    >>> found = spikiness([[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.0, 0.0]], coverage=1.0)
    >>> found.peaks.tolist(), found.covered.tolist(), found.membership.tolist(), found.n_zero
    ([0, 1], [2, 3], [0, 1, 0, -1], 1)
    """
    require_number(cosine, "cosine", above=0, below=1)
    require_number(coverage, "coverage", above=0, most=1)
    require_integer(in_memory, "in_memory", least=0)
    search = PeakSearch.of(Directions.of(vectors), cosine)
    search_peaks(search, coverage, in_memory=in_memory)
    return spikes_of_search(search)


def spikes_of_search(search: PeakSearch) -> Spikes:
    """Return the spikes with rows numbered as in the caller's matrix instead of by norm."""
    directions = search.directions
    full = np.full(len(directions.given), -1, dtype=np.int64)
    full[directions.order] = search.membership
    n_zero = len(full) - directions.order.size
    peaks = directions.order[search.peaks]
    return Spikes(peaks, np.array(search.covered, dtype=np.int64), full, n_zero, directions.norm[peaks])
