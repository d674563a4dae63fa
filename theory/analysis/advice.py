"""Which similarity, for which question, and how sure: read from the spikes of an embedding.

Within a spike the direction is the community and the norm the popularity (docs/theory.md, section 3.1): cosine finds the
same community whatever the popularity, dot within the spike its popular members. Across spikes only dot compares, and
norms of different spikes differ by a factor of their own. Quiet rows have noisy directions (section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from simulate.validation import require_instance
from theory.analysis.degrees import estimate_degrees
from theory.analysis.embedding import Embedding
from theory.analysis.norm_dispersion import norm_dispersion
from theory.analysis.scalings import Scaling
from theory.analysis.spikes import spikiness

LEAST = 10  # rows of a spike that count as a community
VARIES = 0.2  # CV of norms above which popularity is told apart; sampling alone gives about 0.1


@dataclass(frozen=True)
class Advice:
    """Use `similarity` for `question`; `reason` with its numbers; `confidence` in [0, 1]: the share of rows that
    it holds for, or for "dot" how well norms rank degrees."""

    question: str
    similarity: Literal["cosine", "dot", "within"]
    reason: str
    confidence: float


def advise(embedding: Embedding, *, scaling: Scaling = "full", cosine: float = 0.9) -> tuple[Advice, ...]:
    """Return advice on three questions for the rows of `embedding` in the scaling in which they will be used.

    Raises
    ------
    ValueError
        for an unknown scaling, a cosine outside (0, 1), or an embedding without a nonzero row.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((30, 1))) * np.linspace(1, 9, 60)[:, None]
    >>> [advice.similarity for advice in advise(Embedding(np.ones(2), x))]
    ['cosine', 'within', 'dot']
    """
    require_instance(embedding, "embedding", Embedding)
    x = np.asarray(embedding.vectors(scaling), dtype=np.float64)
    spikes = spikiness(x, cosine=cosine, coverage=1.0)
    norms = np.linalg.norm(x, axis=1)
    live = norms > 0
    sizes = np.bincount(spikes.membership[live], minlength=spikes.n_peaks)
    communities = np.flatnonzero(sizes >= LEAST)
    on = np.isin(spikes.membership, communities)
    held = float(on[live].mean())
    quiet = live & (norms <= np.quantile(norms[live], 0.2))
    quiet_held = float(on[quiet].mean())
    where = f"{held:.0%} of the rows lie on {len(communities)} spikes of at least {LEAST}"
    noisy = f"of the quietest fifth only {quiet_held:.0%} do: their directions are noise"
    same = Advice(
        "items of the same community",
        "cosine",
        f"{where}, and cosine ignores popularity" + (f"; {noisy}" if quiet_held < held - 0.1 else ""),
        held,
    )
    dispersion = norm_dispersion(x, spikes.membership, least=LEAST)
    known = dispersion[communities]
    typical = float(np.median(known)) if known.size else 0.0
    told = float(np.isin(spikes.membership[live], communities[known > VARIES]).mean())
    words = (
        f"norms vary within a spike with a median CV of {typical:.2f}"
        if known.size
        else f"no spike holds {LEAST} rows, whose norms could be compared"
    )
    popular = (
        Advice(
            "popular items of the same community",
            "within",
            f"{words}, in proportion to the degree in the matrix",
            told,
        )
        if typical > VARIES
        else Advice(
            "popular items of the same community",
            "cosine",
            f"{words}: too little popularity to rank by" if known.size else words,
            held - told,
        )
    )
    degrees = estimate_degrees(embedding)[live]
    equal = np.ptp(norms[live]) == 0 or np.ptp(degrees) == 0
    order = 0.0 if equal else float(stats.spearmanr(norms[live], degrees).statistic)
    across = Advice(
        "items of the whole catalogue",
        "dot",
        "cosine cannot compare across spikes; dot can, up to a factor of each spike's own: "
        f"norms rank the degrees with a Spearman correlation of {order:.2f}",
        max(order, 0.0),
    )
    return same, popular, across
