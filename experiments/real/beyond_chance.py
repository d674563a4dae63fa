"""Does anything distinguish a matrix from random ones of its degrees, and is it spikier than they are?

A matrix has *structure* beyond chance if two things come together. More than one dimension passes parallel analysis (the first
belongs to the mean). And its second eigenvalue lies above those of the draws of its null by more than they vary: with m and s the
mean and standard deviation of |lambda_2| of R draws,

    |lambda_2| > m + t s (1 + 1/R)^(1/2),

t the quantile of Student's law with R - 1 degrees of freedom at a level of 0.1 % (a prediction interval). It is *spikier* than
chance if it also needs fewer peaks than every draw. In few dimensions random directions crowd together: with f = 3 a null needs
as few peaks as three communities do, so that structure alone can be told there, and not whether it is spiky. Without structure
beyond chance a page must not speak of communities.

Of 300 matrices of five models without communities (graphs of 90 nodes and mean degree 24, logs of 300 contexts and 75 items; 60
of each) none has structure by this rule. With three communities all of 20 logs and 10 Bernoulli graphs have structure, 8 of 10
Poisson graphs, and 6 of 10 graphs whose weights vary.

Neither parallel analysis nor peaks would be enough: five draws cannot show less than one matrix in six, and three draws of
parallel analysis not less than one in four. The largest eigenvalue of noise is nearly normal, with a longer upper tail (Tracy and
Widom 1996), which makes the level 0.1 to 0.4 %. Five draws make t large (7). That costs little where a matrix is large, since its
noise varies by 1 %; of small matrices more draws are made.

The null of vectors of one's own has their spectrum, so that no eigenvalue can tell them from it. They must need fewer peaks than
a further draw by the same interval, on the logarithm of the number of peaks. The variance of a number that is rounded, 1/12, is
added to that of the draws, which of a few peaks may be none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

import theory
from simulate.random_directions import RowMoments, rows_of_moments

LEVEL = 0.001
MORE = 20  # draws of the second eigenvalue alone
SMALL = 50_000  # stored numbers of a matrix of which they are made
FEW_NUMBERS = 1_000_000  # of vectors of which they are made: their peaks are found in a moment


def more_seconds(
    found: theory.Analysed, null: Callable[[np.random.Generator], Any], rng: np.random.Generator
) -> list[float]:
    """Return |lambda_2| of further draws of the null, of a small matrix; of a large one none.

    `null` draws the null as it is embedded (`nulls.null_to_embed`).
    """
    if found.matrix.nnz > SMALL:
        return []
    known, of = found.embedding.eigenvalues, found.embedding.operator
    return [
        theory.parallel_analysis(found.matrix, 1, rng, null=null, replicates=1, known=known, operator=of)[1]
        for _ in range(MORE)
    ]


def more_peaks(vectors: NDArray[np.float64], rng: np.random.Generator) -> list[int]:
    """Return the peaks of further draws of the null of vectors, if these are small; of large ones none."""
    if vectors.size > FEW_NUMBERS:
        return []
    moments = RowMoments.of(vectors)
    return [int(theory.spikiness(rows_of_moments(moments, rng)).n_peaks) for _ in range(MORE)]


def structure_beyond_chance(
    real: dict[str, Any], nulls: Sequence[dict[str, Any]], passing: int | None, more: Sequence[float] = ()
) -> bool:
    """Return whether the dimensions of a matrix are told from those of its nulls, however many peaks it needs.

    Of vectors, whose nulls have the same dimensions, it is `beyond_chance`.

    Parameters
    ----------
    real, nulls
        what `statistics.measure` says of the matrix and of each draw of its null; without draws, `passing` alone decides.
    passing
        how many dimensions pass parallel analysis; None of vectors, of which none can.
    more
        |lambda_2| of further draws; of vectors the peaks of further draws.

    Examples
    --------
    >>> nulls = [{"peaks_at_rank": 3, "spectrum": [9, 4 + k / 100]} for k in range(3)]
    >>> structure_beyond_chance({"peaks_at_rank": 3, "spectrum": [9, 7]}, nulls, 2)
    True
    """
    if passing is None:
        return beyond_chance(real, nulls, None, more)
    if passing <= 1:
        return False
    return not nulls or _second(real) > highest_by_chance([*map(_second, nulls), *more])


def beyond_chance(
    real: dict[str, Any], nulls: Sequence[dict[str, Any]], passing: int | None, more: Sequence[float] = ()
) -> bool:
    """Return whether a matrix is spikier than its nulls: structure beyond chance, and fewer peaks than every draw has.

    Vectors are if they need fewer peaks than a further draw would.

    Parameters are those of `structure_beyond_chance`.

    Examples
    --------
    >>> nulls = [{"peaks_at_rank": k, "spectrum": [9, 4 + k / 100]} for k in (50, 51, 52)]
    >>> beyond_chance({"peaks_at_rank": 9, "spectrum": [9, 7]}, nulls, 2)
    True
    >>> beyond_chance({"peaks_at_rank": 9, "spectrum": [9, 4.6]}, nulls, 2)
    False
    """
    if passing is None:
        peaks = [*(one["peaks_at_rank"] for one in nulls), *more]
        return bool(nulls) and real["peaks_at_rank"] < fewest_by_chance(peaks)
    fewer = all(real["peaks_at_rank"] < one["peaks_at_rank"] for one in nulls)
    return fewer and structure_beyond_chance(real, nulls, passing, more)


def highest_by_chance(seconds: Sequence[float]) -> float:
    """Return the upper end of the prediction interval for |lambda_2| of a further draw; of one draw, its own value.

    >>> round(highest_by_chance([4.0, 4.1, 4.2, 4.1, 4.0]), 2)
    4.74
    """
    seen = np.asarray(seconds, dtype=np.float64)
    if len(seen) < 2:
        return float(seen.max())
    quantile = float(scipy.stats.t.isf(LEVEL, len(seen) - 1))
    return float(seen.mean() + quantile * seen.std(ddof=1) * np.sqrt(1 + 1 / len(seen)))


def fewest_by_chance(peaks: Sequence[float]) -> float:
    """Return the lower end of the prediction interval for the peaks of a further draw; of one draw, its own number.

    >>> round(fewest_by_chance([100, 102, 99, 101, 98]), 1)
    88.1
    """
    seen = np.asarray(peaks, dtype=np.float64)
    if len(seen) < 2:
        return float(seen.min())
    mean = float(np.log(seen).mean())
    spread = np.sqrt(np.log(seen).var(ddof=1) + np.exp(-2 * mean) / 12)
    return float(np.exp(mean - scipy.stats.t.isf(LEVEL, len(seen) - 1) * spread * np.sqrt(1 + 1 / len(seen))))


def _second(one: dict[str, Any]) -> float:
    """|lambda_2|, 0 where there is none."""
    return abs(one["spectrum"][1]) if len(one["spectrum"]) > 1 else 0.0
