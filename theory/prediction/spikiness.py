"""How many peaks will a sample need, and so which Spk will it show? Counted on rows drawn from predicted laws.

Up to the visible directions rows follow the resummed law (`theory.prediction.surrogate_rows`; docs/theory.md, section 4.5).
Beyond them each noise dimension adds a coordinate (`theory.prediction.noise_energy`; section 6.2). Both are drawn on one fresh
graph, whose rows then need as many peaks as `theory.spikiness` finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulate.validation import require_choice, require_generator, require_integers
from theory.analysis.scalings import SCALINGS, Scaling
from theory.analysis.spikes import spikiness
from theory.prediction.collinear_share import TRUSTED_RATIO
from theory.prediction.noise_energy import noise_rows_on
from theory.prediction.surrogate_rows import fresh_graph, rows_on

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


@dataclass(frozen=True)
class PredictedSpikiness:
    """`peaks[i]` and `values[i]` = peaks / n at `ranks[i]`; `trusted[i]`, and `caveat` on the ranks that are not."""

    ranks: tuple[int, ...]
    peaks: tuple[int, ...]
    values: tuple[float, ...]
    trusted: tuple[bool, ...]
    n_visible: int
    caveat: str


def spikiness_of(
    sample: PredictedSample,
    ranks: Sequence[int],
    rng: np.random.Generator,
    *,
    scaling: Scaling = "full",
    cosine: float = 0.9,
    coverage: float = 0.5,
) -> PredictedSpikiness:
    """Return the predicted number of peaks at each rank, from the model alone.

    Trusted (within one peak for coverages up to 0.8) up to the visible directions, while the weakest kept one is
    1.1 edges away. Beyond, the number of peaks was within a factor of 3.5 of samples on four models at n = 3,000 and mean
    degree 15 to 40, within 1.5 on the two of degree 30; the largest errors are at a few to twenty noise dimensions.

    Parameters
    ----------
    ranks : the ranks f, each from 1 to n.
    cosine, coverage : c and rho of Spk, both in (0, 1]; c below 1.

    Raises
    ------
    ValueError
        for no rank, a rank below 1 or above n, or an unknown scaling.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(600, 3, mean_degree=60, rng=np.random.default_rng(0))
    >>> PredictedSample(model, "poisson").spikiness([3], np.random.default_rng(1)).peaks
    (2,)
    """
    require_generator(rng)
    require_choice(scaling, "scaling", SCALINGS)
    chosen = require_integers(ranks, "ranks", least=1, most=sample.model.n_nodes)
    found = sample.outliers
    graph = fresh_graph(sample, rng)
    rows = rows_on(graph, found, rng, scaling)
    if (extra := max(chosen) - rows.shape[1]) > 0:
        rows = np.hstack([rows, noise_rows_on(graph, sample, extra, rng, scaling)])
    spikes = [spikiness(rows[:, :rank], cosine=cosine, coverage=coverage) for rank in chosen]
    lam = np.abs(sample.model.block_spectrum()[0])
    trusted = tuple(
        rank <= found.n_visible and lam[rank - 1] >= TRUSTED_RATIO * found.edge for rank in chosen
    )
    beyond = [rank for rank, fine in zip(chosen, trusted) if not fine]
    caveat = (
        f"ranks {beyond} keep directions below or near the edge of the noise ({found.n_visible} are visible)"
        if beyond
        else ""
    )
    return PredictedSpikiness(
        tuple(chosen),
        tuple(s.n_peaks for s in spikes),
        tuple(s.value for s in spikes),
        trusted,
        found.n_visible,
        caveat,
    )
