"""Is a matrix spiky? One sentence from its peaks at each rank beside those of draws of its null.

At a rank with m peaks in the mean of R draws the matrix is spiky if it has fewer than

    m - 4 (m/3 (1 + 1/R))^(1/2)

peaks: fewer than a further draw would have. The number of peaks of random data varies less than a count of independent events
does: in 336 draws of random vectors and graphs of one block its variance was at most a third of its mean. Few draws therefore
do, and one is enough where chance needs many peaks. The sentence names the rank at which the matrix needs the least part of what
chance needs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from experiments.real.peaks_beside_nulls import Beside
from simulate.plain_text import part_in_words

DEVIATIONS = 4  # standard deviations below the mean of the draws: 3e-5 of nearly normal numbers, at each rank
DISPERSION = 1 / 3  # of the number of peaks of a draw: its variance over its mean, at most


def spiky_in_words(beside: Mapping[int, Beside]) -> str:
    """Return the sentence, without the name of the matrix and without a full stop.

    Examples
    --------
    >>> import theory
    >>> real, null = (theory.PeakCount(k, 3000, False, None) for k in (30, 240))
    >>> spiky_in_words({16: Beside(real, (null, null))})
    'spiky: at f = 16 it needs an eighth of the peaks that chance needs (0.12 times; spiky at f = 16)'
    >>> spiky_in_words({16: Beside(null, (null, null))})
    'no spikier than chance'
    """
    known = {rank: one for rank, one in beside.items() if not one.real.at_least}
    if not known:
        least = min(one.real.value for one in beside.values())
        return f"no spikes: more than {least:.0%} of the rows are peaks, at every f"
    if not any(one.nulls for one in known.values()):
        return "not compared with chance, since no draws of the null were asked for (--null)"
    spiky = {rank: _part(one) for rank, one in known.items() if is_spiky(one)}
    if spiky:
        rank = min(spiky, key=lambda rank: spiky[rank])
        most = "at most " * known[rank].some_at_least
        return (
            f"spiky: at f = {rank} it needs {most}{part_in_words(spiky[rank])} of the peaks that chance needs "
            f"({spiky[rank]:.2g} times; spiky at f = {', '.join(map(str, spiky))})"
        )
    fewer = [
        rank for rank, one in known.items() if one.nulls and _peaks(one) < min(x.n_peaks for x in one.nulls)
    ]
    if not fewer:
        return "no spikier than chance"
    draws = len(known[fewer[-1]].nulls)
    every = "the one draw" if draws == 1 else f"each of the {draws} draws"
    return (
        f"not shown to be spiky: at f = {fewer[-1]} it needs fewer peaks than {every} of chance, "
        "but not by more than chance varies"
    )


def is_spiky(one: Beside) -> bool:
    """Return whether a matrix needs fewer peaks than a further draw of its null would."""
    if one.real.at_least or not one.nulls:
        return False
    mean = _mean(one)
    varies = math.sqrt(DISPERSION * mean * (1 + 1 / len(one.nulls)))
    return bool(_peaks(one) < mean - DEVIATIONS * varies)


def _peaks(one: Beside) -> int:
    return int(one.real.n_peaks)


def _mean(one: Beside) -> float:
    return sum(draw.n_peaks for draw in one.nulls) / len(one.nulls)


def _part(one: Beside) -> float:
    return _peaks(one) / _mean(one)
