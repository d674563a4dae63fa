"""How many peaks are needed, or are they more than so many? Spk where its exact value is too dear to be worth it.

Which rows are peaks is decided among rows of larger norm alone: the first k peaks need only the products of the rows of
largest norm with each other, about k^2 / 2 of them. How many rows these peaks cover is counted on s rows drawn at random. If B
of the s are covered, and P(Bin(s, rho) <= B) is at most `ERROR`, then k peaks hold less than the share rho of all rows, and
Spk needs more: the answer is a bound. In every other case the search goes through all rows, as in `theory.spikiness`, and is
exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from simulate.validation import require_generator, require_integer, require_number
from theory.analysis.cones import Directions, Rows
from theory.analysis.peak_search import CHUNK, PeakSearch
from theory.analysis.peaks_of_file import IN_MEMORY, search_peaks
from theory.analysis.short_products import shorten
from theory.analysis.spikes import Spikes, spikes_of_search

ERROR = 1e-6  # probability that a bound is wrong
SAMPLE = 8192  # rows on which coverage is counted
SMALL = 4096  # rows, up to which the exact search is as fast


@dataclass(frozen=True, eq=False)
class PeakCount:
    """The number of peaks that a matrix needs, or a lower bound of it.

    `n_peaks`, exact where `at_least` is False, else at most the number of peaks, with an error probability of 1e-6; `n_rows`,
    rows of non-zero norm; `spikes`, those of the exact search, None for a bound.
    """

    n_peaks: int
    n_rows: int
    at_least: bool
    spikes: Spikes | None

    @property
    def value(self) -> float:
        """Spk, or its lower bound where `at_least`."""
        return self.n_peaks / self.n_rows

    def __str__(self) -> str:
        return f"{'at least ' * self.at_least}{self.n_peaks:,}"


def count_peaks(
    vectors: ArrayLike,
    most: int,
    rng: np.random.Generator,
    *,
    cosine: float = 0.9,
    coverage: float = 0.5,
    in_memory: int = IN_MEMORY,
) -> PeakCount:
    """Return the number of peaks that hold a share of the rows, exactly if they are at most `most`, else that they are more.

    Parameters
    ----------
    vectors, cosine, coverage, in_memory : as in `spikiness`.
    most : peaks after which the search ends, at least 1.
    rng : draws the rows on which coverage is counted; it can change whether a bound is found, never an exact number.

    Returns
    -------
    PeakCount. The bound is `most`. The search is exact, and longer, where the peaks needed come within a few per cent of the
    rows of what `most` peaks hold. Time is of order f (k^2 / 2 + 8192 k) for a bound k, and that of `spikiness` otherwise.

    Raises
    ------
    ValueError
        for a `most` below 1, or what `spikiness` refuses.

    Examples
    --------
    >>> rows = np.random.default_rng(0).standard_normal((20_000, 32))
    >>> found = count_peaks(rows, 500, np.random.default_rng(1))
    >>> str(found), found.spikes is None
    ('at least 500', True)
    >>> str(count_peaks(np.repeat(np.eye(4), 100, axis=0), 500, np.random.default_rng(1)))
    '3'
    """
    require_number(cosine, "cosine", above=0, below=1)
    require_number(coverage, "coverage", above=0, most=1)
    most = require_integer(most, "most", least=1)
    require_integer(in_memory, "in_memory", least=0)
    require_generator(rng)
    directions = Directions.of(vectors)
    n = directions.order.size
    if n > SMALL and most < coverage * n and _more_are_needed(directions, most, rng, cosine, coverage):
        return PeakCount(most, n, True, None)
    search = PeakSearch.of(directions, cosine)
    if search_peaks(search, coverage, most, in_memory=in_memory):
        return PeakCount(len(search.peaks), n, False, spikes_of_search(search))
    return PeakCount(most, n, True, None)


def _more_are_needed(
    directions: Directions, most: int, rng: np.random.Generator, cosine: float, coverage: float
) -> bool:
    """Whether the first `most` peaks surely cover too few rows; False also where the sample does not decide."""
    n = directions.order.size
    sampled = np.sort(rng.choice(n, min(SAMPLE, n), replace=False))
    shorten(directions, sampled, np.arange(min(2 * most, n)), cosine)
    search = PeakSearch.of(directions, cosine)
    known: list[tuple[Rows, int]] = []  # the peaks found, by tiles
    sample = directions.rows(sampled)
    for start in range(0, n, CHUNK):
        chunk = directions.rows(np.arange(start, min(start + CHUNK, n)))
        for earlier, offset in known:
            search.cover(chunk, earlier, offset)
        fresh = search.peaks_of(chunk, most)
        for peaks, offset in fresh:
            search.cover(sample, peaks, offset)
        known += fresh
        covered = int((search.membership[sampled] >= 0).sum())
        if _surely(covered, sampled.size, coverage, more=True):
            return False
        if len(search.peaks) >= most:
            return _surely(covered, sampled.size, coverage, more=False)
    return False


def _surely(covered: int, size: int, share: float, *, more: bool) -> bool:
    """Whether so many of the sample mean that more, or less, than the share of all rows is covered, up to `ERROR`.

    Drawing without replacement varies less than the binomial law, whose tails are incomplete beta functions.
    """
    if more:  # P(Bin(size, share) >= covered)
        tail = special.betainc(covered, size - covered + 1, share) if covered else 1.0
    else:  # P(Bin(size, share) <= covered)
        tail = special.betainc(size - covered, covered + 1, 1 - share) if covered < size else 1.0
    return bool(tail <= ERROR)
