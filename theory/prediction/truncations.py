"""The rank that each of four rules chooses for one matrix, side by side.

Three rules read the matrix alone (`theory.analysis.truncation`); the fourth counts the directions that a known or fitted
block model shows above the noise (`theory.prediction.outliers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate import LAWS, BlockModel, Law
from simulate.validation import require_choice, require_instance, require_integers
from theory.analysis.embedding import embed
from theory.analysis.scalings import Scaling
from theory.analysis.spikes import spikiness
from theory.analysis.truncation import parallel_analysis, spikiness_knee, zhu_ghodsi_elbows
from theory.prediction.sample import PredictedSample


@dataclass(frozen=True)
class Truncations:
    """The rank by each rule; `visible` is None without a model; `peaks[i]` belongs to `ranks[i]`."""

    knee: int
    visible: int | None
    elbows: tuple[int, ...]
    parallel: int
    ranks: tuple[int, ...]
    peaks: tuple[int, ...]


def compare_truncations(
    matrix: Any,
    ranks: Sequence[int],
    rng: np.random.Generator,
    *,
    model: BlockModel | None = None,
    law: Law = "bernoulli",
    scaling: Scaling = "unit",
    n_elbows: int = 2,
) -> Truncations:
    """Return the rank that each rule chooses for `matrix`; `model`, known or fitted, adds the visibility count.

    The knee is sharpest in scaling `unit`: U Sigma shrinks noise dimensions and hides it.
    """
    ranks = require_integers(ranks, "ranks", least=1)
    require_choice(law, "law", LAWS)
    if model is not None:
        require_instance(model, "model", BlockModel)
    embedding = embed(matrix, max(ranks))
    peaks = [spikiness(embedding.vectors(scaling, rank)).n_peaks for rank in ranks]
    return Truncations(
        knee=spikiness_knee(ranks, peaks),
        visible=None if model is None else PredictedSample(model, law).n_visible,
        elbows=tuple(zhu_ghodsi_elbows(embedding.eigenvalues, n_elbows)),
        parallel=parallel_analysis(matrix, max(ranks), rng)[0],
        ranks=tuple(ranks),
        peaks=tuple(peaks),
    )
