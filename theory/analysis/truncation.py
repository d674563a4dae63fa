"""Choosing the rank f: four rules on one graph, side by side.

The knee: the last rank before the number of peaks leaves the straight line of its small ranks (in a block model peaks
grow as f + 1 while f counts communities, then noise breaks the rays; docs/theory.md, section 6.1). The visibility count:
outliers predicted from a fitted or known block model. Zhu and Ghodsi's (2006) elbows of the magnitudes, by graspologic.
Parallel analysis: eigenvalues beyond the largest noise magnitude of a null without blocks, by default graphs of the same degrees.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulate import BlockModel, exchange, sample_graph
from simulate.validation import (
    require_choice,
    require_generator,
    require_instance,
    require_integer,
    require_integers,
    require_number,
)
from theory.analysis.embedding import Scaling, embed
from theory.analysis.inputs import as_symmetric
from theory.analysis.spikes import spikiness
from theory.prediction.outliers import outliers
from theory.prediction.variances import LAWS, Law


def spikiness_knee(ranks: Sequence[int], peaks: Sequence[int], *, slack: float = 1.5) -> int:
    """Return the last rank before the peaks first exceed `slack` (rank + 1), the line of noise-free block models.

    Raises
    ------
    ValueError
        for ranks that do not increase, or peaks that do not match them.

    Examples
    --------
    >>> spikiness_knee([2, 4, 8, 16], [3, 5, 9, 120])
    8
    """
    require_number(slack, "slack", least=1)
    ranks = require_integers(ranks, "ranks", least=1)
    peaks = require_integers(peaks, "peaks", least=0)
    if len(ranks) != len(peaks):
        raise ValueError(
            f"ranks and peaks must have one length of at least 1; got {len(ranks)} and {len(peaks)}"
        )
    if any(b <= a for a, b in itertools.pairwise(ranks)):
        raise ValueError(f"ranks must increase; got {list(ranks)}")
    chosen = ranks[0]
    for rank, count in zip(ranks, peaks, strict=True):
        if count > slack * (rank + 1):
            break
        chosen = rank
    return int(chosen)


def parallel_analysis(
    matrix: Any,
    rank: int,
    rng: np.random.Generator,
    *,
    null: Callable[[np.random.Generator], Any] | None = None,
    replicates: int = 3,
) -> tuple[int, float]:
    """Return how many of the `rank` largest magnitudes pass the null's second, and that threshold.

    `null(rng)` draws a matrix without blocks: for PPMI that of permuted interactions. Without it the null has Poisson edges
    of mean d_i d_j / sum d, the degrees of `matrix`, which suits graphs and no other matrices. A null's first eigenvalue is
    its mean's own and is kept as signal, its second is noise. The largest over `replicates` is the threshold, so noise alone
    passes it with probability about 1 / (replicates + 1): with few replicates the count is often one too high.

    Raises
    ------
    ValueError
        for a matrix of fewer than 3 rows or whose row sums are negative or all 0, or a null that draws no such matrix.
    """
    require_generator(rng)
    replicates = require_integer(replicates, "replicates", least=1)
    a = as_symmetric(matrix)
    if a.shape[0] < 3:
        raise ValueError(
            f"matrix must have at least 3 rows, so that a null has a second eigenvalue; it has {a.shape[0]}"
        )
    draw = _of_same_degrees(a) if null is None else null
    threshold = max(float(np.abs(embed(draw(rng), 2).eigenvalues[1])) for _ in range(replicates))
    return int((np.abs(embed(a, rank).eigenvalues) > threshold).sum()), threshold


def _of_same_degrees(a: Any) -> Callable[[np.random.Generator], Any]:
    degrees = np.asarray(a.sum(axis=1), dtype=np.float64)
    if degrees.size == 0 or degrees.min() < 0 or degrees.sum() <= 0:
        raise ValueError("matrix must have non-negative row sums, not all of them 0")
    null = BlockModel(degrees, np.zeros(len(degrees), dtype=int), [[1.0 / degrees.sum()]])
    return lambda rng: sample_graph(null, rng, law="poisson")


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
        visible=None if model is None else outliers(model, law).n_visible,
        elbows=tuple(exchange.zhu_ghodsi_elbows(embedding.eigenvalues, n_elbows)),
        parallel=parallel_analysis(matrix, max(ranks), rng)[0],
        ranks=tuple(ranks),
        peaks=tuple(peaks),
    )
