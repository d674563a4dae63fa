"""Do norms tell popularity within communities? How they vary there, how they follow popularity, and what is asked of both."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

import theory
from experiments.judging.criterion import Criterion
from experiments.judging.estimand import Estimand

THRESHOLD = 0.3  # of the CV
FOLLOW = Criterion(
    Estimand("spearman", "rank correlation of norm and popularity within communities"),
    ">=",
    0.6,
    asks="norms and popularity have a rank correlation of at least {threshold} within communities",
    origin="a rank correlation that most readers would call strong",
    failure="norms do not follow popularity",
)
VARY = Criterion(
    Estimand("varies", "CV of norms within communities"),
    ">=",
    THRESHOLD,
    asks="norms have a CV of at least {threshold} within communities",
    origin="about a third of the mean, which a plot of spikes shows",
    failure="norms hardly vary",
)


def norms_in_communities(
    found: theory.Analysed, theta: NDArray[Any], labels: NDArray[Any]
) -> dict[str, float]:
    """Return the variation of norms within communities, `varies`, and their rank correlation with popularity, `spearman`.

    Both are means over communities of at least three rows that are not zero.
    """
    norms = np.linalg.norm(found.embedding.vectors("full"), axis=1)
    z, popularity = labels[found.items], theta[found.items]
    parts = [part for block in np.unique(labels) if (part := (z == block) & (norms > 0)).sum() > 2]
    return {
        "varies": float(np.mean([norms[part].std() / norms[part].mean() for part in parts])),
        "spearman": float(
            np.mean([scipy.stats.spearmanr(norms[part], popularity[part]).statistic for part in parts])
        ),
    }
