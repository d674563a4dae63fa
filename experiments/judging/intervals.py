"""Means and shares over replicates with 95 % intervals, simultaneous over all that are compared (Bonferroni).

Means have Student's interval; shares, of outcomes that are yes or no, the exact one of Clopper and Pearson (Biometrika 26,
1934), which has a width where every replicate agrees. A criterion of a rule has such an interval beside its threshold; a
measurement has it alone: a number that a claim shows beside its verdict, without a vote. Differences are taken within a
replicate before they come here, so that they are paired.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import scipy

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mean:
    """A mean or share over `replicates` and its interval.

    `error` is the standard error of a mean: infinite for one replicate, 0 where only rounding varies; nan for a share, which the
    exact binomial test decides.
    """

    value: float
    error: float
    low: float
    high: float
    replicates: int


@dataclass(frozen=True)
class Measurement:
    """What was measured, in words, its mean, and its unit as in `experiments.judging.estimand`."""

    name: str
    mean: Mean
    unit: str = ""


def mean_of(values: pd.Series, compared: int = 1) -> Mean:
    """Return the mean of one value a replicate, with an interval that holds for `compared` means at once.

    >>> mean_of(pd.Series([1.0, 2.0, 3.0])).high.__round__(3)
    4.484
    """
    replicates = len(values)
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(replicates) if replicates > 1 else math.inf
    if error <= 1e-12 * max(abs(mean), 1.0):  # a spread at the level of rounding is no sampling error
        error = 0.0
    half = 0.0
    if error > 0:
        half = error * float(scipy.stats.t.isf((1 - CONFIDENCE) / (2 * compared), max(replicates - 1, 1)))
    return Mean(mean, error, mean - half, mean + half, replicates)


def share_of(outcomes: pd.Series, compared: int = 1) -> Mean:
    """Return the share of ones among outcomes 0 and 1, with an exact interval that holds for `compared` shares at once.

    Raises
    ------
    ValueError
        if an outcome is neither 0 nor 1.

    Examples
    --------
    >>> round(float(share_of(pd.Series([1.0] * 16)).low), 3)
    0.794
    """
    if not outcomes.isin([0.0, 1.0]).all():
        raise ValueError(f"outcomes must be 0 or 1 to have a share; got {outcomes.tolist()}")
    n, ones = len(outcomes), int(outcomes.sum())
    test = scipy.stats.binomtest(ones, n)
    interval = test.proportion_ci(1 - (1 - CONFIDENCE) / compared, method="exact")
    return Mean(ones / n, math.nan, interval.low, interval.high, n)


def measure_all(table: pd.DataFrame) -> tuple[Measurement, ...]:
    """Return a measurement for each column of `table` (one row a replicate), intervals simultaneous over the columns.

    A column is headed by an `Estimand`, or by words where a plain number needs no unit. Missing values (nan) are left out;
    a column without values is no measurement.

    >>> [m.name for m in measure_all(pd.DataFrame({"a": [1.0, 2.0], "b": [None, None]}))]
    ['a']
    """
    columns = {name: values.dropna().astype(float) for name, values in table.items()}
    kept = {name: values for name, values in columns.items() if len(values)}
    return tuple(
        Measurement(getattr(name, "words", str(name)), mean_of(values, len(kept)), getattr(name, "unit", ""))
        for name, values in kept.items()
    )
