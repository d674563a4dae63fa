"""Which similarity follows from the spikes of an embedding, for which question? By the theory, and not by a measurement.

Within a spike the direction is the community and the norm the popularity (docs/theory.md, section 3.1). So cosine finds items
of the same community whatever their popularity, and dot within the spike finds its popular members. Between spikes only dot
compares items, and each spike has another factor between norm and popularity. Rows of small norm have noisy directions
(section 4.2). Which similarity finds most in the data at hand, hidden pairs tell, as `spikeproof compare` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy

from simulate.validation import require_instance
from theory.analysis.degrees import estimate_degrees
from theory.analysis.embedding import Embedding
from theory.analysis.norm_dispersion import norm_dispersion
from theory.analysis.partition import LEAST, partition_by_spikes
from theory.analysis.scalings import Scaling

VARIES = 0.2  # CV of norms above which popularity is told apart; sampling alone gives about 0.1


@dataclass(frozen=True)
class Advice:
    """What follows from the spikes: use `similarity` for `question`, for the `reason` given in words."""

    question: str
    similarity: Literal["cosine", "dot", "within"]
    reason: str


def advise(embedding: Embedding, *, scaling: Scaling = "full", cosine: float = 0.9) -> tuple[Advice, ...]:
    """Return advice on three questions, for the rows of `embedding` in the scaling in which they will be used.

    Communities are the parts of `partition_by_spikes` with the cone `cosine`. Time is that of `spikiness` at coverage 1.

    Raises
    ------
    ValueError
        for an unknown scaling, a cosine outside (0, 1), an embedding without a nonzero row, or one of another operator than the
        adjacency matrix, whose norms do not follow degrees in the same way.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((30, 1))) * np.linspace(1, 9, 60)[:, None]
    >>> [advice.similarity for advice in advise(Embedding(np.ones(2), x))]
    ['cosine', 'within', 'dot']
    """
    require_instance(embedding, "embedding", Embedding)
    x = np.asarray(embedding.vectors(scaling), dtype=np.float64)
    parts = partition_by_spikes(x, cosine=cosine, least=LEAST)
    norms = np.linalg.norm(x, axis=1)
    live = norms > 0
    held = float(parts.inside[live].mean())
    small = live & (norms <= np.quantile(norms[live], 0.2))
    small_held = float(parts.inside[small].mean())
    communities = parts.n_parts if parts.resolved else 0
    where = f"{held:.0%} of the rows lie on {communities} spikes of at least {LEAST} rows"
    noisy = f"of the fifth with the smallest norms only {small_held:.0%} do, since their directions are noise"
    same = Advice(
        "items of the same community",
        "cosine",
        f"{where}, and cosine ignores popularity" + (f"; {noisy}" if small_held < held - 0.1 else ""),
    )
    on_spike = np.where(parts.inside, parts.labels, -1)
    dispersion = norm_dispersion(x, on_spike, least=LEAST)
    typical = float(np.median(dispersion)) if communities else 0.0
    words = (
        f"norms vary within a spike with a median CV of {typical:.2f}"
        if communities
        else f"no spike holds {LEAST} rows whose norms could be compared"
    )
    popular = (
        Advice(
            "popular items of the same community",
            "within",
            f"{words}, in proportion to the degree in the matrix",
        )
        if typical > VARIES
        else Advice(
            "popular items of the same community",
            "cosine",
            f"{words}: too little to rank items by popularity" if communities else words,
        )
    )
    degrees = estimate_degrees(embedding)[live]
    equal = np.ptp(norms[live]) == 0 or np.ptp(degrees) == 0
    order = 0.0 if equal else float(scipy.stats.spearmanr(norms[live], degrees).statistic)
    across = Advice(
        "items of the whole catalogue",
        "dot",
        "cosine cannot compare items of different spikes; dot can, up to a factor that differs between spikes: "
        f"norms rank the degrees with a Spearman correlation of {order:.2f}",
    )
    return same, popular, across
