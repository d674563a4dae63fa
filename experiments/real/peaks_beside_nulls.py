"""How many peaks does a matrix need, and how many would chance? Exact numbers where they matter, and bounds elsewhere.

Of a matrix of more than `ALWAYS_EXACT` rows a search ends

- for the matrix itself, once a tenth of the rows are peaks and hold too few rows (Spk is above 10 %: no spikes);
- for a null, once it has ten times the peaks of the matrix, or a tenth of the rows and twice the peaks of the matrix, and they
  hold too few rows (chance needs at least so many times as many).

A bound is wrong with a probability of at most 1e-6 (`theory.count_peaks`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

import theory
from experiments.real.predictive_p_value import predictive_p_value
from experiments.real.twin_p_value import least_p_value
from theory.analysis.peaks_of_file import IN_MEMORY

ALWAYS_EXACT = 10_000  # rows whose search takes a moment
SPIKELESS = 0.1  # share of the rows that are peaks, from which on a matrix has no spikes
TIMES = 10  # a null that needs so many times the peaks of the matrix is far from it


@dataclass(frozen=True)
class Counting:
    """How peaks are counted: the thresholds of Spk, whether every search goes on to the end, and the bytes that it may hold."""

    cosine: float = 0.9
    coverage: float = 0.5
    exact: bool = False
    in_memory: int = IN_MEMORY

    def of_matrix(self, vectors: ArrayLike, rng: np.random.Generator) -> theory.PeakCount:
        """Count the peaks of a matrix."""
        n = np.shape(vectors)[0]
        return self._count(vectors, max(1, math.ceil(SPIKELESS * n)), rng)

    def of_null(
        self, vectors: ArrayLike, real: theory.PeakCount, rng: np.random.Generator
    ) -> theory.PeakCount:
        """Count the peaks of a draw of the null of a matrix that needs `real` peaks."""
        tenth = math.ceil(SPIKELESS * np.shape(vectors)[0])
        if real.at_least:
            return self._count(vectors, max(1, tenth), rng)
        return self._count(vectors, min(TIMES * real.n_peaks, max(tenth, 2 * real.n_peaks)), rng)

    def _count(self, vectors: ArrayLike, most: int, rng: np.random.Generator) -> theory.PeakCount:
        n = np.shape(vectors)[0]
        limit = n if self.exact or n <= ALWAYS_EXACT else most
        thresholds = {"cosine": self.cosine, "coverage": self.coverage}
        return theory.count_peaks(vectors, limit, rng, **thresholds, in_memory=self.in_memory)


@dataclass(frozen=True)
class Beside:
    """The peaks of a matrix beside those of draws of its null; `predicted`, the mean of the null by theory, where it has one."""

    real: theory.PeakCount
    nulls: tuple[theory.PeakCount, ...] = ()
    predicted: float | None = None

    @property
    def null_mean(self) -> float:
        """Mean Spk of the draws, a lower bound where any of them is one; NaN without draws."""
        return float(np.mean([one.value for one in self.nulls])) if self.nulls else math.nan

    @property
    def null_low(self) -> float:
        """Least Spk of the draws, a lower bound where all of them are; NaN without draws."""
        return min((one.value for one in self.nulls), default=math.nan)

    @property
    def null_high(self) -> float:
        """Largest Spk of the draws, a lower bound where any of them is one; NaN without draws."""
        return max((one.value for one in self.nulls), default=math.nan)

    @property
    def some_at_least(self) -> bool:
        """Whether a draw gave a bound only."""
        return any(one.at_least for one in self.nulls)

    @property
    def all_at_least(self) -> bool:
        """Whether every draw gave a bound only."""
        return bool(self.nulls) and all(one.at_least for one in self.nulls)

    @property
    def p_value(self) -> float | None:
        """Two-sided p-value of the number of peaks among those of the draws; None without draws or for a bound of the matrix."""
        if self.real.at_least:
            return None
        return predictive_p_value(
            self.real.n_peaks,
            [one.n_peaks for one in self.nulls],
            at_least=[one.at_least for one in self.nulls],
        )


def conclusion(beside: Beside, coverage: float, rank: int) -> str:
    """Say in a sentence or two whether the matrix is spiky at a rank f, and how many times as many peaks chance needs.

    Examples
    --------
    >>> real = theory.PeakCount(30, 20_000, False, None)
    >>> print(conclusion(Beside(real, (theory.PeakCount(300, 20_000, True, None),)), 0.5, 8))
    At f = 8 the null needs at least 10 times as many peaks (one draw can give no p-value below 1).
    """
    real, nulls = beside.real, beside.nulls
    if real.at_least:
        said = (
            f"At f = {rank} Spk is above {real.value:.0%}: no spikes. That many of the rows are peaks, and their spikes hold "
            f"less than {coverage:.0%} of the rows (error probability 1e-6)."
        )
        if not nulls:
            return said
        fewer = [one for one in nulls if not one.at_least]
        if not fewer:
            return f"{said} The same holds for the null."
        return f"{said} {_draws(len(fewer), len(nulls))} of the null needed fewer peaks."
    if not nulls:
        return ""
    ratios = [one.n_peaks / real.n_peaks for one in nulls]
    low, high = f"{min(ratios):.3g}", f"{max(ratios):.3g}"
    if beside.all_at_least:
        times = f"at least {low} times as many peaks"
    elif low == high == "1":
        times = "as many peaks"
    else:
        times = f"{low if low == high else f'{low} to {high}'}{' or more' * beside.some_at_least} times as many peaks"
    return f"At f = {rank} the null needs {times} ({_chance(beside.p_value, len(nulls))})."


def _chance(p: float | None, draws: int) -> str:
    """The p-value and the least that so many draws can give."""
    if draws == 1:
        return "one draw can give no p-value below 1"
    least = least_p_value(draws)
    if least > 0.05:
        return f"{_draws(draws)} are too few for a p-value; --null 39 gives one"
    floor = "which cannot give less" if p == least else f"which can give {least:.2g} at least"
    return f"p = {p:.2g} among {_draws(draws)}, {floor}"


def _draws(count: int, of: int | None = None) -> str:
    return f"{count} draw{'s' * (count != 1)}" if of is None else f"{count} of {of} draws"
