"""What does it take to find the peaks of n rows in f dimensions? Time follows the pairs of a peak and a row not yet covered.

    pairs <= p n,   time = (a + b f) pairs + c n,   memory = 4 n f + 40 n,

with p peaks: few where rows lie in spikes, half of the rows where they do not. How many there are is seen on rows drawn from the
data where these can be had for nothing (`pilot`); else a number that is usual is assumed, and said. A search of more than 10,000
rows ends with a bound after n / 10 peaks (`theory.count_peaks`), and one of the null after ten times the peaks of the matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.estimates.plan import Step
from experiments.real.peaks_beside_nulls import ALWAYS_EXACT, SPIKELESS, TIMES
from theory import spikiness
from theory.analysis.peak_count import SAMPLE

# measured on noisy rays of 10^5 to 10^6 rows, f from 8 to 128
SECONDS_OF_A_PAIR, SECONDS_OF_A_PRODUCT = 0.7e-9, 0.031e-9  # of a pair, and of one of its f products
SECONDS_OF_A_ROW = 400e-9  # measured, ordered, normalised
BYTES_OF_A_ROW = 40  # norm, order, membership
OPEN = 0.75  # of the rows, on average while half of them are covered
USUAL_PEAKS = 1000  # where nothing is known of the rows
USUAL = "peaks as rows in spikes have them"
PILOT = (2000, 4000, 8000)  # rows on which peaks are counted beforehand
Peaks = Callable[[int, int], float]  # of rows n and dimensions f


def memory_of_search(n: float, f: int) -> float:
    """Return the bytes that a search takes beyond the rows that it is given."""
    return 4 * n * f + BYTES_OF_A_ROW * n


def seconds_of_search(n: float, f: int, peaks: float, *, exact: bool = False) -> float:
    """Return the processor time until half of the rows are covered, or the search ends with a bound.

    >>> bool(seconds_of_search(1e6, 64, 1000) < seconds_of_search(1e6, 64, 1e5) < seconds_of_search(1e6, 64, 5e5, exact=True))
    True
    """
    if n > ALWAYS_EXACT and peaks > SPIKELESS * n and not exact:
        return _seconds_to_a_bound(n, f, SPIKELESS * n)
    return _seconds_of_pairs(n, f, OPEN * peaks * n)


def seconds_of_null(n: float, f: int, peaks: float, *, exact: bool = False) -> float:
    """Return the processor time of a search of the null of a matrix that needs so many peaks: chance needs many more.

    >>> seconds_of_null(1e6, 64, 1000) < seconds_of_search(1e6, 64, 1000)
    True
    """
    tenth = SPIKELESS * n
    # where the search of the matrix ends with a bound, that of the null ends at the same one
    most = tenth if peaks > tenth else min(TIMES * peaks, max(tenth, 2 * peaks))
    if exact or n <= ALWAYS_EXACT or most >= n / 2:
        return _seconds_of_pairs(n, f, OPEN * n / 2 * n)
    return _seconds_to_a_bound(n, f, most)


def _seconds_of_pairs(n: float, f: int, pairs: float) -> float:
    return (SECONDS_OF_A_PAIR + SECONDS_OF_A_PRODUCT * f) * pairs + SECONDS_OF_A_ROW * n


def _seconds_to_a_bound(n: float, f: int, most: float) -> float:
    """The rows of largest norm among each other, until there are `most` peaks, and these with a sample."""
    return _seconds_of_pairs(n, f, most**2 / 2 + SAMPLE * most)


def usual_peaks(n: int, f: int) -> float:
    """Return how many peaks rows in spikes usually need: 1,000, or a tenth of few rows."""
    return min(USUAL_PEAKS, n / 10)


def pilot(rows: Callable[[NDArray[np.int64]], NDArray[np.float64]], n: int, cosine: float) -> Peaks:
    """Return how many peaks n rows will need in f dimensions, from the peaks of 2,000, 4,000 and 8,000 of them.

    If doubling the rows multiplies the peaks by 2^a and then by 2^b, the next doublings are taken to multiply them by 2^(b r),
    2^(b r^2), ..., with r = b / a: rows without spikes have a = b = 1, and the peaks of rows in spikes come to an end.

    Parameters
    ----------
    rows : returns the rows at these places, on their axes.
    """
    places = np.random.default_rng(0).permutation(n)[: PILOT[-1]]
    some = rows(np.sort(places))
    some = some[np.random.default_rng(1).permutation(len(some))]

    def peaks(n: int, f: int) -> float:
        first, second, third = (
            max(1, spikiness(np.ascontiguousarray(some[:size, :f]), cosine=cosine).n_peaks)
            if some[:size, :f].any()
            else 1
            for size in PILOT
        )
        if len(some) < PILOT[-1]:
            return float(third)
        return min(n / 2, extrapolated(first, second, third, math.log2(n / PILOT[-1])))

    return peaks


def extrapolated(first: float, second: float, third: float, doublings: float) -> float:
    """Return the next number of a sequence whose growth changes by the same factor at each doubling, at most to grow no faster.

    Examples
    --------
    >>> round(extrapolated(100, 200, 400, 3)), round(extrapolated(100, 200, 200, 3)), round(extrapolated(100, 160, 200, 30))
    (3200, 200, 245)
    """
    one, other = math.log2(max(second / first, 1.0)), math.log2(max(third / second, 1.0))
    if other == 0:
        return float(third)
    ratio = min(1.0, other / one) if one else 1.0
    more = doublings if ratio == 1 else ratio * (1 - ratio**doublings) / (1 - ratio)
    return float(third * 2 ** (other * more))


def searching(
    n: int, ranks: Sequence[int], held: float, peaks: Peaks, about: str, *, exact: bool = False
) -> Step:
    """Return the step of finding the peaks at each rank; `held` bytes are held besides, `about` says whence the peaks are."""
    found = [peaks(n, f) for f in ranks]
    bound = SECONDS_OF_A_PAIR + SECONDS_OF_A_PRODUCT * max(ranks)
    slowest = bound * n**2 * (0.5 if exact or n <= ALWAYS_EXACT else SPIKELESS)
    return Step(
        "find the peaks",
        held + memory_of_search(n, max(ranks)),
        sum(seconds_of_search(n, f, p, exact=exact) for f, p in zip(ranks, found)),
        "search",
        f"{n:,} rows, f = {', '.join(map(str, ranks))}; {about}: about {found[-1]:,.0f} at f = {max(ranks)} "
        f"(at most {slowest:,.0f} s there)",
    )
